"""Sentences and list items of a page: stretches of text that may state a target."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.evidence.sentence_lines import Line, fills_column, page_lines
from tools.pdf.page import PageRecord

_STOP = re.compile(r"(?<=[\w)%’”'\"*])[.!?](?:[\"”’)]|\d{1,2}|[¹²³⁴-⁹])*\s+(?=[A-ZÄÖÜ“„\"(\d])")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|approx|incl|excl|resp|vs|nos?|fig|tab|sec|art|p|pp|cf|ca|mr|mrs|dr|prof|st|inc|ltd|co|"
    r"corp|u\.s|u\.k|bzw|z\.b|d\.h|[A-Z])\.$",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"(?:[,;–/&(-]|\b(?:a|an|and|as|at|by|for|from|in|into|is|its|of|on|or|our|per|the|their|to|was|were|"
    r"which|with|are|has|have|that|this|these|will|be|than|compared|und|der|die|das|von|mit|für|im|in|zu))$",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.!?:;][\"”’»)\]]?\s*\d{0,2}$")
_CONTEXT = 420
_ITEM = re.compile(
    r"(?:Scope|(?:Near|Short|Medium|Mid|Long)[- ]term\s*[(\[]|Reduc|Increas|Achiev|Decreas|Net[- ][Zz]ero|Implement|Switch|Convert|Eliminat|[<>≥]?\s?\d{1,3}\s?%)"
)
"""A line that begins so begins an item of a list, whatever the width of the line before."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or list item. `text` is one line; `start` and `end` are offsets in the page's
    text; `before` is what stands ahead of it there (headings, the sentence before)."""

    page: int
    text: str
    start: int
    end: int
    before: str
    bullet: bool = False


def page_statements(page: PageRecord) -> list[Statement]:
    """All statements of a page in reading order."""
    found: list[Statement] = []
    for block in _blocks(page_lines(page)):
        for start, end in _sentences(page.text, block[0].start, block[-1].end):
            text = " ".join(page.text[start:end].split())
            if not text:
                continue
            before = " ".join(page.text[max(0, start - _CONTEXT) : start].split())
            found.append(Statement(page.number, text, start, end, before, block[0].bullet))
    return found


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for index, line in enumerate(lines):
        if blocks and _continues(lines, index):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _continues(lines: Sequence[Line], index: int) -> bool:
    before, line = lines[index - 1], lines[index]
    if line.bullet or (line.tabular and not _OPEN_END.search(before.text)):
        return False
    if line.text[0].islower() and _OPEN_END.search(before.text):
        return True
    if before.height and line.height and abs(before.height - line.height) > 0.12 * before.height:
        return False
    step = line.top - before.top
    if before.height and line.height and step > 2.2 * before.height:
        return False
    if _ITEM.match(line.text) and not _OPEN_END.search(before.text):
        return False
    if line.text[0].islower() or line.text[0] == "(" or _OPEN_END.search(before.text):
        return True
    if _TERMINAL.search(before.text):
        return not before.text.endswith(":") and fills_column(lines, index - 1)
    return fills_column(lines, index - 1) and not before.tabular


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts, left = [], start
    for match in _STOP.finditer(text, start, end):
        if _ABBREVIATION.search(text[max(left, match.start() - 10) : match.start() + 1]):
            continue
        cuts.append((left, match.start() + len(match.group().rstrip())))
        left = match.end()
    cuts.append((left, end))
    return [(a, b) for a, b in cuts if b > a]
