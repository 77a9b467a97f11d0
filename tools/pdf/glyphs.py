"""Characters of a pdfium page with their boxes, turned so that most of the text reads upright."""

import ctypes
import math
import struct
from collections import Counter
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium_c

from tools.pdf.fastcall import address, loose_char_box

_SAMPLES = 24
_SLANT = 30
"""Degrees by which a line may be off and still be upright; slanted type counts as turned a bit."""

Box = tuple[float, float, float, float]
"""Four edges in points: of a word x0, top, x1, bottom from the top left of the turned page."""


class Glyphs:
    """All characters of one page: `text[i]` is the character with pdfium's index `i`.

    `turn` are the degrees (counter-clockwise, 0 to 270) most of the text is written at;
    `width` and `height` are those of the page when it is turned back by them. `box(i)` is the
    box of a character with ascent and descent, as high as its line; `turned` takes any other
    left, top, right, bottom of pdfium's to such a box.
    """

    def __init__(self, page: Any, textpage: Any) -> None:
        self._textpage = textpage
        self.text = _characters(textpage)
        self.turn = self._main_turn()
        left, bottom, right, top = page.get_bbox()
        self.width, self.height = right - left, top - bottom
        if self.turn in {90, 270}:
            self.width, self.height = self.height, self.width
        self.turned = _turn_function(self.turn, (left, bottom, right, top))
        self.box = _box_function(textpage, self.turned)

    def turn_of(self, index: int) -> int:
        """Degrees the character is written at, counter-clockwise, 0 to 359."""
        angle = pdfium_c.FPDFText_GetCharAngle(self._textpage.raw, index)
        # pdfium measures clockwise; -1 stands for an error.
        return -round(math.degrees(angle)) % 360 if angle > 0 else 0

    def upright(self, index: int) -> bool:
        """Whether the character is written in the page's main direction."""
        off = (self.turn_of(index) - self.turn) % 360
        return min(off, 360 - off) <= _SLANT

    def unmapped(self, index: int) -> bool:
        """Whether the font gives no character for this glyph."""
        return bool(pdfium_c.FPDFText_HasUnicodeMapError(self._textpage.raw, index) == 1)

    def _main_turn(self) -> int:
        step = max(1, len(self.text) // _SAMPLES)
        letters = [i for i in range(0, len(self.text), step) if self.text[i].isalnum()]
        turns = Counter(self.turn_of(index) for index in letters)
        if not turns:
            return 0
        turn, often = turns.most_common(1)[0]
        return turn if turn in {90, 180, 270} and often > len(letters) / 2 else 0


def _turn_function(turn: int, page: Box) -> Callable[[float, float, float, float], Box]:
    """From pdfium's left, top, right, bottom (upwards) to a box of the turned page."""
    page_left, page_bottom, page_right, page_top = page

    def upright(left: float, top: float, right: float, bottom: float) -> Box:
        return left - page_left, page_top - top, right - page_left, page_top - bottom

    def turned(left: float, top: float, right: float, bottom: float) -> Box:
        if turn == 90:
            return bottom - page_bottom, left - page_left, top - page_bottom, right - page_left
        if turn == 180:
            return page_right - right, bottom - page_bottom, page_right - left, top - page_bottom
        return page_top - top, page_right - right, page_top - bottom, page_right - left

    return turned if turn else upright


def _box_function(
    textpage: Any, turned: Callable[[float, float, float, float], Box]
) -> Callable[[int], Box]:
    """From character index to box; a closure, because it runs for most characters of a page."""
    raw = address(textpage.raw)
    buffer = ctypes.create_string_buffer(16)
    place = address(buffer)
    unpack = struct.Struct("4f").unpack_from

    def box(index: int) -> Box:
        loose_char_box(raw, index, place)
        return turned(*unpack(buffer))

    return box


def _characters(textpage: Any) -> str:
    count = textpage.count_chars()
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    length = pdfium_c.FPDFText_GetText(textpage.raw, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(0, length - 1)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    # pdfium leaves some characters out of the whole text; one by one they keep their index.
    code = pdfium_c.FPDFText_GetUnicode
    return "".join(chr(code(textpage.raw, index)) for index in range(count))
