"""Where a quote stands on a page: exact after normalisation, or near with the same numbers.

A PDF's text differs from what a reader (or a model) types back in spaces, line breaks, hyphens,
quotation marks and ligatures, never in its words and numbers. So both sides are reduced to the
same plain form and compared there; an index map leads back to the characters of the page.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from tools.pdf.page import PageRecord

_INVISIBLE = "\u00ad\u0002\ufffe\uffff\u200b\u200c\u200d\u2060\ufeff"
_QUOTES = "'\"`´′″‘’‚‛“”„‟«»‹›"
_DASHES = "-‐‑‒–—―−﹣－"
_BULLETS = "•▪■●◦‣∙►▶◆○"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾"

_NEAR_SCORE = 90.0
"""Least rapidfuzz score of a near match; one changed digit in a sentence still scores 99, which
is why a near match is also compared word by word."""
_LEAST_NEAR = 24
"""Shorter quotes must stand exactly: in a short one a single letter can change the sense."""
_PART_GAP = 600
"""Most normalised characters between two parts of a quote that was shortened with an ellipsis."""
_LEAST_PART = 3
_SKIPPABLE = frozenset({"a", "an", "and", "the", "of", "our", "its", "that", "der", "die", "das"})
_ELLIPSIS = re.compile(r"\s*(?:\[\s*)?(?:\.{3,}|…|\. \. \.)(?:\s*\])?\s*")
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in plain form; `index_map[i]` is the source index of plain character `i`."""

    text: str
    index_map: "array[int]"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a quote stands.

    `start` and `end` are character offsets in the page's text where `source` is "text". Where it
    is "rows" they are offsets in `rows_text(page)` and `rows` holds the indexes of the visual
    rows, first and last included.
    """

    start: int
    end: int
    match: Literal["exact", "near", "parts"] = "exact"
    source: Literal["text", "rows"] = "text"
    rows: tuple[int, ...] = ()


def normalise(text: str) -> Normalised:
    """Reduce a text to its plain form: no case, accents, hyphens in words, marks or spaces.

    A space stays between two figures ("35 35" is not "3535"). A superscript digit after a digit
    is a footnote mark and goes; after a letter it belongs to the unit ("m³").
    """
    return _normalise(text)


@lru_cache(maxsize=2048)
def _normalise(text: str) -> Normalised:
    plain: list[str] = []
    origin = array("l")
    gap = -1
    for index, char in enumerate(text):
        if char in _RAISED and (char in "⁽⁾" or (plain and plain[-1].isdigit())):
            continue
        for piece in _fold(char):
            if piece == " ":
                gap = index if gap < 0 else gap
                continue
            if gap >= 0 and piece.isdigit() and _ends_figure(plain):
                plain.append(" ")
                origin.append(gap)
            gap = -1
            plain.append(piece)
            origin.append(index)
    return _without_word_hyphens(plain, origin)


def _ends_figure(plain: list[str]) -> bool:
    """Whether the text so far ends in a digit, or in a digit and a comma or point."""
    if not plain:
        return False
    return plain[-1].isdigit() or (plain[-1] in ",." and len(plain) > 1 and plain[-2].isdigit())


@lru_cache(maxsize=8192)
def _fold(char: str) -> str:
    if char.isspace():
        return " "
    if char in _INVISIBLE or char in _BULLETS or unicodedata.category(char) == "Co":
        return ""
    if char in _QUOTES:
        return "'"
    if char in _DASHES:
        return "-"
    folded = unicodedata.normalize("NFKD", char).casefold()
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return "".join(" " if c.isspace() else "-" if c in _DASHES else c for c in kept)


def _without_word_hyphens(plain: list[str], origin: "array[int]") -> Normalised:
    """A hyphen between two letters may be a line's end or the word's own: drop it either way."""
    last = len(plain) - 1
    kept = [
        i
        for i, char in enumerate(plain)
        if char != "-" or not (0 < i < last and plain[i - 1].isalpha() and plain[i + 1].isalpha())
    ]
    if len(kept) == len(plain):
        return Normalised("".join(plain), origin)
    return Normalised("".join(plain[i] for i in kept), array("l", (origin[i] for i in kept)))


def number_tokens(text: str) -> tuple[str, ...]:
    """The figures of a text as printed, in order ("1,234.5", "2030")."""
    return tuple(_NUMBER.findall(normalise(text).text))


def locate(quote: str, page_text: str) -> Span | None:
    """Find a quote in a text; None where it does not stand there word for word.

    Tried in turn: exact in plain form; the parts around an ellipsis, in order and close
    together; near, where only letters inside longer words or small words differ (a ligature
    lost, a typing slip) and every number is the same.
    """
    wanted, page = normalise(quote), normalise(page_text)
    if not any(c.isalnum() for c in wanted.text):
        return None
    found = _exact(quote, page_text)
    if found is not None:
        return found
    parts = [part for part in _ELLIPSIS.split(quote.strip()) if part]
    if parts and (len(parts) > 1 or parts[0] != quote.strip()):
        return _parts(parts, page_text)
    return _near(wanted.text, quote, page_text, page)


def stands_on(quote: str, page: PageRecord) -> Span | None:
    """Find a quote on a page, in its text or in its visual rows (quotes of table lines)."""
    found = _exact(quote, page.text)
    if found is not None:
        return found
    for text, starts in (_rows(page, marks=False), _rows(page, marks=True)):
        span = _exact(quote, text) or _row_parts(quote, text)
        if span is not None:
            return _row_span(span, starts)
    found = locate(quote, page.text)
    if found is not None:
        return found
    text, starts = _rows(page, marks=False)
    span = locate(quote, text)
    return _row_span(span, starts) if span is not None else None


def rows_text(page: PageRecord) -> str:
    """The visual rows of a page without footnote marks, one a line."""
    return _rows(page, marks=False)[0]


def _row_parts(quote: str, text: str) -> Span | None:
    parts = [part for part in _ELLIPSIS.split(quote.strip()) if part]
    return _parts(parts, text) if len(parts) > 1 else None


def _row_span(span: Span, starts: Sequence[int]) -> Span:
    first = bisect_right(starts, span.start) - 1
    last = bisect_right(starts, max(span.start, span.end - 1)) - 1
    return Span(span.start, span.end, span.match, "rows", tuple(range(first, last + 1)))


def _rows(page: PageRecord, *, marks: bool) -> tuple[str, tuple[int, ...]]:
    lines = [
        " ".join(word.text for word in row.words if marks or not word.mark) for row in page.rows
    ]
    starts, position = [], 0
    for line in lines:
        starts.append(position)
        position += len(line) + 1
    return "\n".join(lines), tuple(starts)


def _exact(quote: str, page_text: str) -> Span | None:
    wanted, page = normalise(quote).text, normalise(page_text)
    if not any(c.isalnum() for c in wanted):
        return None
    at = page.text.find(wanted)
    while at >= 0:
        if _whole_words(page, page_text, at, at + len(wanted)):
            return _span(page, at, at + len(wanted), "exact")
        at = page.text.find(wanted, at + 1)
    return None


def _span(page: Normalised, start: int, end: int, match: Literal["exact", "near", "parts"]) -> Span:
    return Span(page.index_map[start], page.index_map[end - 1] + 1, match)


def _whole_words(page: Normalised, source: str, start: int, end: int) -> bool:
    """A find must not begin or end inside a word or a figure of the page ("39,4" in "39,428")."""
    text = page.text
    if start > 0:
        before, first = text[start - 1], text[start]
        if first.isdigit() and (
            before.isdigit() or (before in ".," and start > 1 and text[start - 2].isdigit())
        ):
            return False
        glued = page.index_map[start - 1] + 1 == page.index_map[start]
        if glued and before.isalpha() and first.isalpha() and not _camel(source, page, start):
            return False
    if end < len(text):
        last, after = text[end - 1], text[end]
        if last.isdigit() and (
            after.isdigit() or (after in ".," and end + 1 < len(text) and text[end + 1].isdigit())
        ):
            return False
        glued = page.index_map[end - 1] + 1 == page.index_map[end]
        if glued and last.isalpha() and after.isalpha() and not _camel(source, page, end):
            return False
    return True


def _camel(source: str, page: Normalised, at: int) -> bool:
    """Words glued without a space ("EmissionsScope") part where a capital follows."""
    return source[page.index_map[at]].isupper() and source[page.index_map[at - 1]].islower()


def _parts(parts: Sequence[str], page_text: str) -> Span | None:
    page = normalise(page_text)
    wanted = [normalise(part).text for part in parts]
    if any(sum(c.isalnum() for c in part) < _LEAST_PART for part in wanted):
        return None
    at = page.text.find(wanted[0])
    while at >= 0:
        end = _follow(wanted, page, page_text, at)
        if end is not None:
            return _span(page, at, end, "parts" if len(parts) > 1 else "exact")
        at = page.text.find(wanted[0], at + 1)
    return None


def _follow(wanted: Sequence[str], page: Normalised, source: str, at: int) -> int | None:
    """The end of the last part when all parts follow the first at `at`, else None."""
    end = at + len(wanted[0])
    if not _whole_words(page, source, at, end):
        return None
    for part in wanted[1:]:
        at = page.text.find(part, end)
        while at >= 0 and not _whole_words(page, source, at, at + len(part)):
            at = page.text.find(part, at + 1)
        if at < 0 or at - end > _PART_GAP:
            return None
        end = at + len(part)
    return end


def _near(wanted: str, quote: str, page_text: str, page: Normalised) -> Span | None:
    if len(wanted) < _LEAST_NEAR or len(wanted) > len(page.text):
        return None
    aligned = fuzz.partial_ratio_alignment(wanted, page.text, score_cutoff=_NEAR_SCORE)
    if aligned is None or aligned.dest_end <= aligned.dest_start:
        return None
    start, end = page.index_map[aligned.dest_start], page.index_map[aligned.dest_end - 1] + 1
    while start > 0 and _inside_word(page_text, start):
        start -= 1
    while end < len(page_text) and _inside_word(page_text, end):
        end += 1
    if not _same_statement(quote, page_text[start:end]):
        return None
    return Span(start, end, "near")


def _inside_word(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if before.isspace() or after.isspace():
        return False
    return (before.isalnum() and (after.isalnum() or after in ".,")) or (
        before in ".,-" and after.isalnum()
    )


def _same_statement(quote: str, found: str) -> bool:
    """Whether two texts differ only in small words and in letters inside longer words."""
    ours, theirs = _plain_words(quote), _plain_words(found)
    if [w for w in ours if _has_digit(w)] != [w for w in theirs if _has_digit(w)]:
        return False
    slips = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if tag == "replace" and i2 - i1 == j2 - j1:
            if not all(_slip(a, b) for a, b in zip(ours[i1:i2], theirs[j1:j2], strict=True)):
                return False
        elif "".join(ours[i1:i2]) == "".join(theirs[j1:j2]):
            continue
        elif not all(word in _SKIPPABLE for word in (*ours[i1:i2], *theirs[j1:j2])):
            return False
        slips += 1
    return slips <= 1 + len(ours) // 8


def _plain_words(text: str) -> list[str]:
    joined = re.sub(r"(?<=[^\W\d])[-‐‑\u00ad\u0002\ufffe]\s*(?=[^\W\d])", "", text)
    return [normalise(word).text for word in _WORD.findall(joined)]


def _has_digit(word: str) -> bool:
    return any(c.isdigit() for c in word)


def _slip(a: str, b: str) -> bool:
    """Two spellings of one word: long enough, begun alike, a letter or two apart."""
    return (
        min(len(a), len(b)) >= 5
        and a[:2] == b[:2]
        and not _has_digit(a + b)
        and Levenshtein.normalized_similarity(a, b) >= 0.8
    )
