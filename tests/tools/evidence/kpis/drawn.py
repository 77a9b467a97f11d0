"""Pages drawn with characters: what stands under each other in the source does so on the page.

Lines with "|" are table lines: their cells are set in columns, the first flush left, the others
flush right, whatever their width in the source.
"""

import re
import textwrap
from collections.abc import Iterator

from agent.domain.kpi import KpiRecord
from tools.evidence.kpis.extract import extract_kpis
from tools.pdf.page import PageRecord, Row, Word

_ADVANCE = 5.0
_CHARACTER = 4.6
_SPACE = 2.4
_LEADING = 14.0
_LEFT = 40.0
_FOOT = """

This report covers the fiscal year and all consolidated companies of the group worldwide.
"""


def drawn_page(drawing: str, number: int = 1) -> PageRecord:
    """A page of the drawing's lines; a character takes 5 points, a line 14."""
    lines = _aligned(textwrap.dedent(drawing).strip("\n").split("\n"))
    margin = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
    rows = [
        Row(words)
        for place, line in enumerate(lines)
        if (words := tuple(_words(line[margin:], 60.0 + place * _LEADING)))
    ]
    text = "\n".join(re.sub(r"[ ]{2,}", " ", line.strip()) for line in lines)
    return PageRecord(number=number, width=900.0, height=900.0, text=text, rows=tuple(rows))


def _words(line: str, top: float) -> Iterator[Word]:
    """Words with the narrow spaces of print; every further cell ends where it ends in the line."""
    for cell in re.finditer(r"\S+(?: \S+)*", line):
        sizes = [len(word) * _CHARACTER for word in cell[0].split()]
        width = sum(sizes) + _SPACE * (len(sizes) - 1)
        x = _LEFT + (cell.end() * _ADVANCE - width if cell.start() > 4 else cell.start() * _ADVANCE)
        for word, size in zip(cell[0].split(), sizes, strict=True):
            yield Word(text=word, x0=x, x1=x + size, top=top, bottom=top + 9.0, height=9.0)
            x += size + _SPACE


def _aligned(lines: list[str]) -> list[str]:
    """The lines with the cells of table lines in columns three characters apart."""
    tables = [[cell.strip() for cell in line.split("|")] for line in lines if "|" in line]
    widths = [
        max(len(cells[n]) for cells in tables if len(cells) > n)
        for n in range(max(map(len, tables), default=0))
    ]
    return [_in_columns(line, widths) if "|" in line else line for line in lines]


def _in_columns(line: str, widths: list[int]) -> str:
    first, *cells = line.split("|")
    indent = len(first) - len(first.lstrip())
    label = f"{' ' * indent}{first.strip()}".ljust(widths[0] + 2)
    values = [cell.strip().rjust(width) for cell, width in zip(cells, widths[1:], strict=False)]
    return "   ".join([label, *values])


def records_of(*drawings: str, year: int | None = None) -> tuple[KpiRecord, ...]:
    """The records of a report whose pages are the drawings, in order."""
    pages = [
        drawn_page(textwrap.dedent(drawing) + _FOOT, number)
        for number, drawing in enumerate(drawings, 1)
    ]
    return extract_kpis(pages, report="0" * 64, fiscal_year=year)


def figures_of(*drawings: str, year: int | None = None) -> dict[tuple[str, int], str]:
    """Printed value and unit by KPI, with its basis and boundary where it names them, and year."""
    return {
        (_name(record), record.year): f"{record.printed} {record.unit}"
        for record in records_of(*drawings, year=year)
        if record.superseded_by is None
    }


def _name(record: KpiRecord) -> str:
    boundary = "" if record.boundary == "group" else record.boundary
    return " ".join(part for part in (record.kpi, record.basis, boundary) if part)
