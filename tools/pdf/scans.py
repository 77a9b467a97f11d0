"""Tells scanned pages, and pages whose glyphs carry no text, from pages that hold little text."""

import ctypes
from collections import Counter
from typing import Any

import pypdfium2.raw as pdfium_c

from tools.pdf.glyphs import Glyphs
from tools.pdf.hidden import Drawing

_FEW_CHARACTERS = 200
_HALF = 0.5
_MANY_PATHS = 150
"""Type drawn as outlines makes at least this many paths on a page."""
_PIXELS = 500_000
_LIGHT, _DARK = 190, 110
"""Grey levels of paper and of print."""
_SAMPLES = 200


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
    return len(sample) >= 50 and unmapped > len(sample) / 2


def _looks_like_print(page: Any, glyphs: Glyphs) -> bool:
    """Mostly paper with a little ink, and not much between: a photograph has all greys."""
    area = glyphs.width * glyphs.height
    scale = min(1.0, (_PIXELS / area) ** 0.5) if area > 0 else 0.0
    if scale <= 0:
        return False
    grey = Counter(Drawing(page, glyphs, scale, colour=False).pixels)
    total = sum(grey.values())
    paper = sum(count for level, count in grey.items() if level >= _LIGHT) / total
    ink = sum(count for level, count in grey.items() if level <= _DARK) / total
    return paper > 0.6 and 0.004 < ink < 0.3
