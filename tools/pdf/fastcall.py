"""pdfium functions without pypdfium2's argument conversion, which costs more than the call.

For functions called for every word or object of a page; handles go in as plain addresses.
"""

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium_c

_INT, _POINTER = ctypes.c_int, ctypes.c_void_p


def address(handle: Any) -> int:
    """The address a pdfium handle or ctypes object stands for."""
    return ctypes.cast(handle, _POINTER).value or 0


def _plain(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    found: Callable[..., int] = ctypes.CFUNCTYPE(result, *arguments)(address(function))
    return found


loose_char_box = _plain(pdfium_c.FPDFText_GetLooseCharBox, _INT, _POINTER, _INT, _POINTER)
page_object = _plain(pdfium_c.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
object_type = _plain(pdfium_c.FPDFPageObj_GetType, _INT, _POINTER)
count_marks = _plain(pdfium_c.FPDFPageObj_CountMarks, _INT, _POINTER)
mark_of = _plain(pdfium_c.FPDFPageObj_GetMark, _POINTER, _POINTER, ctypes.c_ulong)
mark_text = _plain(
    pdfium_c.FPDFPageObjMark_GetParamStringValue,
    *(_INT, _POINTER, ctypes.c_char_p, _POINTER, ctypes.c_ulong, _POINTER),
)
remove_mark = _plain(pdfium_c.FPDFPageObj_RemoveMark, _INT, _POINTER, _POINTER)
