"""Tables whose only year stands at the head of the labels: "31.12.2023   Men   Women   Total"."""

from collections.abc import Collection, Sequence

from tools.pdf.page import Table, TableRow
from tools.pdf.tables_lines import Atom, Line, is_free
from tools.pdf.tables_tokens import year_of

_MOST = 25


def find_stub_tables(lines: Sequence[Line], used: Collection[int]) -> list[Table]:
    """Tables with a year over the labels and words over the columns of numbers.

    `used` holds the row indexes that belong to other tables already.
    """
    tables: list[Table] = []
    last_names: list[str] = []
    for position, line in enumerate(lines):
        if line.index in used:
            continue
        heads = _cells(line.atoms)
        year = year_of(heads[0][2]) if heads else None
        if year is None or len(heads) < 3 or any(c.isdigit() for h in heads[1:] for c in h[2][:1]):
            continue
        rows = _rows(lines[position + 1 : position + 1 + _MOST], len(heads) - 1, used)
        if len(rows) < 2:
            continue
        names = [text for _, _, text in heads[1:]]
        title = _title(lines, position)
        if not title and names == last_names:
            title = tables[-1].caption
        last_names = names
        tables.append(
            Table(
                columns=tuple(f"{heads[0][2]} {name}" for name in names),
                rows=tuple(row for row, _ in rows),
                caption=title,
                method="grid",
                x0=line.x0,
                x1=line.x1,
                top=line.top,
                bottom=rows[-1][1],
            )
        )
    return tables


def _rows(lines: Sequence[Line], width: int, used: Collection[int]) -> list[tuple[TableRow, float]]:
    rows: list[tuple[TableRow, float]] = []
    for line in lines:
        values = [atom for n, atom in enumerate(line.atoms) if atom.is_value and is_free(line, n)]
        label = " ".join(
            a.text for a in line.atoms if a.kind == "text" and values and a.x1 < values[0].x0
        )
        if len(values) != width or not label or line.index in used:
            break
        cells = tuple(atom.text for atom in values)
        rows.append((TableRow(label, "", cells, row=line.index), line.bottom))
    return rows


def _title(lines: Sequence[Line], position: int) -> str:
    """The nearest line of words above, unless it is far away or a sentence."""
    for line in reversed(lines[max(0, position - 2) : position]):
        text = " ".join(atom.text for atom in line.atoms)
        near = lines[position].top - line.bottom < 3 * line.height
        if near and not any(atom.is_value for atom in line.atoms) and len(text) < 110:
            return text
    return ""


def _cells(atoms: Sequence[Atom]) -> list[tuple[float, float, str]]:
    cells: list[tuple[float, float, str]] = []
    for atom in atoms:
        if cells and atom.gap < 0.85:
            cells[-1] = (cells[-1][0], atom.x1, f"{cells[-1][2]} {atom.text}")
        else:
            cells.append((atom.x0, atom.x1, atom.text))
    return cells
