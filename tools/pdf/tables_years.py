"""Tables and charts whose rows are the years: "2023  12,056  48.38"."""

from collections.abc import Collection, Sequence

from tools.pdf.page import Table, TableRow
from tools.pdf.tables_lines import Atom, Line, is_free
from tools.pdf.tables_tokens import year_of

_YEAR_WORDS = {"year", "years", "fiscal year", "financial year", "reporting year", "fy", "jahr"}


def find_year_rows(lines: Sequence[Line], used: Collection[int]) -> list[Table]:
    """Groups of lines that each begin with a year and go on with numbers.

    `used` holds the row indexes that belong to other tables already.
    """
    starts = [(n, _year_cell(line)) for n, line in enumerate(lines) if line.index not in used]
    found = [(n, cell) for n, cell in starts if cell is not None]
    tables = []
    position = 0
    while position < len(found):
        group = [found[position]]
        for number, cell in found[position + 1 :]:
            previous, first = group[-1]
            step = lines[number].middle - lines[previous].middle
            if (
                number - previous > 3
                or step > 4 * lines[number].height
                or abs(cell[0].x0 - first[0].x0) > 6
                or any(cell[0].text == c[0].text for _, c in group)
            ):
                break
            group.append((number, cell))
        position += len(group)
        table = _table(lines, group)
        if table is not None:
            tables.append(table)
    return tables


def _year_cell(line: Line) -> tuple[Atom, tuple[Atom, ...]] | None:
    """A year that stands by itself at the left of numbers, and those numbers."""
    for number, atom in enumerate(line.atoms):
        if atom.kind != "year" or year_of(atom.text) is None or not is_free(line, number):
            continue
        if any(
            a.kind == "year" and is_free(line, n)
            for n, a in enumerate(line.atoms[number + 1 :], number + 1)
        ):
            return None
        values = []
        for following in range(number + 1, len(line.atoms)):
            other = line.atoms[following]
            if other.is_value and is_free(line, following):
                values.append(other)
            elif other.kind == "text" and other.gap > 0.85:
                break
        if values and any(v.kind == "number" for v in values):
            return atom, tuple(values)
        return None
    return None


def _table(
    lines: Sequence[Line], group: Sequence[tuple[int, tuple[Atom, tuple[Atom, ...]]]]
) -> Table | None:
    first = group[0][0]
    x0 = group[0][1][0].x0
    width = max(len(values) for _, (_, values) in group)
    x1 = max(v.x1 for _, (_, values) in group for v in values)
    heads = _heads(lines, first, (x0, x1 + 30), width)
    if heads is None:
        return None
    names, caption, named_year = heads
    if len(group) == 1 and not named_year:
        return None
    columns = tuple(atom.text for _, (atom, _) in group)
    rows = []
    for column, (number, (_, values)) in enumerate(group):
        if len(values) != width:
            continue
        for name, value in zip(names, values, strict=True):
            cells = [""] * len(columns)
            cells[column] = value.text
            rows.append(TableRow(name, "", tuple(cells), row=lines[number].index))
    if not rows:
        return None
    return Table(
        columns=columns,
        rows=tuple(rows),
        caption=caption,
        method="grid",
        x0=x0,
        x1=x1,
        top=lines[first].top,
        bottom=lines[group[-1][0]].bottom,
    )


def _heads(
    lines: Sequence[Line], first: int, span: tuple[float, float], width: int
) -> tuple[list[str], str, bool] | None:
    """Cells of the nearest line that names every column, the title, and whether "Year" is one."""
    names: list[str] = []
    named_year = False
    titles: list[str] = []
    below = lines[first]
    for position in range(first - 1, max(-1, first - 9), -1):
        line = lines[position]
        if below.top - line.bottom > 3.5 * line.height:
            break
        cells = _cells(line, span[0] - 40, span[1])
        if not cells:
            continue
        below = line
        if names:
            if len(cells) <= 2 and len(" ".join(cells)) < 90:
                titles.append(" ".join(cells))
            if len(titles) == 2 or len(cells) > 2:
                break
            continue
        year_cell = cells[0].casefold().strip(":") in _YEAR_WORDS
        cells = cells[1:] if year_cell else cells
        if len(cells) == width:
            names, named_year = cells, year_cell
        elif position < first - 3:
            return None
    return (names, " | ".join(reversed(titles)), named_year) if names else None


def _cells(line: Line, x0: float, x1: float) -> list[str]:
    cells: list[str] = []
    for atom in line.atoms:
        if not x0 <= atom.x0 <= x1:
            continue
        if cells and atom.gap < 0.85:
            cells[-1] += f" {atom.text}"
        else:
            cells.append(atom.text)
    return cells
