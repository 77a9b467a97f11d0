"""What the page index wants of a page beside its text: headings, labels of figures, its kind."""

import re
from collections import Counter
from typing import Any

from tools.pdf.page import PageRecord, Row

_LARGER = 1.18
"""How much larger than the running text a heading is set at least."""
_LONGEST_HEADING = 14
_LONGEST_LABEL = 14
_NUMBER = re.compile(r"[<>~≈(\[+–−-]*\d[\d.,]*%?[)\]]*")
_YEAR = re.compile(r"(?:FY)?(?:19|20)\d\d")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_CODE = re.compile(r"(?:GRI\s?)?\d{3}-\d{1,2}|ESRS|[ESG]\d-\d|[A-Z]{2}-[A-Z]{2}-\d{3}[a-z]?")
_QUANTITY = re.compile(r".*(?:\d[.,]\d|\d%)")
_MANY_CODES = 10
_CONTENTS = re.compile(r"\bcontents?\b", re.IGNORECASE)
_ENTRY = re.compile(r"(?:[^\W\d_].*\s\d{1,3}|\d{1,3}\s+[^\W\d_].*)")
_MANY_ENTRIES = 6


class Digester:
    """Digests the pages of one document in order; learns the size of its running text."""

    def __init__(self) -> None:
        self._heights: Counter[float] = Counter()

    def digest(self, page: PageRecord) -> dict[str, Any]:
        """Headings, table labels, share of numbers among the words, and whether it is a listing."""
        words = [word for row in page.rows for word in row.words if not word.mark]
        for word in words:
            self._heights[round(word.height * 2) / 2] += len(word.text)
        common = self._heights.most_common(1)
        running = common[0][0] if common else 0.0
        numbers = sum(_is_figure(word.text) for word in words)
        return {
            "headings": [row.text for row in page.rows if _is_heading(row, running)],
            "labels": _labels(page.rows),
            "numbers": round(numbers / max(30, len(words)), 3),
            "listing": _is_listing(page),
        }


def _is_figure(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and _YEAR.fullmatch(text) is None


def _is_heading(row: Row, running: float) -> bool:
    return (
        len(row.words) <= _LONGEST_HEADING
        and max(word.height for word in row.words) >= _LARGER * running
        and _LETTERS.search(row.text) is not None
    )


def _labels(rows: tuple[Row, ...]) -> list[str]:
    """What the figures of a page are figures of: the words beside them and in the row above."""
    labels, above = [], ""
    for row in rows:
        texts = [word.text for word in row.words if not word.mark]
        figures = sum(_is_figure(text) for text in texts)
        words = [text for text in texts if _LETTERS.search(text)]
        short = len(words) <= _LONGEST_LABEL if figures > 1 else len(words) < 10
        if figures and short and (words or figures > 1):
            labels.append(" ".join([above, *words]).strip())
            above = ""
        else:
            above = " ".join(words) if not figures and len(words) < 10 else ""
    return [label for label in labels if label]


def _is_listing(page: PageRecord) -> bool:
    """Whether the page is a table of contents or a framework's content index."""
    words = [word.text for row in page.rows for word in row.words]
    codes = sum(_CODE.fullmatch(word) is not None for word in words)
    if codes >= _MANY_CODES:
        return codes > sum(
            _QUANTITY.match(word) is not None for word in words if not _CODE.fullmatch(word)
        )
    entries = sum(
        _ENTRY.fullmatch(row.text) is not None for row in page.rows if len(row.words) < 15
    )
    return entries >= _MANY_ENTRIES and _CONTENTS.search(page.text[:600]) is not None
