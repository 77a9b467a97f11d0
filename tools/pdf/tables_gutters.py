"""Columns of words beside the values of a table, found by the empty strips between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tools.pdf.tables_cells import Cells, Item
from tools.pdf.tables_lines import Atom, Line
from tools.pdf.text import SECOND_HALVES

_CELL_GAP = 0.45
"""Words nearer than this, in line heights, are one cell."""
_GUTTER = 2.0
"""Least width of the empty strip between two columns, in points."""
_CROSSING = 0.06
"""Share of lines that may run across a gutter: headings, and cells that span two columns."""


@dataclass(slots=True)
class TextColumn:
    """A column beside the values; `kind` says what it holds, `cells` which row has what."""

    x0: float
    x1: float
    items: list[Item] = field(default_factory=list)
    kind: str = ""
    cells: Cells = field(default_factory=lambda: Cells({}, (), 0.0))

    def text(self, row: int) -> str:
        """The cell of a row; row 0 is the header."""
        return joined(self.cells.rows.get(row, ()))

    def texts(self) -> list[str]:
        """Texts of the cells below the header."""
        return [joined(cell) for row, cell in sorted(self.cells.rows.items()) if row]


def joined(cell: Sequence[Item]) -> str:
    """The words of a cell's lines, broken words made whole."""
    text = ""
    for item in cell:
        if text.endswith("-") and item.text[:1].islower():
            compound = item.atoms[0].text.strip(",.;:()") in SECOND_HALVES
            text = (text if compound else text[:-1]) + item.text
        else:
            text = f"{text} {item.text}".strip()
    return text


def text_columns(lines: Sequence[Line], reach: range, x0: float, x1: float) -> list[TextColumn]:
    """Columns of words between two edges on the lines of `reach`, left to right."""
    cells = [
        (position, cell)
        for position in reach
        for cell in _cells([a for a in lines[position].atoms if a.x0 >= x0 - 1 and a.x1 <= x1 + 1])
    ]
    if not cells:
        return []
    start = int(min(cell[0].x0 for _, cell in cells))
    size = int(max(cell[-1].x1 for _, cell in cells)) - start + 2
    steps = [0] * (size + 1)
    for _, cell in cells:
        steps[int(cell[0].x0) - start] += 1
        steps[int(cell[-1].x1) - start + 1] -= 1
    allowed = int(_CROSSING * len({position for position, _ in cells}))
    columns: list[TextColumn] = []
    covered = 0
    for offset in range(size):
        covered += steps[offset]
        if covered <= allowed:
            continue
        if columns and start + offset - columns[-1].x1 < _GUTTER:
            columns[-1].x1 = start + offset + 1
        else:
            columns.append(TextColumn(start + offset, start + offset + 1))
    for position, cell in cells:
        _hand_out(columns, position, lines[position], cell)
    return [column for column in columns if column.items]


def _cells(atoms: Sequence[Atom]) -> list[list[Atom]]:
    cells: list[list[Atom]] = []
    for atom in atoms:
        if cells and atom.gap < _CELL_GAP:
            cells[-1].append(atom)
        else:
            cells.append([atom])
    return cells


def _hand_out(columns: list[TextColumn], position: int, line: Line, cell: Sequence[Atom]) -> None:
    """Give a cell's words to the column it begins in, cut where a gutter falls between words."""
    parts: list[list[Atom]] = []
    for atom in cell:
        place = sum(column.x0 <= atom.x0 + 1 for column in columns)
        if parts and place > sum(column.x0 <= parts[-1][-1].x0 + 1 for column in columns):
            gutter = (columns[place - 2].x1, columns[place - 1].x0)
            if parts[-1][-1].x1 <= gutter[0] + 2 and atom.x0 >= gutter[1] - 1:
                parts.append([atom])
                continue
        if parts:
            parts[-1].append(atom)
        else:
            parts.append([atom])
    for part in parts:
        place = max(0, sum(column.x0 <= part[0].x0 + 1 for column in columns) - 1)
        if columns:
            items = columns[place].items
            if items and items[-1].position == position:
                items[-1] = replace(items[-1], atoms=(*items[-1].atoms, *part))
            else:
                items.append(Item(position, line, tuple(part)))
