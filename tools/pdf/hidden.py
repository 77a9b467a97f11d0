"""Finds text that is in the file but not to be seen: white on white, tiny, off the page.

What a reader of the page cannot see must not reach a model. The page is drawn and every word's
place is looked at: where nothing stands out there, the word is hidden, however that was done.
"""

import ctypes
from collections.abc import Iterable
from typing import Any

import pypdfium2.raw as pdfium_c

from tools.pdf.fastcall import address, object_type, page_object
from tools.pdf.glyphs import Glyphs
from tools.pdf.words import Piece

_MAX_PIXELS = 2_000_000
_MIN_SCALE = 0.5
"""Drawn smaller than this, thin type vanishes and nothing can be said."""
_LOOK_SCALE = 2.5
_CLEAR = 32
"""Grey levels (of 255) between type and ground that leave no doubt in a quick look."""
_VISIBLE = 16
"""Grey levels in any colour that a reader can make out in a close look."""
_TINY = 2.5
"""Line height in points that nobody reads, on a page of A4 or letter height."""
_PAGE_HEIGHT = 800.0
_LONGEST = 400


class Drawing:
    """A page drawn to bytes, turned like its text."""

    def __init__(self, page: Any, glyphs: Glyphs, scale: float, *, colour: bool) -> None:
        bitmap = page.render(
            scale=scale,
            rotation=(glyphs.turn - page.get_rotation()) % 360,
            grayscale=not colour,
            may_draw_forms=False,
            no_smoothimage=True,
        )
        self.scale = scale
        self._stride: int = bitmap.stride
        self._channels: int = bitmap.n_channels
        self._width: int = bitmap.width
        self._height: int = bitmap.height
        self.pixels = bytes(bitmap.buffer)
        bitmap.close()

    def doubtful(self, words: list[Piece]) -> list[int]:
        """Indexes of the words that do not stand out at once.

        Two lines through the small letters settle most words, the whole box the rest.
        """
        scale, stride, pixels, width = self.scale, self._stride, self.pixels, self._width
        doubtful = []
        for index, word in enumerate(words):
            left, right = int(word.x0 * scale), int(word.x1 * scale) + 1
            if left >= 0 and right < width:
                row = int((word.bottom - 0.42 * word.height) * scale) * stride
                line = pixels[row + left : row + right] if row > 0 else b""
                if line and max(line) - min(line) >= _CLEAR:
                    continue
                row = int((word.bottom - 0.34 * word.height) * scale) * stride
                line = pixels[row + left : row + right] if row > 0 else b""
                if line and max(line) - min(line) >= _CLEAR:
                    continue
            if self.contrast(word) < _CLEAR:
                doubtful.append(index)
        return doubtful

    def contrast(self, word: Piece) -> int:
        """Largest difference within one colour over the word's box."""
        first = self._row(word.top + 0.15 * word.height)
        last = self._row(word.bottom - 0.1 * word.height)
        left, right = self._column(word.x0), self._column(word.x1) + self._channels
        lines = [
            self.pixels[row + left : row + right] for row in range(first, last + 1, self._stride)
        ]
        area = b"".join(lines)
        colours = [area[channel :: self._channels] for channel in range(min(3, self._channels))]
        return max((max(colour) - min(colour) for colour in colours if colour), default=0)

    def lines(self) -> list[bytes]:
        """The drawing line by line."""
        starts = range(0, self._height * self._stride, self._stride)
        return [self.pixels[start : start + self._width] for start in starts]

    def _row(self, y: float) -> int:
        return min(max(int(y * self.scale), 0), self._height - 1) * self._stride

    def _column(self, x: float) -> int:
        return min(max(int(x * self.scale), 0), self._width - 1) * self._channels


def hidden_words(page: Any, glyphs: Glyphs, words: list[Piece]) -> list[int]:
    """Indexes of the words nobody can see."""
    hidden = _out_of_sight(words, glyphs)
    pixels = glyphs.width * glyphs.height
    scale = min(1.0, (_MAX_PIXELS / pixels) ** 0.5) if pixels > 0 else 0.0
    if scale < _MIN_SCALE:
        return sorted(hidden)
    spared = _spare_images(page, glyphs, words)
    doubtful = Drawing(page, glyphs, scale, colour=False).doubtful(words)
    doubtful = [index for index in doubtful if index not in hidden]
    if doubtful:
        closer = min(_LOOK_SCALE, (4 * _MAX_PIXELS / pixels) ** 0.5)
        drawing = Drawing(page, glyphs, closer, colour=True)
        hidden.update(index for index in doubtful if drawing.contrast(words[index]) < _VISIBLE)
    for image in spared:
        pdfium_c.FPDFPageObj_SetIsActive(image, True)
    return sorted(hidden)


def _out_of_sight(words: list[Piece], glyphs: Glyphs) -> set[int]:
    tiny = _TINY * min(1.0, glyphs.height / _PAGE_HEIGHT)
    width, height = glyphs.width, glyphs.height
    return {
        index
        for index, word in enumerate(words)
        if word.height < tiny
        or word.x1 < 0
        or word.bottom < 0
        or word.x0 > width
        or word.top > height
    }


def _spare_images(page: Any, glyphs: Glyphs, words: list[Piece]) -> list[Any]:
    """Leave out of the drawing the images no word touches: decoding them is most of the work."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    spared = []
    handle = address(page.raw)
    for index in range(pdfium_c.FPDFPage_CountObjects(page)):
        if object_type(page_object(handle, index)) != pdfium_c.FPDF_PAGEOBJ_IMAGE:
            continue
        image = pdfium_c.FPDFPage_GetObject(page, index)
        if not pdfium_c.FPDFPageObj_GetBounds(image, left, bottom, right, top):
            continue
        x0, y0, x1, y1 = glyphs.turned(left.value, top.value, right.value, bottom.value)
        if not any(w.x1 > x0 and w.x0 < x1 and w.bottom > y0 and w.top < y1 for w in words):
            pdfium_c.FPDFPageObj_SetIsActive(image, False)
            spared.append(image)
    return spared


def phrases(words: Iterable[Piece]) -> tuple[str, ...]:
    """Hidden words as phrases, in the order of the file."""
    found: list[list[Piece]] = []
    for word in words:
        if found and word.start - found[-1][-1].end <= 3:
            found[-1].append(word)
        else:
            found.append([word])
    return tuple(" ".join(word.text for word in phrase)[:_LONGEST] for phrase in found)
