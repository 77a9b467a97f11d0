"""Painted tables, and a look at what the reader makes of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from tests.tools.pdf.conftest import rows_of
from tools.pdf.glyphs import Glyphs
from tools.pdf.page import Table, TableRow
from tools.pdf.sides import side_texts
from tools.pdf.tables import find_tables
from tools.pdf.words import Piece, page_words

TOP = 760.0
STEP = 16.0


def paint(
    canvas: Canvas,
    rows: Sequence[Sequence[str]],
    edges: Sequence[float],
    *,
    left: int = 1,
    top: float = TOP,
    step: float = STEP,
) -> None:
    """Paint cells: the first `left` columns begin at their edge, the others end at it."""
    canvas.setFont("Helvetica", 9)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            y = top - number * step
            if column < left:
                canvas.drawString(edges[column], y, text)
            else:
                canvas.drawRightString(edges[column], y, text)


def tables_of(path: Path, page: int = 1) -> tuple[Table, ...]:
    """The tables of a page, found here and now."""
    rows = rows_of(path, page)
    document = pypdfium2.PdfDocument(path)
    opened = document[page - 1]
    textpage = opened.get_textpage()
    sideways: list[Piece] = []
    page_words(Glyphs(opened, textpage), sideways=sideways)
    textpage.close()
    opened.close()
    document.close()
    return find_tables(page, rows, " ".join(row.text for row in rows), side_texts(sideways))


def facts(table: Table) -> dict[str, dict[str, str]]:
    """Filled cells by label and column."""
    return {row.label: filled(table, row) for row in table.rows}


def filled(table: Table, row: TableRow) -> dict[str, str]:
    """Filled cells of a row by column."""
    return {name: cell for name, cell in zip(table.columns, row.cells, strict=True) if cell}


def only(tables: Sequence[Table]) -> Table:
    """The only table there is."""
    (table,) = tables
    return table


def sections(table: Table) -> Mapping[str, str]:
    """Sections by label."""
    return {row.label: row.section for row in table.rows}
