"""Where on a page a quote stands: character indexes, found without regard to how it is set.

Case, width, white space, hyphens and dashes, quotation marks and line breaks do not count; the
letters and figures do, all of them and in their order.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

from tools.pdf.glyphs import Glyphs
from tools.pdf.rows import visual_lines
from tools.pdf.words import Piece, page_words

_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u0002\ufffe", None),
        **dict.fromkeys("\u200b\u200c\u200d\ufeff\u0000\uffff", None),
    }
)
_ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*")
_NUMBER = re.compile(r"\d+")
_FIGURE = re.compile(r"\d[.,]?\d")
_ALIKE = 90.0
"""Least likeness (0 to 100) of a quote whose words differ a little; its figures must not."""
_SHORTEST = 12
"""Characters a part of a quote has at least to be looked for on its own."""


def normal(text: str) -> str:
    """The text as it is compared."""
    return "".join(_normal(character) for character in text)


def find_quote(glyphs: Glyphs, quote: str) -> list[int]:
    """Indexes of the page's characters that make up the quote, in order; empty where absent.

    Looked for in reading order, then line by line across the page (a table row), there also
    without footnote marks, then in parts at an ellipsis, last with small differences.
    """
    wanted = normal(quote)
    if not wanted:
        return []
    words = page_words(glyphs)
    lines = visual_lines(words)
    marks = {i for word in words if word.mark for i in range(word.start, word.end)}
    in_order = range(len(glyphs.text))
    streams = [
        _Stream(glyphs.text, in_order),
        _Stream(glyphs.text, [i for i in in_order if i not in marks]),
        _Stream(glyphs.text, _across(lines, marks=True)),
        _Stream(glyphs.text, _across(lines, marks=False)),
    ]
    for stream in streams:
        if found := stream.find(wanted):
            return found
    parts = [normal(part) for part in _ELLIPSIS.split(quote)]
    parts = [part for part in parts if len(part) >= _SHORTEST]
    for stream in streams if len(parts) > 1 else ():
        places = [stream.find(part) for part in parts]
        if all(places):
            return [index for place in places for index in place]
    return streams[0].find_alike(wanted)


class _Stream:
    """Characters of a page in one order, normalised, with the way back to their indexes."""

    def __init__(self, text: str, order: Iterable[int]) -> None:
        letters: list[str] = []
        self._indexes: list[int] = []
        for index in order:
            same = _normal(text[index])
            letters.append(same)
            self._indexes += [index] * len(same)
        self._text = "".join(letters)

    def find(self, wanted: str) -> list[int]:
        start = self._text.find(wanted)
        # A figure must not be found inside a longer one: "234" is not on a page with "1234".
        while start >= 0 and self._cuts_figure(start, start + len(wanted)):
            start = self._text.find(wanted, start + 1)
        return self._range(start, start + len(wanted)) if start >= 0 else []

    def find_alike(self, wanted: str) -> list[int]:
        """The passage most alike, where it is alike enough and has the same figures."""
        if len(wanted) < 2 * _SHORTEST:
            return []
        best = fuzz.partial_ratio_alignment(wanted, self._text, score_cutoff=_ALIKE)
        if best is None:
            return []
        passage = self._text[best.dest_start : best.dest_end]
        if sorted(_NUMBER.findall(passage)) != sorted(_NUMBER.findall(wanted)):
            return []
        return self._range(best.dest_start, best.dest_end)

    def _cuts_figure(self, start: int, end: int) -> bool:
        return self._joined(start - 1, start) or self._joined(end - 1, end)

    def _joined(self, left: int, right: int) -> bool:
        """Whether two neighbours are within one figure of the page."""
        text, indexes = self._text, self._indexes
        if left < 0 or right >= len(text) or indexes[right] - indexes[left] > 1:
            return False
        inside = (_FIGURE.match(text, max(0, right - 2)), _FIGURE.match(text, left))
        return any(found is not None and found.start() < right < found.end() for found in inside)

    def _range(self, start: int, end: int) -> list[int]:
        return sorted(set(self._indexes[start:end]))


def _across(lines: list[list[Piece]], *, marks: bool) -> list[int]:
    """Character indexes row by row, each row from left to right."""
    return [
        index
        for line in lines
        for word in line
        if marks or not word.mark
        for index in range(word.start, word.end)
    ]


def _normal(character: str) -> str:
    if character.isspace():
        return ""
    return unicodedata.normalize("NFKC", character).casefold().translate(_SAME).strip()
