"""Scanned pages are told from covers, photographs and blank pages, and read where OCR is there."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.conftest import need
from tests.tools.pdf.conftest import MakePdf
from tools.pdf.limits import ReaderLimits
from tools.pdf.ocr import ocr_installed
from tools.pdf.page import PageRecord
from tools.pdf.reader import ReadResult, read_pdf

NO_OCR = ReaderLimits(ocr=False)


def _scan(canvas: Canvas) -> None:
    picture = Image.new("L", (1240, 1754), 246)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(26)
    pen.text((120, 80), "Total waste 75,617 t", 20, font=ImageFont.load_default(34))
    for line in range(34):
        text = f"Line {line} of a letter that was printed, signed and scanned again"
        pen.text((120, 160 + 44 * line), text, 30, font=font)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)


def _photograph(canvas: Canvas) -> None:
    noise = Image.effect_noise((600, 800), 90)
    canvas.drawImage(ImageReader(noise), 0, 0, *A4)
    canvas.setFillGray(1)
    canvas.setFont("Helvetica-Bold", 40)
    canvas.drawString(60, 400, "Our people")


def _blank(canvas: Canvas) -> None:
    canvas.setFillGray(1)


def _text(canvas: Canvas) -> None:
    canvas.drawString(50, 700, "Water withdrawal 1,234 m3")


async def _read(path: Path, limits: ReaderLimits) -> tuple[ReadResult, list[PageRecord]]:
    pages: list[PageRecord] = []
    return await read_pdf(path, limits=limits, on_page=pages.append), pages


async def test_only_the_scanned_page_counts_as_unreadable(make_pdf: MakePdf) -> None:
    result, pages = await _read(make_pdf(_photograph, _text, _scan, _blank), NO_OCR)
    assert result.unreadable == (3,)
    assert pages[2].unreadable
    assert pages[2].image_share == pytest.approx(1.0)


async def test_a_document_of_scans_alone_is_no_error_but_unreadable(make_pdf: MakePdf) -> None:
    result, _ = await _read(make_pdf(_scan), NO_OCR)
    assert result.unreadable == (1,)


async def test_ocr_reads_the_page_and_says_so(make_pdf: MakePdf) -> None:
    need(ocr_installed(), "the `ocr` extra (rapidocr, onnxruntime)")
    result, pages = await _read(make_pdf(_text, _scan, _text), ReaderLimits())
    assert result.unreadable == ()
    assert [page.reader for page in pages] == ["pdfium", "ocr", "pdfium"]
    assert any("75,617" in row.text for row in pages[1].rows)


async def test_more_scans_than_the_limit_stay_unreadable(make_pdf: MakePdf) -> None:
    result, _ = await _read(make_pdf(_scan, _text), ReaderLimits(ocr_pages=0))
    assert result.unreadable == (1,)
