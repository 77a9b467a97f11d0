"""The rows of a content index: disclosure, title, and whether it is given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.evidence.coverage_data import Framework, wording
from tools.evidence.coverage_pages import ContentIndex
from tools.pdf.page import PageRecord, Word

Status = Literal["disclosed", "partial", "omitted", "not_found"]

_PLACE = re.compile(r"\b\d{1,3}\b|\b(?:report|website|https?|www|page|chapter|see|refer)\b", re.I)
_TITLE_END = re.compile(
    r"\s(?:P\.\s?|pages?\s|p\.\s)?\d{1,3}(?:[\s,–-]+\d{1,3})*(?:\s|$)|\s[–—-](?:\s|$)"
)
_NUMBERED = re.compile(r"\s*(?:P\.\s?|pages?\s|p\.\s)?\d{1,3}\b")
_MOST_LINES = 8


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
    code: str
    x0: float
    x1: float
    lines: list[str]


def page_entries(page: PageRecord, index: ContentIndex) -> list[Entry]:
    """The disclosures listed on one page of an index."""
    framework = next(f for f in wording().frameworks if f.name == index.framework)
    return [_entry(block, framework.name) for block in _blocks(page, framework)]


def _blocks(page: PageRecord, framework: Framework) -> list[_Block]:
    """The rows of each disclosure: from its code to the next one in the same column."""
    found: list[_Block] = []
    open_blocks: list[_Block] = []
    for row in page.rows:
        words = [word for word in row.words if not word.mark]
        starts = _starts(words, framework)
        for block in open_blocks:
            rest = (
                [w for w in words[: starts[0][0]] if block.x0 - 2 <= w.x0 < block.x1]
                if starts
                else [w for w in words if block.x0 - 2 <= w.x0 < block.x1]
            )
            if rest and len(block.lines) < _MOST_LINES:
                block.lines.append(" ".join(w.text for w in rest))
        for position, (at, code) in enumerate(starts):
            end = starts[position + 1][0] if position + 1 < len(starts) else len(words)
            x1 = words[end].x0 - 2 if end < len(words) else page.width
            block = _Block(code, words[at].x0, x1, [" ".join(w.text for w in words[at:end])])
            open_blocks = [b for b in open_blocks if not (b.x0 < x1 and block.x0 < b.x1)]
            open_blocks.append(block)
            found.append(block)
    return found


def _starts(words: Sequence[Word], framework: Framework) -> list[tuple[int, str]]:
    """Where a code begins in a row: index of its first word, and the code."""
    if not words:
        return []
    text, offsets = "", []
    for word in words:
        offsets.append(len(text))
        text += word.text + " "
    found: dict[int, str] = {}
    for pattern in (framework.code, framework.bare):
        if pattern is None:
            continue
        for match in pattern.finditer(text):
            if match.start() in offsets and not any(
                abs(offsets[at] - match.start()) < 12 for at in found
            ):
                found[offsets.index(match.start())] = " ".join(match.group().split())
    for name, phrase in framework.phrases.items():
        hit = phrase.search(text)
        if hit and not found:
            begin = max(i for i, offset in enumerate(offsets) if offset <= hit.start())
            found[begin] = name
    return sorted(found.items())


def _entry(block: _Block, framework: str) -> Entry:
    quote = block.lines[0]
    text = " ".join(block.lines)
    rest = text[len(block.code) :].lstrip(" :–-") if text.startswith(block.code) else text
    cut = _TITLE_END.search(rest)
    title = rest[: cut.start()].strip() if cut else rest
    tail = rest[cut.start() :] if cut else rest
    status, reason = _status(rest, tail)
    code = re.sub(
        r"^(?:GRI(?:\s+standards?)?|ESRS(?=\s+[A-Z2])|TCFD|IFRS)\s*", "", block.code
    ).strip()
    return Entry(code.replace("–", "-") or title[:80], title[:160], status, reason, quote)


def _status(row: str, tail: str) -> tuple[Status, str]:
    words = wording()
    if words.partial.search(row):
        return "partial", ""
    for reason, pattern in words.omitted.items():
        if pattern.search(tail):
            return ("partial" if _NUMBERED.match(tail) else "omitted"), reason
    if _PLACE.search(tail) or words.full.search(tail) or len(tail.strip(" –—-")) > 3:
        return "disclosed", ""
    return "not_found", ""
