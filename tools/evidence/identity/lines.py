"""The lines of a document that speak about the document: covers, running heads, titles."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tools.pdf.page import PageRecord

_COVER_PAGES = 3
_HEAD_LINES = 3
_HEAD_SHARE = 0.15
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class HeadLines:
    """Lines of the first pages and lines that come back at the edge of page after page.

    `running` maps such a line (as it first stands) to the number of pages that carry it.
    """

    cover: tuple[str, ...]
    running: dict[str, int]


def page_lines(page: PageRecord) -> list[str]:
    """The page's lines in reading order without empty ones."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in page.text.splitlines())
    return [line for line in lines if line]


def head_lines(pages: Sequence[PageRecord]) -> HeadLines:
    """Collect cover lines and running heads; numbers may change from page to page."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for page in pages:
        lines, rows = page_lines(page), [row.text for row in page.rows]
        edge = {
            *lines[:_HEAD_LINES],
            *lines[-_HEAD_LINES:],
            *rows[:2],
            *rows[-2:],
        }
        for folded in {_fold(line): line for line in edge if len(line) <= _LONGEST}.items():
            counts[folded[0]] += 1
            first.setdefault(*folded)
    least = max(3, round(_HEAD_SHARE * len(pages)))
    running = {
        first[line]: count
        for line, count in counts.most_common()
        if count >= least and re.search(r"[^\W\d]{2}", line)
    }
    cover: list[str] = []
    for page in [p for p in pages if p.text.strip()][:_COVER_PAGES]:
        lines = page_lines(page)
        sparse = len(page.text) < 600
        cover += [line for line in (lines if sparse else lines[:6]) if len(line) <= _LONGEST]
        if sparse:
            cover.append(" ".join(lines)[: 2 * _LONGEST])
    return HeadLines(tuple(cover), running)


def _fold(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def plain_text(pages: Sequence[PageRecord], limit: int | None = None) -> str:
    """The text of the first `limit` pages (all by default), one line break a line."""
    chosen = pages if limit is None else pages[:limit]
    return "\n".join("\n".join(page_lines(page)) for page in chosen)
