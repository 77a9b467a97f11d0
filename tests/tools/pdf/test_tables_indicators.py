"""Indicator tables: group, label, period, unit and reference are told apart, row by row."""

from dataclasses import dataclass
from typing import Literal

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.tools.pdf.conftest import MakePdf
from tests.tools.pdf.tables import filled, only, tables_of
from tools.pdf.page import Table

Level = Literal["top", "middle", "bottom"]
LEADING, PADDING, TOP = 9.6, 6.0, 760.0
X = {"group": 40, "label": 100, "period": 215, "unit": 270, "code": 510}
RIGHT = {"FY 2023": 400, "FY 2022": 440, "Change": 490}
UNIT = ("1,000 metric tons", "of CO2e emissions")


@dataclass(frozen=True)
class Line:
    """A row as it is painted: each cell with its lines."""

    group: tuple[str, ...]
    label: tuple[str, ...]
    period: tuple[str, ...]
    unit: tuple[str, ...]
    values: tuple[str, str, str]
    code: tuple[str, ...]

    @property
    def height(self) -> float:
        return LEADING * max(map(len, (self.label, self.period, self.unit))) + PADDING


LINES = (
    Line(
        ("Scope 1",), ("Total",), ("Fiscal year",), UNIT, ("347", "387", "-10.4%"), ("GRI 305-1",)
    ),
    Line(
        (),
        ("thereof stationary", "combustion in", "production facilities"),
        ("Fiscal year",),
        UNIT,
        ("301", "333", "-9.6%"),
        ("GRI 305-1",),
    ),
    Line((), ("thereof vehicles",), ("Fiscal year",), UNIT, ("46", "54", "-14.8%"), ("GRI 305-1",)),
    Line(
        ("Scope 2",), ("Total",), ("Fiscal year",), UNIT, ("212", "260", "-18.5%"), ("GRI 305-2",)
    ),
    Line((), ("of which heat",), ("Fiscal year",), UNIT, ("20", "21", "-4.8%"), ("GRI 305-2",)),
    Line(
        ("Employees",),
        ("Headcount",),
        ("Sept. 30th",),
        ("Number",),
        ("41,230", "40,118", "2.8%"),
        ("GRI 2-7",),
    ),
    Line(
        (),
        ("Women in management", "positions"),
        ("Sept. 30th",),
        ("%",),
        ("24.6", "23.1", "1.5"),
        ("GRI 405-1",),
    ),
)
ROWS = {
    ("Scope 1", "Total"): ("347", "387"),
    ("Scope 1", "thereof stationary combustion in production facilities"): ("301", "333"),
    ("Scope 1", "thereof vehicles"): ("46", "54"),
    ("Scope 2", "Total"): ("212", "260"),
    ("Scope 2", "of which heat"): ("20", "21"),
    ("Employees", "Headcount"): ("41,230", "40,118"),
    ("Employees", "Women in management positions"): ("24.6", "23.1"),
}


def _cell(
    canvas: Canvas, x: float, box: tuple[float, float], lines: tuple[str, ...], level: Level
) -> None:
    top, height = box
    free = height - PADDING - LEADING * len(lines)
    y = top - PADDING / 2 - {"top": 0.0, "middle": free / 2, "bottom": free}[level]
    for number, text in enumerate(lines):
        canvas.drawString(x, y - LEADING * number - 7.5, text)


def _draw(canvas: Canvas, level: Level, *, turned: bool = False) -> None:
    canvas.setFont("Helvetica", 8)
    for name, x in X.items():
        head = {"label": "Indicator", "period": "Period", "unit": "Unit", "code": "Standard"}
        canvas.drawString(x, TOP + 8, head.get(name, ""))
    for name, x in RIGHT.items():
        canvas.drawRightString(x, TOP + 8, name)
    top = TOP
    spans: list[tuple[str, float, float]] = []
    for line in LINES:
        box = (top, line.height)
        for name in ("label", "period", "unit", "code"):
            _cell(canvas, X[name], box, getattr(line, name), level)
        for x, value in zip(RIGHT.values(), line.values, strict=True):
            _right(canvas, x, box, value, level)
        if line.group:
            spans.append((line.group[0], top, top - line.height))
        else:
            spans[-1] = (*spans[-1][:2], top - line.height)
        top -= line.height
    for text, above, below in spans:
        if turned:
            canvas.saveState()
            canvas.translate(60, (above + below) / 2)
            canvas.rotate(90)
            canvas.drawCentredString(0, 0, text)
            canvas.restoreState()
        else:
            _cell(canvas, X["group"], (above, above - below), (text,), level)


def _right(canvas: Canvas, x: float, box: tuple[float, float], value: str, level: Level) -> None:
    width = canvas.stringWidth(value, "Helvetica", 8)
    _cell(canvas, x - width, box, (value,), level)


def _rows(table: Table) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(row.section, row.label): row.cells[:2] for row in table.rows}


@pytest.mark.parametrize("level", ["top", "middle", "bottom"])
def test_cells_of_several_lines_belong_to_the_row_they_are_level_with(
    make_pdf: MakePdf, level: Level
) -> None:
    table = only(tables_of(make_pdf(lambda c: _draw(c, level))))
    assert table.method == "indicator"
    assert table.columns == ("FY 2023", "FY 2022", "Change")
    assert _rows(table) == ROWS


def test_turned_group_labels_name_the_rows_they_span(make_pdf: MakePdf) -> None:
    table = only(tables_of(make_pdf(lambda c: _draw(c, "middle", turned=True))))
    assert _rows(table) == ROWS


def test_period_unit_and_reference_are_no_part_of_the_label(make_pdf: MakePdf) -> None:
    table = only(tables_of(make_pdf(lambda c: _draw(c, "middle"))))
    first, last = table.rows[0], table.rows[-1]
    assert (first.period, first.unit) == ("Fiscal year", "1,000 metric tons of CO2e emissions")
    assert first.code == "GRI 305-1"
    assert (last.period, last.unit, last.code) == ("Sept. 30th", "%", "GRI 405-1")
    assert filled(table, first)["Change"] == "-10.4%"


def test_a_row_knows_the_visual_rows_its_cells_stand_on(make_pdf: MakePdf) -> None:
    table = only(tables_of(make_pdf(lambda c: _draw(c, "middle"))))
    for row in table.rows:
        first, last = row.span
        assert first <= row.row <= last
    starts = [row.span[0] for row in table.rows]
    assert starts == sorted(starts)


def test_a_heading_between_rows_ends_the_group_before_it(make_pdf: MakePdf) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 8)
        rows = (
            ("", "Indicator", "Period", "Unit", "2023", "2022", 0),
            ("Total energy", "Total", "Fiscal year", "GWh", "2,310", "2,402", 16),
            ("Renewable energy", "Total", "Fiscal year", "GWh", "995", "913", 16),
            ("Occupational health and safety", "", "", "", "", "", 22),
            ("Accidents", "Employees", "Fiscal year", "Number", "77", "81", 18),
            ("", "Contractors", "Fiscal year", "Number", "12", "9", 16),
        )
        y = TOP
        for *cells, step in rows:
            y -= float(step)
            for x, text in zip((40, 180, 260, 330), cells[:4], strict=True):
                canvas.drawString(x, y, str(text))
            for x, text in zip((430, 490), cells[4:], strict=True):
                canvas.drawRightString(x, y, str(text))

    table = only(tables_of(make_pdf(draw, size=A4)))
    assert [(row.section, row.label) for row in table.rows] == [
        ("Total energy", "Total"),
        ("Renewable energy", "Total"),
        ("Accidents", "Employees"),
        ("Accidents", "Contractors"),
    ]


def _plain(canvas: Canvas, rows: list[tuple[str, ...]], step: float) -> None:
    """Rows of one line without group labels."""
    canvas.setFont("Helvetica", 8)
    for number, cells in enumerate(rows):
        y = TOP - number * step
        for x, text in zip((180, 260, 330), cells[:3], strict=True):
            canvas.drawString(x, y, text)
        for x, text in zip((430, 490), cells[3:], strict=True):
            canvas.drawRightString(x, y, text)


def test_a_group_label_between_two_rows_set_wide_is_no_heading(make_pdf: MakePdf) -> None:
    step = 30.0
    rows = [
        ("Indicator", "Period", "Unit", "2023", "2022"),
        ("Employees", "Fiscal year", "Number", "77", "81"),
        ("Contractors", "Fiscal year", "Number", "12", "9"),
        ("Electricity", "Fiscal year", "GWh", "995", "913"),
        ("Heat", "Fiscal year", "GWh", "411", "438"),
    ]

    def draw(canvas: Canvas) -> None:
        _plain(canvas, rows, step)
        canvas.drawString(40, TOP - 1.5 * step, "Accidents")
        canvas.drawString(40, TOP - 3.5 * step, "Energy")

    table = only(tables_of(make_pdf(draw)))
    assert [(row.section, row.label) for row in table.rows] == [
        ("Accidents", "Employees"),
        ("Accidents", "Contractors"),
        ("Energy", "Electricity"),
        ("Energy", "Heat"),
    ]


def test_numbers_beside_a_period_are_no_labels(make_pdf: MakePdf) -> None:
    rows = [
        ("80%", "Annual", "", "75.8%", "71.2%"),
        ("28%", "Annual", "", "26.0%", "25.1%"),
        ("90%", "Annual", "", "84.0%", "80.3%"),
    ]

    def draw(canvas: Canvas) -> None:
        _plain(canvas, [("", "", "", "2023", "2022"), *rows], 16.0)

    assert all(table.method != "indicator" for table in tables_of(make_pdf(draw)))
