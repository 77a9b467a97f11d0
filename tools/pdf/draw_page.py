"""Draws a page, or the part around a quote, with the quote marked; inside a worker process."""

import math
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from tools.pdf.glyphs import Box, Glyphs
from tools.pdf.marking import find_quote
from tools.pdf.pdfium_pages import open_document
from tools.pdf.worker import Emit, Job

_MARKER = (255, 232, 92)
_PAGE_PIXELS = 1_100_000
_CROP_WIDTH = 1000
_CROP_SCALE = 2.0
_MAX_SCALE = 3.0
_ASIDE, _ABOVE, _BELOW = 36.0, 110.0, 50.0
"""Points shown around a marked passage; more above, where a table has its header."""
_NARROWEST = 0.75
"""Share of the page's width a part of it shows at least."""
_COLOURS = 64
_QUALITY = 72


def draw_page(job: Job, emit: Emit) -> None:
    """Emit one `picture` line with the picture as its body."""
    document = open_document(job, emit)
    if document is None:
        return
    if not 1 <= job["page"] <= len(document):
        emit({"kind": "error", "code": "no_page", "detail": "has no such page"})
        return
    page = document[job["page"] - 1]
    textpage = page.get_textpage()
    glyphs = Glyphs(page, textpage)
    boxes = _line_boxes(glyphs, find_quote(glyphs, job["quote"])) if job["quote"] else []
    turn = (glyphs.turn - page.get_rotation()) % 360 if boxes else 0
    window = _window(glyphs, boxes) if boxes and job["crop"] else None
    picture = _draw(page, glyphs, turn, boxes, window)
    data, mime = _encode(picture)
    emit({"kind": "picture", "mime": mime, "found": bool(boxes)}, data)


def _line_boxes(glyphs: Glyphs, indexes: list[int]) -> list[Box]:
    """One box for each stretch of marked characters on a line."""
    boxes: list[Box] = []
    last = -2
    for index in indexes:
        if glyphs.text[index].isspace():
            continue
        x0, top, x1, bottom = glyphs.box(index)
        if boxes and index - last <= 3:
            left, up, right, down = boxes[-1]
            same = abs((up + down) - (top + bottom)) < down - up
            if same and -1 < x0 - right < bottom - top:
                boxes[-1] = (left, min(up, top), max(right, x1), max(down, bottom))
                last = index
                continue
        boxes.append((x0, top, x1, bottom))
        last = index
    return boxes


def _window(glyphs: Glyphs, boxes: list[Box]) -> Box:
    """The part of the page to show: the marked lines and what stands around them."""
    left = min(box[0] for box in boxes) - _ASIDE
    right = max(box[2] for box in boxes) + _ASIDE
    more = max(0.0, _NARROWEST * glyphs.width - (right - left)) / 2
    top = min(box[1] for box in boxes) - _ABOVE
    bottom = max(box[3] for box in boxes) + _BELOW
    return (
        max(0.0, left - more),
        max(0.0, top),
        min(glyphs.width, right + more),
        min(glyphs.height, bottom),
    )


def _draw(
    page: Any, glyphs: Glyphs, turn: int, boxes: list[Box], window: Box | None
) -> Image.Image:
    width, height = page.get_size()
    if turn in {90, 270}:
        width, height = height, width
    x0, top, x1, bottom = window or (0.0, 0.0, width, height)
    area = max(1.0, (x1 - x0) * (bottom - top))
    scale = min((_PAGE_PIXELS / area) ** 0.5, _MAX_SCALE)
    if window is not None:
        scale = min(scale, max(_CROP_SCALE, _CROP_WIDTH / (x1 - x0)))
    bitmap = page.render(
        scale=scale,
        rotation=turn,
        crop=(x0, height - bottom, width - x1, top),
        may_draw_forms=False,
        rev_byteorder=True,
    )
    x0, top = math.ceil(x0 * scale) / scale, math.ceil(top * scale) / scale
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    if not boxes:
        return picture
    marks = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(marks)
    for left, up, right, down in boxes:
        place = (left - x0) * scale, (up - top) * scale, (right - x0) * scale, (down - top) * scale
        pen.rectangle(place, fill=_MARKER)
    return ImageChops.multiply(picture, marks)


def _encode(picture: Image.Image) -> tuple[bytes, str]:
    """The smaller of a PNG of few colours (type and tables) and a JPEG (photographs)."""
    png, jpeg = BytesIO(), BytesIO()
    picture.quantize(_COLOURS).save(png, "PNG", optimize=True)
    picture.save(jpeg, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    if png.tell() <= jpeg.tell():
        return png.getvalue(), "image/png"
    return jpeg.getvalue(), "image/jpeg"
