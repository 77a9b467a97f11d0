"""Words and visual rows of a page from pdfium's character boxes.

A word is broken where the glyph box changes size or baseline, so that a footnote mark never
glues to the figure it hangs on ("2,517³" is 2,517 and a mark, not 25173).
"""

import ctypes
from typing import Any

import pypdfium2.raw as pdfium_c

from tools.pdf.page import Row, Word

_BREAKS = {0, 2, 9, 10, 13, 32, 160, 0x200B, 0xFFFE, 0xFFFF}
_MARK_HEIGHT = 0.82
"""A word lower than this share of its line's height is a super- or subscript."""


def page_words(page: Any) -> list[Word]:
    """Words of one pdfium page in content-stream order, boxes from the top left."""
    textpage = page.get_textpage()
    try:
        return _collect(textpage, float(page.get_height()))
    finally:
        textpage.close()


def _collect(textpage: Any, page_height: float) -> list[Word]:
    raw = textpage.raw
    rect = pdfium_c.FS_RECTF()
    ref = ctypes.byref(rect)
    unicode_of, box_of = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    words: list[Word] = []
    chars: list[str] = []
    x0 = top = x1 = bottom = height = 0.0
    last_left = last_base = last_right = 0.0

    def flush() -> None:
        if chars:
            words.append(Word("".join(chars), x0, top, x1, bottom, height))
            chars.clear()

    for index in range(textpage.count_chars()):
        code = unicode_of(raw, index)
        if code in _BREAKS:
            flush()
            continue
        box_of(raw, index, ref)
        left, base, right, up = rect.left, rect.bottom, rect.right, rect.top
        size = up - base
        if chars:
            larger = max(size, height)
            if (
                abs(size - height) > 0.18 * larger
                or abs(base - last_base) > 0.25 * larger
                or left - last_right > 0.3 * size
                or left < last_left - 0.5 * size
            ):
                flush()
        if chars:
            x0, x1 = min(x0, left), max(x1, right)
            top, bottom = min(top, page_height - up), max(bottom, page_height - base)
        else:
            x0, x1, height = left, right, size
            top, bottom = page_height - up, page_height - base
        chars.append(chr(code))
        last_left, last_base, last_right = left, base, right
    flush()
    return words


def visual_rows(words: list[Word]) -> tuple[Row, ...]:
    """Group words into lines by height, top to bottom; smaller words become marks."""
    lines: list[tuple[float, float, list[Word]]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        centre = (word.top + word.bottom) / 2
        for position in range(len(lines) - 1, max(-1, len(lines) - 7), -1):
            middle, height, members = lines[position]
            distance = abs(centre - middle)
            small = word.height < 0.85 * height
            if distance < 0.45 * min(max(word.height, 1), height) or (
                small and distance < 0.5 * height
            ):
                members.append(word)
                if word.height > height * 1.15:
                    lines[position] = (centre, word.height, members)
                break
        else:
            lines.append((centre, word.height, [word]))
    lines.sort(key=lambda line: line[0])
    return tuple(_row(height, members) for _, height, members in lines)


def _row(height: float, members: list[Word]) -> Row:
    ordered = sorted(members, key=lambda w: w.x0)
    return Row(
        tuple(
            Word(w.text, w.x0, w.top, w.x1, w.bottom, w.height, w.height < _MARK_HEIGHT * height)
            for w in ordered
        )
    )
