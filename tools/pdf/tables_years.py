"""Tables and charts whose rows are the years: "2023  12,056  48.38"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tools.pdf.page import Table, TableRow
from tools.pdf.tables_lines import Atom, Line, is_free
from tools.pdf.tables_tokens import is_unit_text, year_of

_YEAR_WORDS = {"year", "years", "fiscal year", "financial year", "reporting year", "fy", "jahr"}
_STUB_WORDS = {
    "typology",
    "tipology",
    "type",
    "region",
    "country",
    "entity",
    "area",
    "anno",
    "category",
}


@dataclass(frozen=True, slots=True)
class _YearLine:
    """A line that begins, after an optional name, with a year and goes on with numbers."""

    position: int
    year: Atom
    values: tuple[Atom, ...]


def find_year_rows(lines: Sequence[Line], used: Collection[int]) -> list[Table]:
    """Groups of lines that each begin with a year and go on with numbers.

    Where the years begin anew, the lines belong to the next entity of the same table.
    `used` holds the row indexes that belong to other tables already.
    """
    found = [
        year_line
        for position, line in enumerate(lines)
        if line.index not in used and (year_line := _year_line(line, position)) is not None
    ]
    tables = []
    start = 0
    while start < len(found):
        end = start + 1
        while end < len(found) and _goes_on(lines, found[end - 1], found[end]):
            end += 1
        tables += _tables(lines, found[start:end])
        start = end
    return tables


def _year_line(line: Line, position: int) -> _YearLine | None:
    for number, atom in enumerate(line.atoms):
        if atom.kind != "year" or year_of(atom.text) is None or not is_free(line, number):
            continue
        rest = range(number + 1, len(line.atoms))
        if any(line.atoms[n].kind == "year" and is_free(line, n) for n in rest):
            return None
        values = []
        for following in rest:
            other = line.atoms[following]
            if other.is_value and is_free(line, following):
                values.append(other)
            elif other.kind == "text" and other.gap > 0.85:
                break
        if any(v.kind == "number" for v in values):
            return _YearLine(position, atom, tuple(values))
        return None
    return None


def _goes_on(lines: Sequence[Line], previous: _YearLine, following: _YearLine) -> bool:
    step = lines[following.position].middle - lines[previous.position].middle
    return (
        following.position - previous.position <= 3
        and step <= 4 * lines[following.position].height
        and abs(following.year.x0 - previous.year.x0) <= 6
    )


def _tables(lines: Sequence[Line], block: Sequence[_YearLine]) -> list[Table]:
    """One table for each run of different years under the same column names."""
    width = max(len(line.values) for line in block)
    first = block[0]
    x1 = max(value.x1 for line in block for value in line.values)
    heads = _heads(lines, first.position, (first.year.x0, x1 + 30), width)
    if heads is None:
        return []
    names, caption, named_year = heads
    groups: list[list[_YearLine]] = [[first]]
    for line in block[1:]:
        if any(line.year.text == other.year.text for other in groups[-1]):
            groups.append([])
        groups[-1].append(line)
    if len(block) == 1 and not named_year:
        return []
    tables = []
    for group in groups:
        entity = _entity(lines, group)
        table = _table(lines, group, names, caption, entity)
        if table is not None:
            tables.append(table)
    return tables


def _entity(lines: Sequence[Line], group: Sequence[_YearLine]) -> str:
    """Words left of the years of a group: what its rows are about."""
    words = []
    for position in range(group[0].position, group[-1].position + 1):
        for atom in lines[position].atoms:
            if atom.x1 < group[0].year.x0 - 2 and atom.kind == "text":
                words.append(atom.text)
    return " ".join(words) if len(words) <= 10 else ""


def _table(
    lines: Sequence[Line],
    group: Sequence[_YearLine],
    names: Sequence[str],
    caption: str,
    entity: str,
) -> Table | None:
    columns = tuple(line.year.text for line in group)
    rows = []
    for column, line in enumerate(group):
        if len(line.values) != len(names):
            continue
        for name, value in zip(names, line.values, strict=True):
            cells = [""] * len(columns)
            cells[column] = value.text
            rows.append(TableRow(name, entity, tuple(cells), row=lines[line.position].index))
    if not rows:
        return None
    return Table(
        columns=columns,
        rows=tuple(rows),
        caption=caption,
        method="grid",
        x0=group[0].year.x0,
        x1=max(value.x1 for line in group for value in line.values),
        top=lines[group[0].position].top,
        bottom=lines[group[-1].position].bottom,
    )


def _heads(
    lines: Sequence[Line], first: int, span: tuple[float, float], width: int
) -> tuple[list[str], str, bool] | None:
    """Names of the columns from the lines over the first year, the title, whether "Year" is one."""
    stacked: list[list[str]] = []
    titles: list[str] = []
    named_year = False
    below = lines[first]
    for position in range(first - 1, max(-1, first - 9), -1):
        line = lines[position]
        if below.top - line.bottom > 3.5 * line.height:
            break
        cells = _cells(line, span[0] - 40, span[1])
        while cells and cells[0].casefold().strip(":.") in _YEAR_WORDS | _STUB_WORDS | {
            "u.m",
            "unit",
        }:
            named_year = named_year or cells[0].casefold().strip(":.") in _YEAR_WORDS
            cells = cells[1:]
        if not cells:
            continue
        units_only = all(is_unit_text(name.split()) for names in stacked for name in names)
        if len(cells) == width and (not stacked or units_only) and not titles:
            stacked.insert(0, cells)
            below = line
            continue
        if not stacked:
            if position < first - 3:
                return None
            continue
        below = line
        if len(cells) > 2:
            continue
        if len(" ".join(cells)) < 90:
            titles.append(" ".join(cells))
        if len(titles) == 2:
            break
    if not stacked:
        return None
    names = [" ".join(parts) for parts in zip(*stacked, strict=True)]
    if len(set(names)) < len(names):
        return None
    return names, " | ".join(reversed(titles)), named_year


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
