"""Figures and their footnote marks stay apart, formulas stay whole, rows stay rows."""

from io import BytesIO
from pathlib import Path

import pypdf
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from tests.tools.pdf.conftest import MakePdf, rows_of
from tools.pdf.page import Row
from tools.pdf.words import is_mark


def _marks(row: Row) -> list[str]:
    return [word.text for word in row.words if word.mark]


def _raised(canvas: Canvas, x: float, y: float, text: str, mark: str, *, rise: float = 4) -> None:
    line = canvas.beginText(x, y)
    line.textOut(text)
    line.setRise(rise)
    line.setFont("Helvetica", 6)
    line.textOut(mark)
    canvas.drawText(line)
    canvas.setFont("Helvetica", 11)


def test_a_footnote_mark_never_becomes_part_of_a_figure(make_pdf: MakePdf) -> None:
    path = make_pdf(lambda c: _raised(c, 50, 700, "Waste 2,517", "3"))
    (row,) = rows_of(path)
    assert row.text == "Waste 2,517"
    assert _marks(row) == ["3"]


def test_a_superscript_character_is_taken_off_a_figure_but_not_off_a_unit(
    make_pdf: MakePdf,
) -> None:
    path = make_pdf(lambda c: c.drawString(50, 700, "Water 2,517³ in 1,000 m³ a year¹"))
    (row,) = rows_of(path)
    assert row.text == "Water 2,517 in 1,000 m³ a year"
    assert _marks(row) == ["³", "¹"]


def test_subscripts_of_formulas_and_powers_of_units_stay_in_their_word(make_pdf: MakePdf) -> None:
    def paint(canvas: Canvas) -> None:
        _raised(canvas, 50, 700, "kt CO", "2", rise=-2)
        _raised(canvas, 50, 650, "1,000 m", "3")

    rows = rows_of(make_pdf(paint))
    assert [row.text for row in rows] == ["kt CO2", "1,000 m3"]


def test_a_small_unit_beside_a_large_figure_is_no_mark(make_pdf: MakePdf) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 30)
        _raised(canvas, 50, 700, "45", "%", rise=12)

    (row,) = rows_of(make_pdf(paint))
    assert row.text == "45 %"


def test_a_mark_that_stands_apart_joins_the_row_of_its_word(make_pdf: MakePdf) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(50, 700, "Scope 3 emissions")
        canvas.drawString(300, 700, "14,794")
        canvas.setFont("Helvetica", 5)
        canvas.drawString(50 + canvas.stringWidth("Scope 3 emissions", "Helvetica", 11), 706, "2)")

    (row,) = rows_of(make_pdf(paint))
    assert row.text == "Scope 3 emissions 14,794"
    assert _marks(row) == ["2)"]


def test_small_lines_beside_a_large_figure_stay_two_lines(make_pdf: MakePdf) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 40)
        canvas.drawString(50, 700, "327,000")
        canvas.setFont("Helvetica", 9)
        canvas.drawString(260, 718, "employees worldwide")
        canvas.drawString(260, 704, "at the end of the year")

    texts = [row.text for row in rows_of(make_pdf(paint))]
    assert any("employees worldwide" in text for text in texts)
    assert any("at the end of the year" in text for text in texts)
    assert not any("employees" in text and "end" in text for text in texts)


def test_a_line_end_hyphen_is_kept_in_the_row(make_pdf: MakePdf) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(50, 700, "measures and addi-")
        canvas.drawString(50, 686, "tional actions")

    assert [row.text for row in rows_of(make_pdf(paint))] == [
        "measures and addi-",
        "tional actions",
    ]


def test_a_table_written_sideways_is_read_as_rows(make_pdf: MakePdf) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.drawString(100, -200, "Energy consumption")
        canvas.drawString(300, -200, "1,234")
        canvas.drawString(100, -220, "Water withdrawal")
        canvas.drawString(300, -220, "567")

    rows = rows_of(make_pdf(paint))
    assert [row.text for row in rows] == ["Energy consumption 1,234", "Water withdrawal 567"]


def test_a_note_in_the_margin_written_sideways_does_not_tear_rows(make_pdf: MakePdf) -> None:
    def paint(canvas: Canvas) -> None:
        for line in range(8):
            canvas.drawString(80, 700 - 14 * line, f"Line {line} of the running text of the page")
        canvas.rotate(90)
        canvas.drawString(600, -40, "Contents 2023")

    rows = rows_of(make_pdf(paint))
    assert [row.text[:6] for row in rows] == [f"Line {line}" for line in range(8)]


def test_turned_and_shifted_pages_have_their_rows_from_the_top_left(
    make_pdf: MakePdf, tmp_path: Path
) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(100, 780, "first line")
        canvas.drawString(100, 60, "last line")

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(make_pdf(paint).read_bytes())))
    page = writer.pages[0]
    for box in (page.mediabox, page.cropbox):
        box.lower_left = (50, 20)
    shifted = tmp_path / "shifted.pdf"
    writer.write(shifted)
    first, last = rows_of(shifted)
    assert (first.text, last.text) == ("first line", "last line")
    assert first.words[0].x0 == 50
    assert first.top < 60 < last.top


@given(st.integers(100, 9_999_999).map("{:,}".format))
def test_a_figure_is_never_taken_for_a_mark(figure: str) -> None:
    assert not is_mark(figure)
