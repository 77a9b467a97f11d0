"""Tells scanned pages, and pages whose glyphs carry no text, from pages that hold little text."""

import ctypes
from typing import Any

import pypdfium2.raw as pdfium_c

from tools.pdf.glyphs import Glyphs
from tools.pdf.hidden import Drawing

_FEW_CHARACTERS = 200
_HALF = 0.5
_MANY_PATHS = 150
"""Type drawn as outlines makes at least this many paths on a page."""
_PIXELS = 500_000
_INK = bytes(level < 150 for level in range(256))
"""Tells print (1) from paper (0)."""
_STROKE = b"\0\1"
_MOST_INK = 0.35
_STROKES = 15
"""Strokes a line across a page of print meets at least."""
_PRINTED = 0.2
"""Share of the height of a page that its print takes at least."""
_SAMPLES = 40


def largest_image_share(page: Any, glyphs: Glyphs, characters: int) -> float:
    """Share of the page its largest image covers; looked for on pages of little text only."""
    if characters >= _FEW_CHARACTERS:
        return 0.0
    area = glyphs.width * glyphs.height
    largest = 0.0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for item in page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        if pdfium_c.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            x0, y0, x1, y1 = glyphs.turned(left.value, top.value, right.value, bottom.value)
            width = min(x1, glyphs.width) - max(x0, 0.0)
            height = min(y1, glyphs.height) - max(y0, 0.0)
            largest = max(largest, max(width, 0.0) * max(height, 0.0))
    return min(1.0, largest / area) if area else 0.0


def is_unreadable(page: Any, glyphs: Glyphs, text: str, image_share: float) -> bool:
    """Whether the page shows print that its text does not hold."""
    if _mostly_unmapped(glyphs):
        return True
    if len(text) >= _FEW_CHARACTERS:
        return False
    if image_share < _HALF and pdfium_c.FPDFPage_CountObjects(page) < _MANY_PATHS:
        return False
    return _looks_like_print(page, glyphs)


def _mostly_unmapped(glyphs: Glyphs) -> bool:
    """Whether most glyphs have no character: a font without a map to text."""
    step = max(1, len(glyphs.text) // _SAMPLES)
    sample = [i for i in range(0, len(glyphs.text), step) if not glyphs.text[i].isspace()]
    unmapped = sum(glyphs.unmapped(index) for index in sample)
    return len(glyphs.text) >= 50 and unmapped > len(sample) / 2


def _looks_like_print(page: Any, glyphs: Glyphs) -> bool:
    """Mostly paper, with lines across it that go from paper to ink and back as often as print."""
    area = glyphs.width * glyphs.height
    scale = min(1.0, (_PIXELS / area) ** 0.5) if area > 0 else 0.0
    if scale <= 0:
        return False
    lines = [line.translate(_INK) for line in Drawing(page, glyphs, scale, colour=False).lines()]
    printed = sum(line.count(_STROKE) >= _STROKES for line in lines)
    ink = sum(line.count(_STROKE[1:]) for line in lines) / sum(len(line) for line in lines)
    return printed > _PRINTED * len(lines) and ink < _MOST_INK
