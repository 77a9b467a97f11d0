"""Numeric tables from the columns camelot sees and the words of the page record."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.pdf.camelot_screen import WIDE, taken_rows
from tools.pdf.page import PageRecord, Table, TableRow
from tools.pdf.tables_lines import Atom, Line, lines_of
from tools.pdf.tables_tokens import is_unit_text

_FEWEST_ROWS = 4
_FEWEST_COLUMNS = 2
_SAME_SIZE = 1.0
"""Points a page may differ in size between two engines and still be laid out alike."""
_LONGEST_HEADING = 130
_MOST_HEADS = 6
_LEADING = 0.8
"""Least share of a line's height between two cells, one above the other."""
_WORD = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Grid:
    """Edges of a table's columns, left to right, in points from the page's top left."""

    edges: tuple[float, ...]
    top: float
    bottom: float

    def column(self, atom: Atom) -> int:
        """The column an atom's middle stands in."""
        return bisect_right(self.edges, (atom.x0 + atom.x1) / 2) - 1


def read_grids(page: PageRecord, values: Sequence[dict[str, Any]]) -> list[Grid]:
    """What the worker said of a page; grids of a page laid out another way are left out.

    Raises LookupError, TypeError or ValueError on what is no grid.
    """
    return [
        Grid(
            tuple(sorted(float(x) for x in one["columns"])), float(one["top"]), float(one["bottom"])
        )
        for one in values
        if abs(float(one["width"]) - page.width) < _SAME_SIZE
        and abs(float(one["height"]) - page.height) < _SAME_SIZE
    ]


def tables_of_grids(page: PageRecord, grids: Sequence[Grid]) -> tuple[Table, ...]:
    """Tables on visual rows that no other table stands on; each row only once."""
    lines = lines_of(page.rows)
    taken = taken_rows(page.tables)
    found: list[Table] = []
    for grid in grids:
        table = _table(
            [line for line in lines if grid.top <= line.middle <= grid.bottom], grid, taken
        )
        if table is not None:
            found.append(table)
            taken |= taken_rows([table])
    return tuple(found)


def _table(lines: Sequence[Line], grid: Grid, taken: set[int]) -> Table | None:
    cells = {
        line.index: row for line in lines if line.index not in taken and (row := _cells(line, grid))
    }
    filled = [column for row in cells.values() for column in row]
    columns = [n for n in sorted(set(filled)) if filled.count(n) >= _FEWEST_ROWS]
    if len(columns) < _FEWEST_COLUMNS:
        return None
    edge = grid.edges[columns[0]]
    rows: list[TableRow] = []
    heads: list[Line] = []
    section = ""
    begun: tuple[Line, str] | None = None
    for line in lines:
        if line.index in taken:
            continue
        label, unit = _label(line, grid, edge)
        values = cells.get(line.index, {})
        if label and any(n in values for n in columns):
            span = (-1, -1)
            if begun is not None and label[0].islower() and _follows(begun[0], line):
                section = "" if section == begun[1] else section
                label, span = f"{begun[1]} {label}", (begun[0].index, line.index)
            texts = tuple(values[n].text if n in values else "" for n in columns)
            marks = tuple(mark for atom in line.atoms for mark in atom.marks)
            rows.append(TableRow(label, section, texts, unit, line.index, marks, span=span))
            begun = None
        elif not rows:
            # A line of numbers that is no row ends what may stand over the columns.
            numbers = sum(atom.kind == "number" for atom in line.atoms)
            heads = [] if numbers >= _FEWEST_COLUMNS else [*heads, line]
            begun = (line, label) if label else None
        elif line.x1 <= edge and len(label) <= _LONGEST_HEADING and label[:1].isupper():
            section, begun = label, (line, label)
        else:
            begun = None
    names = _names(heads[-_MOST_HEADS:], grid, columns)
    if len(rows) < _FEWEST_ROWS or 2 * sum(map(bool, names)) <= len(names):
        return None
    places = {row.row for row in rows}
    return Table(
        columns=names,
        rows=tuple(rows),
        method="camelot",
        x0=grid.edges[0],
        x1=grid.edges[columns[-1] + 1],
        top=min(line.top for line in lines if line.index in places),
        bottom=max(line.bottom for line in lines if line.index in places),
    )


def _follows(above: Line, line: Line) -> bool:
    """Whether two lines stand as near as the lines of one cell."""
    return line.top - above.bottom < _LEADING * line.height


def _cells(line: Line, grid: Grid) -> dict[int, Atom]:
    """The line's numbers by column; none where a column holds two, for then it is none."""
    cells: dict[int, Atom] = {}
    for atom in line.atoms:
        column = grid.column(atom)
        if atom.kind != "number" or not 0 <= column < len(grid.edges) - 1:
            continue
        if column in cells:
            return {}
        cells[column] = atom
    return cells


def _label(line: Line, grid: Grid, edge: float) -> tuple[str, str]:
    """Label and unit of a line: its words left of the first column of numbers.

    None where a number stands among them: the line runs through several columns of text.
    """
    left = [atom for atom in line.atoms if grid.edges[0] - 1 <= (atom.x0 + atom.x1) / 2 < edge]
    if any(atom.kind == "number" and atom.gap > WIDE for atom in left):
        return "", ""
    texts = [atom.text for atom in left]
    unit = ""
    if len(left) > 1 and left[-1].gap > WIDE and is_unit_text(texts[-1].split()):
        unit = texts.pop()
    label = " ".join(texts)
    return (label, unit) if _WORD.search(label) else ("", unit)


def _names(heads: Sequence[Line], grid: Grid, columns: Sequence[int]) -> tuple[str, ...]:
    """The words over each column, top to bottom; a phrase over several columns names none."""
    parts: dict[int, list[str]] = {n: [] for n in columns}
    for line in heads:
        for phrase in _phrases(line):
            first, last = grid.column(phrase[0]), grid.column(phrase[-1])
            if first == last and first in parts:
                parts[first] += [atom.text for atom in phrase]
    return tuple(" ".join(parts[n]) for n in columns)


def _phrases(line: Line) -> list[list[Atom]]:
    phrases: list[list[Atom]] = []
    for atom in line.atoms:
        if phrases and atom.gap <= WIDE:
            phrases[-1].append(atom)
        else:
            phrases.append([atom])
    return phrases
