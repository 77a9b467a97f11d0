"""Words of a page from the boxes of its characters.

A word is broken where the glyph box changes size or baseline, so that a footnote mark never
glues to the figure it hangs on ("2,517³" is 2,517 and a mark, not 25173). Subscripts of
chemical formulas and powers of units stay in their word ("CO₂e" is CO2e, "m³" is m3).
"""

import re
from dataclasses import dataclass

from tools.pdf.glyphs import Box, Glyphs

HYPHENS = "\x02\ufffe"
"""What pdfium writes for a hyphen at a line's end."""
_JOINTS = ".,:-/'‐‑–’" + HYPHENS
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TOKEN = re.compile(
    "[^\x00\x01\x03-\x20\x7f\u00a0\u00ad\u200b\u2000-\u200a\u2028\u2029\u202f\uffff]+"
)
_PLAIN = re.compile(r"[(„“\"'‘]?[^\W\d_]+(?:[-'’/][^\W\d_]+)*[.,;:!?)“”\"’']*")
_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?", re.ASCII)
_PRINTED_MARK = re.compile(
    f"(?P<word>.*[^{SUPERSCRIPTS}⁽⁾,])(?P<mark>[{SUPERSCRIPTS}⁽⁾,]*[{SUPERSCRIPTS}⁾])(?P<rest>[.,;:)]*)"
)
_MARK = re.compile(
    r"[\[(]?(?:\d{1,2}|[a-zA-Z]|[ivx]{2,3}|[*†‡§#]+)(?:[,;/) ]+(?:\d{1,2}|[a-z]))*[\])]?,?"
)
_LENGTH = re.compile(r"(?:^|[^\w])[kcdmhN]?m$")
SMALL = 0.82
"""A piece lower than this share of its neighbour's height is a super- or subscript."""
_LOWERED = 0.02
"""Least shift of the baseline, as a share of the height, that makes a subscript."""
_DESCENT = 0.21
"""Where the baseline runs above the bottom of a character's box, as a share of its height."""


@dataclass(slots=True)
class Piece:
    """A word on its way into a row. `start` and `end` are its range in the page's characters.

    `host` is the index of the word it was printed against and stays in line with, else -1.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    height: float
    start: int
    end: int
    mark: bool = False
    host: int = -1
    formula: bool = False

    @property
    def baseline(self) -> float:
        return self.bottom - _DESCENT * self.height


def page_words(
    glyphs: Glyphs, most: int = 20_000, sideways: list[Piece] | None = None
) -> list[Piece]:
    """The first `most` words in content-stream order, without text across the main direction.

    Words across it are added to `sideways`, with `height` still the size of their type. A page
    of print has a thousand words; more than `most` are no page a reader could use.
    """
    words: list[Piece] = []
    for match in _TOKEN.finditer(glyphs.text):
        if len(words) >= most:
            break
        start, end = match.span()
        piece = _plain_word(glyphs, match[0], start, end)
        if piece is not None:
            words.append(piece)
        elif glyphs.upright(start):
            for run in _runs(glyphs, start, end):
                _add_run(words, run)
        elif sideways is not None and len(sideways) < most:
            sideways.append(_sideways_word(glyphs, match[0], start, end))
    return words


def _sideways_word(glyphs: Glyphs, token: str, start: int, end: int) -> Piece:
    first, last = glyphs.box(start), glyphs.box(end - 1)
    x0, top = min(first[0], last[0]), min(first[1], last[1])
    x1, bottom = max(first[2], last[2]), max(first[3], last[3])
    return Piece(token, x0, top, x1, bottom, min(x1 - x0, bottom - top), start, end)


def is_small(piece: Piece, beside: Piece) -> bool:
    """Whether `piece` is set in the size of a mark against the word beside it."""
    return piece.height < SMALL * beside.height


def is_mark(text: str) -> bool:
    """Whether a small word can be a footnote mark: "3", "a)", "1,2", "*"; not "%" or "kWh"."""
    return _MARK.fullmatch(text) is not None


def _plain_word(glyphs: Glyphs, token: str, start: int, end: int) -> Piece | None:
    """A word whose ends share size and baseline, where looking inside would find no more.

    That holds for letters, and for figures that begin and end with a digit and are no wider
    than their digits need; on two thirds of all words it saves the look at every character.
    """
    letters = _PLAIN.fullmatch(token) is not None
    if not letters and not _FIGURE.fullmatch(token):
        return None
    if not token.isascii() and _has_superscript(token):
        return None
    x0, top, x1, bottom = glyphs.box(start)
    height = bottom - top
    if end - start > 1:
        last_left, last_top, last_right, last_bottom = glyphs.box(end - 1)
        slack = 0.02 * height
        if last_left <= x0 or abs(last_bottom - bottom) > slack or abs(last_top - top) > slack:
            return None
        if not letters and last_right - x0 > (end - start) * (x1 - x0) + 0.2 * height:
            return None
        x1 = last_right
    elif not glyphs.upright(start):
        return None
    return Piece(token, x0, top, x1, bottom, height, start, end)


def _has_superscript(token: str) -> bool:
    return any(character in SUPERSCRIPTS for character in token)


def _runs(glyphs: Glyphs, start: int, end: int) -> list[list[Piece]]:
    """Runs of pieces: a gap starts a new run, a change of size or baseline a new piece."""
    runs: list[list[Piece]] = [[]]
    piece: Piece | None = None
    last: Box = (0.0, 0.0, 0.0, 0.0)
    for index in range(start, end):
        box = glyphs.box(index)
        x0, top, x1, bottom = box
        size = bottom - top
        character = glyphs.text[index]
        hyphen = character in HYPHENS
        # Points and dashes often come from another font; they must not break a figure in two.
        joint = character in _JOINTS
        if piece is not None:
            larger = max(size, piece.height)
            em = larger if joint else size
            if x0 - last[2] > 0.3 * em or x0 < last[0] - 0.5 * em:
                piece = None
                runs.append([])
            elif not joint and (
                abs(size - piece.height) > 0.18 * larger or abs(bottom - last[3]) > 0.25 * larger
            ):
                piece = None
        if piece is None:
            piece = Piece("", x0, top, x1, bottom, size, index, index)
            runs[-1].append(piece)
        piece.text += "-" if hyphen else character
        piece.end = index + 1
        piece.x0, piece.x1 = min(piece.x0, x0), max(piece.x1, x1)
        if joint:
            last = (x0, last[1], x1, piece.bottom)
        else:
            piece.top, piece.bottom = min(piece.top, top), max(piece.bottom, bottom)
            last = box
        if hyphen:
            piece = None
            runs.append([])
    return runs


def _add_run(words: list[Piece], run: list[Piece]) -> None:
    """Join formulas, and hang what is small on the word it was printed against."""
    joined: list[Piece] = []
    for piece in run:
        before = joined[-1] if joined else None
        if before is not None and (_is_index(before, piece) or _goes_on(before, piece)):
            before.text += piece.text
            before.x1, before.end, before.formula = max(before.x1, piece.x1), piece.end, True
        else:
            joined.append(piece)
    first = len(words)
    words.extend(joined)
    for position, piece in enumerate(joined):
        for neighbour in (position - 1, position + 1):
            if 0 <= neighbour < len(joined) and is_small(piece, joined[neighbour]):
                piece.host = first + neighbour
                piece.mark = is_mark(piece.text)
                break
        if not piece.mark:
            _split_printed_mark(words, first + position)


def _is_index(word: Piece, piece: Piece) -> bool:
    """Whether a small digit belongs to the letters before it: CO₂, N₂O, m³."""
    if not (piece.text.isdigit() and word.text[-1].isalpha() and is_small(piece, word)):
        return False
    if len(piece.text) == 1 and piece.baseline > word.baseline + _LOWERED * word.height:
        return True
    return (piece.text == "2" and word.text.endswith("CO")) or (
        piece.text in {"2", "3"} and _LENGTH.search(word.text) is not None
    )


def _goes_on(word: Piece, piece: Piece) -> bool:
    """Whether letters go on after an index: the e of CO₂e. Figures never join a word."""
    return (
        word.formula
        and not piece.text[0].isdigit()
        and not is_small(piece, word)
        and abs(piece.baseline - word.baseline) < 0.1 * word.height
    )


def _split_printed_mark(words: list[Piece], position: int) -> None:
    """Take a superscript character off a word ("2,517³"), but not off a unit ("m³")."""
    piece = words[position]
    found = _PRINTED_MARK.fullmatch(piece.text) if _has_superscript(piece.text) else None
    if found is None or _LENGTH.search(found["word"]):
        return
    piece.text = found["word"] + found["rest"]
    piece.end = piece.start + len(found["word"])
    width = (piece.x1 - piece.x0) * len(found["mark"]) / len(found[0])
    mark = Piece(
        found["mark"],
        piece.x1 - width,
        piece.top,
        piece.x1,
        piece.bottom,
        piece.height,
        piece.end,
        piece.end + len(found["mark"]),
        mark=True,
        host=position,
    )
    words.append(mark)
