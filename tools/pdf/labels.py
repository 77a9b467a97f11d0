"""The page number as printed, found by its steady distance to the PDF page number."""

import re
from collections import Counter
from collections.abc import Iterable

from tools.pdf.page import Row

_MARGIN = 0.12
"""Share of the page's height at top and bottom where page numbers are looked for."""
_NUMBER = re.compile(r"\d{1,4}")
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE)
_FEW = 3
"""Votes from which on a distance must have been seen before."""
_LEAST = 0.25
"""Share of the votes of the commonest distance that another must have to count."""
_FIRST_OFFSETS = 12
"""How many unnumbered leaves may come before page 1 while nothing else is known."""


class LabelFinder:
    """Finds printed page numbers of one document, page by page in order.

    A number in the top or bottom margin counts when its distance to the PDF page is the one
    most pages before had; on double pages the number grows by two.
    """

    def __init__(self) -> None:
        self._votes: Counter[tuple[str, int]] = Counter()

    def find(self, number: int, rows: Iterable[Row], height: float) -> str:
        """The label of page `number`, "" where none is printed."""
        edge = _MARGIN * height
        margins = [row for row in rows if row.bottom < edge or row.top > height - edge]
        values = {
            int(word.text): word.text
            for row in margins
            for word in row.words
            if _NUMBER.fullmatch(word.text)
        }
        keys = {key: values[value] for value in values for key in _keys(number, value)}
        best = max(keys, key=lambda key: (self._votes[key], -abs(key[1])), default=None)
        label = ""
        most = max(self._votes.values(), default=0)
        if best is not None and (
            self._votes[best] > _LEAST * most or (most < _FEW and _plausible(best))
        ):
            label = keys[best]
        self._votes.update(list(keys))
        return label or _roman(margins)


def _keys(number: int, value: int) -> tuple[tuple[str, int], ...]:
    return ("single", value - number), ("double", value - 2 * number)


def _plausible(key: tuple[str, int]) -> bool:
    kind, offset = key
    return kind == "single" and -_FIRST_OFFSETS <= offset <= 2


def _roman(margins: list[Row]) -> str:
    for row in margins:
        text = row.text.strip()
        if _ROMAN.fullmatch(text) and len(row.words) == 1 and len(text) < 6:
            return text
    return ""
