"""The rows of a content index: disclosure, title, and whether it is given."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from tools.evidence.coverage_data import Framework, wording
from tools.evidence.coverage_pages import ContentIndex, has_reference_column
from tools.pdf.page import PageRecord, Word
from tools.pdf.tables_tokens import kind_of

Status = Literal["disclosed", "partial", "omitted", "not_found"]

_PLACE = re.compile(
    r"\b\d{1,3}\b|\b(?:report|website|https?|www|page|chapter|see|refer)\b", re.IGNORECASE
)
_TITLE_END = re.compile(
    r"(?:^|(?<!scope)(?<!scopes)\s)(?:P\.\s?|pages?\s|p\.\s)?\d{1,3}(?:[\s,/~–-]+\d{1,3})*(?=[\s,]|$)"
    r"|\s[–—-](?:\s|$)|(?:^|\s)(?:P\.\s?\d|pages?\b|n\.a\.)",
    re.IGNORECASE,
)
"""Where the title stops: at a page, a dash or the word page; "Scope 1" is no page."""
_NUMBERED = re.compile(r"\s*(?:P\.\s?|pages?\s|p\.\s)?\d{1,3}\b", re.IGNORECASE)
_LEFT_OUT = re.compile(r"[\s\d,–-]*(?:omitted|not reported|nicht berichtet)", re.IGNORECASE)
_NAME = re.compile(r"^(?:GRI(?:\s+standards?)?|ESRS(?=\s+[A-Z2])|TCFD|IFRS)\s*", re.IGNORECASE)
_MOST_LINES = 8
_APART = 12
"""Characters between the beginnings of two codes in one line."""
_WORD_SAID = 3
_LONGEST_TITLE, _LONGEST_NAME = 160, 80


@dataclass(frozen=True, slots=True)
class Entry:
    """One disclosure of an index; `quote` is its first row as it stands on the page."""

    disclosure: str
    title: str
    status: Status
    reason: str
    quote: str


@dataclass(slots=True)
class _Block:
    """A code with the lines beside and below it, between `x0` and `x1`."""

    code: str
    x0: float
    x1: float
    lines: list[str]

    def take(self, words: Sequence[Word]) -> None:
        """Add what a further row has in this column."""
        line = " ".join(word.text for word in words if self.x0 <= word.x0 < self.x1)
        if line and len(self.lines) < _MOST_LINES:
            self.lines.append(line)

    def beside(self, other: "_Block") -> bool:
        """Whether the two share a column, so that the later one ends this one."""
        return self.x0 < other.x1 and other.x0 < self.x1


def page_entries(page: PageRecord, index: ContentIndex) -> list[Entry]:
    """The disclosures listed on one page of an index."""
    framework = next(f for f in wording().frameworks if f.name == index.framework)
    if has_reference_column(page, framework.name):
        return list(_referred(page, framework))
    return [_entry(block) for block in _blocks(page, framework)]


def _referred(page: PageRecord, framework: Framework) -> Iterator[Entry]:
    """The disclosures that rows of figures name behind their values; the label is the title."""
    for row in page.rows:
        words = [word for word in row.words if not word.mark]
        kinds = [_kind(words, place) for place in range(len(words))]
        first = kinds.index("number") if "number" in kinds else 0
        title = " ".join(word.text for word in words[:first]).rstrip(" –—-")
        for at, code in _starts(words, framework):
            if title and at > first:
                name = _NAME.sub("", code).strip().replace("–", "-")
                yield Entry(name, title[:_LONGEST_TITLE], "disclosed", "", row.text)


def _kind(words: Sequence[Word], place: int) -> str:
    """What a word is; the digit of "Scope 1" is no number."""
    scope = place and words[place - 1].text.casefold().endswith("scope")
    return "text" if scope else kind_of(words[place].text)


def _blocks(page: PageRecord, framework: Framework) -> list[_Block]:
    """The rows of each disclosure: from its code to the next one in the same column."""
    found: list[_Block] = []
    growing: list[_Block] = []
    for row in page.rows:
        words = [word for word in row.words if not word.mark]
        starts = _starts(words, framework)
        ahead = words[: starts[0][0]] if starts else words
        for block in growing:
            block.take(ahead)
        for (at, code), (end, _) in pairwise([*starts, (len(words), "")]):
            right = words[end].x0 - 2 if end < len(words) else page.width
            line = " ".join(word.text for word in words[at:end])
            block = _Block(code, words[at].x0 - 2, right, [line])
            growing = [other for other in growing if not other.beside(block)] + [block]
            found.append(block)
    return found


def _starts(words: Sequence[Word], framework: Framework) -> list[tuple[int, str]]:
    """Where a code begins in a row: index of its first word, and the code."""
    text, offsets = "", []
    for word in words:
        offsets.append(len(text))
        text += word.text + " "
    found: dict[int, str] = {}
    for pattern in (framework.code, framework.bare):
        for match in pattern.finditer(text) if pattern else ():
            at = match.start()
            if at in offsets and all(abs(offsets[other] - at) >= _APART for other in found):
                found[offsets.index(at)] = " ".join(match.group().split())
    for name, phrase in framework.phrases.items():
        hit = phrase.search(text)
        if hit and not found:
            found[max(i for i, offset in enumerate(offsets) if offset <= hit.start())] = name
    return sorted(found.items())


def _entry(block: _Block) -> Entry:
    text = " ".join(block.lines)
    rest = text[len(block.code) :].lstrip(" :–-") if text.startswith(block.code) else text
    cut = _TITLE_END.search(rest)
    title = rest[: cut.start()].strip() if cut else rest
    status, reason = _status(rest, rest[cut.start() :] if cut else rest)
    code = _NAME.sub("", block.code).strip().replace("–", "-") or title[:_LONGEST_NAME]
    return Entry(code, title[:_LONGEST_TITLE], status, reason, block.lines[0])


def _status(row: str, tail: str) -> tuple[Status, str]:
    """`tail` is what the row says after the title."""
    words = wording()
    if words.partial.search(row):
        return "partial", ""
    for reason, pattern in words.omitted.items():
        if pattern.search(tail):
            given = _NUMBERED.match(tail) and not _LEFT_OUT.match(tail)
            return ("partial" if given else "omitted"), reason
    told = len(tail.strip(" –—-")) > _WORD_SAID
    if told or _PLACE.search(tail) or words.full.search(tail):
        return "disclosed", ""
    return "not_found", ""
