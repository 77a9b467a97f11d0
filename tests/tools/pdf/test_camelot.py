"""Camelot adds the tables no header of years leads to, and nothing else changes."""

from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.conftest import need
from tests.tools.pdf.conftest import MakePdf, child_processes
from tests.tools.pdf.tables import facts, only, paint
from tools.pdf.camelot_reader import camelot_installed
from tools.pdf.camelot_tables import read_grids, tables_of_grids
from tools.pdf.limits import ReaderLimits
from tools.pdf.page import PageRecord
from tools.pdf.reader import ReadResult, read_pdf, reader_version

ON, OFF = ReaderLimits(ocr=False, camelot=True), ReaderLimits(ocr=False)
EDGES = (50, 300, 400, 500)
SITES = (
    ("Consumption in 2023", "Harbour", "Hill", "Valley"),
    ("Electricity in MWh", "1,204", "980", "2,330"),
    ("Natural gas in MWh", "310", "1,442", "95"),
    ("Water in m3", "5,120", "7,004", "6,618"),
    ("Waste in t", "88", "61", "134"),
    ("Of which recycled in t", "40", "33", "90"),
    ("Employees", "410", "275", "1,038"),
)
YEARS = (
    ("Consumption", "2021", "2022", "2023"),
    *(row for row in SITES if row[0] != SITES[0][0]),
)


def _sites(canvas: Canvas) -> None:
    paint(canvas, SITES, EDGES)
    canvas.setFont("Helvetica", 5)
    canvas.drawString(500.3, 760 - 16 * 4 + 4, "7")


def _years(canvas: Canvas) -> None:
    paint(canvas, YEARS, EDGES)


def _prose(canvas: Canvas) -> None:
    for line in range(30):
        canvas.drawString(
            50, 760 - 16 * line, f"In 2023 we planted {line + 210} trees, 14 of them oaks"
        )


async def _read(path: Path, limits: ReaderLimits) -> tuple[ReadResult, list[PageRecord]]:
    pages: list[PageRecord] = []
    return await read_pdf(path, limits=limits, on_page=pages.append), pages


def _grid(page: PageRecord, **changes: Any) -> dict[str, Any]:
    return {
        "columns": [45, 240, 340, 440, 520],
        "top": 60,
        "bottom": 200,
        "width": page.width,
        "height": page.height,
        **changes,
    }


async def test_camelot_finds_a_table_without_years_and_keeps_marks_out_of_numbers(
    make_pdf: MakePdf,
) -> None:
    need(camelot_installed(), "the `tables` extra (camelot-py)")
    _, pages = await _read(make_pdf(_prose, _sites, _years), ON)
    assert [[table.method for table in page.tables] for page in pages] == [
        [],
        ["camelot"],
        ["year_header"],
    ]
    table = only(pages[1].tables)
    assert table.columns == SITES[0][1:]
    assert {label: tuple(cells.values()) for label, cells in facts(table).items()} == {
        row[0]: row[1:] for row in SITES[1:]
    }
    for row in table.rows:
        printed = pages[1].rows[row.row].text
        assert all(cell in printed for cell in (row.label, *row.cells))
    assert not child_processes()


async def test_without_camelot_pages_are_the_same_but_for_its_tables(make_pdf: MakePdf) -> None:
    path = make_pdf(_prose, _sites, _years)
    _, without = await _read(path, OFF)
    assert without[1].tables == ()
    assert reader_version(OFF).endswith("-camelot") is False
    need(camelot_installed(), "the `tables` extra (camelot-py)")
    assert reader_version(ON) == f"{reader_version(OFF)}-camelot"
    _, broken = await _read(path, ReaderLimits(ocr=False, camelot=True, camelot_memory_mb=96))
    assert broken == without


async def test_only_pages_with_columns_outside_tables_are_looked_at(make_pdf: MakePdf) -> None:
    need(camelot_installed(), "the `tables` extra (camelot-py)")
    none = ReaderLimits(ocr=False, camelot=True, camelot_pages=0)
    result, _ = await _read(make_pdf(_prose, _years), none)
    assert result.warnings == ()
    result, _ = await _read(make_pdf(_prose, _sites, _years, _sites), none)
    (warning,) = result.warnings
    assert warning.startswith("2 more pages look like tables")


async def test_a_column_with_two_numbers_gives_no_row(make_pdf: MakePdf) -> None:
    _, pages = await _read(make_pdf(_sites), OFF)
    (page,) = pages
    table = only(tables_of_grids(page, read_grids(page, [_grid(page)])))
    assert len(table.rows) == 6
    wide = _grid(page, columns=[45, 240, 440, 520])
    assert tables_of_grids(page, read_grids(page, [wide])) == ()


async def test_a_label_over_two_lines_is_one_and_says_where_it_stands(make_pdf: MakePdf) -> None:
    rows = [*SITES, ("Hazardous waste that was", "", "", ""), ("sent to landfill in t", *"345")]
    path = make_pdf(lambda canvas: paint(canvas, rows, EDGES, step=11))
    _, pages = await _read(path, OFF)
    (page,) = pages
    row = only(tables_of_grids(page, read_grids(page, [_grid(page)]))).rows[-1]
    assert (row.label, row.section) == ("Hazardous waste that was sent to landfill in t", "")
    assert row.cells == ("3", "4", "5")
    assert row.span == (row.row - 1, row.row)


@pytest.mark.parametrize("change", ({"width": 300.0}, {"top": 700.0, "bottom": 800.0}))
async def test_a_grid_that_does_not_fit_the_page_gives_no_table(
    make_pdf: MakePdf, change: dict[str, float]
) -> None:
    _, pages = await _read(make_pdf(_sites), OFF)
    (page,) = pages
    assert tables_of_grids(page, read_grids(page, [_grid(page, **change)])) == ()


async def test_rows_of_another_table_are_not_read_again(make_pdf: MakePdf) -> None:
    _, pages = await _read(make_pdf(_years), OFF)
    (page,) = pages
    assert tables_of_grids(page, read_grids(page, [_grid(page)])) == ()
