"""Sentences, list items and table cells of a page that may state a target.

The content-stream order of a page keeps the lines of a cell or a box together, so lines are
joined by their wording and length alone; no geometry is needed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.evidence.targets.data import wording
from tools.pdf.page import PageRecord

_STOP = re.compile(r"(?<=[\w)%’”'\"*\]])[.!?](?:[\"”’)]|\d{1,2}|[¹²³⁴-⁹])*\s+(?=[A-ZÄÖÜ“„\"(\d])")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|approx|incl|excl|resp|vs|nos?|fig|tab|sec|art|p|pp|cf|ca|mr|mrs|dr|prof|st|"
    r"inc|ltd|co|corp|u\.s|u\.k|bzw|z\.b|d\.h|[A-Z])\.$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?:[•▪■●◆♦‧·∙◦→>*]|[–—-](?=\s))\s*(?=\D|\d)")
_OPEN_END = re.compile(
    r"(?:[,;–/&(-]|\b(?:a|an|and|as|at|by|for|from|in|into|is|its|of|on|or|our|per|the|their|to|"
    r"was|were|which|with|are|has|have|that|this|these|will|be|than|compared|least|und|der|die|"
    r"das|von|mit|für|im|zu|bis|um))$",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.!?:;][\"”’»)\]]?\s*\d{0,2}$")
_ITEM_END = re.compile(r"[(\[](?:before |by |until )?20\d\d[)\]]\s*:?$")
_VALUE_END = re.compile(r"(?:\d ?%|\d|\bn/a)$")
_ITEM_START = re.compile(r"[\d>≥<]|[A-ZÄÖÜ]")
_ITEM_LEAD = re.compile(r"(?:Scopes? \d|(?:Near|Short|Medium|Mid|Long)[- ]term)", re.IGNORECASE)
_NOTE = re.compile(r"\d{1,2}\)\s")
_DEGREES = re.compile(r"°\s?[CF]\.$")
_FIGURES = re.compile(r"^[^A-Za-z]*$")
_FULL = 0.72
"""A line of this share of its neighbours' length is full: the text goes on in the next."""
_WHOLE = 0.9
"""The same for a line before one that begins like an item of a list."""
_LABEL = 24
_NEAR = 3
_CONTEXT = 420
_SHORTEST, _LONGEST = 18, 900


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or list item.

    `printed` is it on one line, `text` the same in small letters for matching; `start` and `end`
    are its offsets in the page's text; `before` is what stands ahead of it there, like `text`.
    """

    page: int
    printed: str
    text: str
    start: int
    end: int
    before: str
    sentence: bool


def page_statements(page: PageRecord) -> Iterator[Statement]:
    """The statements of a page that hold a cue, in reading order."""
    if not wording().cues.search(page.text.lower()):
        return
    for start, end in _blocks(page.text):
        for left, right in _sentences(page.text, start, end):
            raw = page.text[left:right]
            if not _SHORTEST <= len(raw) <= _LONGEST or _NOTE.match(raw):
                continue
            printed = " ".join(raw.split())
            text = _folded(printed)
            if not wording().cues.search(text):
                continue
            before = _folded(" ".join(page.text[max(0, left - _CONTEXT) : left].split()))
            sentence = printed.endswith((".", "!"))
            yield Statement(page.number, printed, text, left, right, before, sentence)


def _folded(text: str) -> str:
    return text.lower().replace("co₂", "co2")


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of paragraphs, list items and cells."""
    lines = list(_lines(text))
    begin = 0
    for index in range(1, len(lines) + 1):
        if index < len(lines) and _continues(lines, index):
            continue
        yield lines[begin][1], lines[index - 1][2]
        begin = index


def _lines(text: str) -> Iterator[tuple[str, int, int, bool]]:
    offset = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = offset + len(raw) - len(raw.lstrip())
            bullet = _BULLET.match(stripped)
            yield stripped, start, start + len(stripped), bool(bullet)
        offset += len(raw) + 1


def _continues(lines: Sequence[tuple[str, int, int, bool]], index: int) -> bool:
    """Whether the line at `index` goes on with what the line before it says."""
    before, line = lines[index - 1][0], lines[index][0]
    if lines[index][3] or _FIGURES.match(before):
        return False
    if line[0].islower() or _OPEN_END.search(before):
        return True
    return not _begins_item(before, line) and _fills(lines, index)


def _begins_item(before: str, line: str) -> bool:
    """The line before closes an item, or this one opens the next."""
    if _FIGURES.match(line) or _ITEM_LEAD.match(line) or before.endswith((":", ";")):
        return True
    return bool(_ITEM_END.search(before) or (_VALUE_END.search(before) and _ITEM_START.match(line)))


def _fills(lines: Sequence[tuple[str, int, int, bool]], index: int) -> bool:
    """Whether the line before is as long as its neighbours, so that its text goes on."""
    before, line = lines[index - 1][0], lines[index][0]
    above = max(len(other[0]) for other in lines[max(0, index - 1 - _NEAR) : index])
    below = max(len(other[0]) for other in lines[index : index + _NEAR])
    full = len(before) >= _FULL * min(above, max(below, len(before))) and len(before) > _LABEL
    if full and wording().list_verbs.match(line.lower()) and not _TERMINAL.search(before):
        return len(before) >= _WHOLE * above
    if line[0] in "([" and not full:
        return not _TERMINAL.search(before)
    return full


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    left = start
    bullet = _BULLET.match(text, start, end)
    if bullet:
        left = bullet.end()
    for match in _STOP.finditer(text, left, end):
        ending = text[max(left, match.start() - 10) : match.start() + 1]
        if _ABBREVIATION.search(ending) and not _DEGREES.search(ending):
            continue
        yield left, match.start() + len(match.group().rstrip())
        left = match.end()
    if left < end:
        yield left, end
