"""Takes away text that a file gives in place of what its pages draw (`ActualText`).

A span of marked content may name the text it stands for, and pdfium then gives that text for
it. For a ligature or a hyphen at a line's end it tells the letters; for a line it can tell
anything, also a figure that nobody who opens the page sees. What is drawn counts.

Source: ISO 32000-1, 14.9.4 (replacement text).
"""

import ctypes
from typing import Any

import pypdfium2.raw as pdfium_c

from tools.pdf.fastcall import (
    address,
    count_marks,
    mark_of,
    mark_text,
    object_type,
    page_object,
    remove_mark,
)

_LONGEST_LIGATURE = 4
"""Letters that one drawn sign may stand for; no digit needs a stand-in."""
_KEY = b"ActualText"
_BUFFER = 4096
_SHOWN = 400


def remove_stand_ins(page: Any) -> tuple[str, ...]:
    """Take the stand-ins off the text of a loaded page, before its text is asked for.

    Gives what they told, once each. Nothing in the file or in the drawing changes.
    """
    told: dict[str, None] = {}
    handle = address(page.raw)
    buffer = ctypes.create_string_buffer(_BUFFER)
    for index in range(pdfium_c.FPDFPage_CountObjects(page)):
        drawn = page_object(handle, index)
        if object_type(drawn) != pdfium_c.FPDF_PAGEOBJ_TEXT:
            continue
        for number in reversed(range(count_marks(drawn))):
            mark = mark_of(drawn, number)
            words = _actual_text(mark, buffer)
            if len(words) > _LONGEST_LIGATURE or any(c.isdigit() for c in words):
                told[words.strip()] = None
                remove_mark(drawn, mark)
    return tuple(told)


def unlike(told: tuple[str, ...], drawn: str) -> tuple[str, ...]:
    """The stand-ins that tell something else than the page draws."""
    page = _letters(drawn)
    return tuple(text[:_SHOWN] for text in told if _letters(text) not in page)


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _actual_text(mark: int, buffer: Any) -> str:
    length = ctypes.c_ulong()
    if not mark_text(mark, _KEY, buffer, _BUFFER, ctypes.byref(length)):
        return ""
    # One that does not fit is longer than any line and stands for none.
    filled = buffer.raw[: max(0, length.value - 2)] if length.value <= _BUFFER else b"?\0" * 9
    return filled.decode("utf-16-le", "replace")
