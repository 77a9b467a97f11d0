"""Columns of numbers under a header, and which year or heading each of them has."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tools.pdf.tables_headers import Anchor, Header
from tools.pdf.tables_lines import Atom, Line, is_free
from tools.pdf.tables_tokens import is_unit_text

Run = tuple[Atom, ...]


@dataclass(slots=True)
class Column:
    """An x-range of numbers with the header text over it."""

    x0: float
    x1: float
    anchor: Anchor | None = None
    name: str = ""
    """Words of a second header line: a part ("Total") or another heading ("Change")."""
    group: str = ""
    """Words over several years: an entity ("Group", "Germany")."""

    @property
    def text(self) -> str:
        parts = [self.group, self.anchor.text if self.anchor else "", self.name]
        return " ".join(part for part in parts if part)

    def distance(self, atom: Atom) -> float:
        """0 where the atom overlaps the column, else the gap in points."""
        return max(0.0, self.x0 - atom.x1, atom.x0 - self.x1)


def value_run(line: Line, header: Header) -> Run:
    """The numbers of a line under and beside the header's years, left to right."""
    pitch = min(0.5 * header.pitch, 40.0)
    inside = [
        number
        for number, atom in enumerate(line.atoms)
        if atom.is_value
        and atom.x0 >= header.left_limit
        and atom.x1 <= header.right_limit
        and is_free(line, number)
    ]
    seeds = [
        number
        for number in inside
        if any(
            line.atoms[number].x0 < anchor.x1 + pitch and line.atoms[number].x1 > anchor.x0 - pitch
            for anchor in header.anchors
        )
    ]
    if not seeds:
        return ()
    first, last = seeds[0], seeds[-1]
    while first - 1 in inside:
        first -= 1
    while last + 1 in inside:
        last += 1
    run = tuple(line.atoms[n] for n in range(first, last + 1) if n in inside)
    return run if any(atom.kind == "number" for atom in run) or len(run) > 1 else ()


def columns_of(runs: Sequence[Run], header: Header) -> list[Column]:
    """Columns of the numbers; lines with the usual full count decide where they are."""
    counts = Counter(len(run) for run in runs)
    usual = [n for n, seen in counts.items() if seen >= max(2, 0.2 * len(runs))] or list(counts)
    full = max(usual)
    columns: list[Column] = []
    for run in runs:
        if len(run) == full:
            columns = _merge_full(columns, run)
    for run in runs:
        if len(run) != full:
            for atom in run:
                _place(columns, atom, header.pitch)
    columns.sort(key=lambda c: c.x0)
    return columns


def _merge_full(columns: list[Column], run: Run) -> list[Column]:
    if not columns:
        return [Column(atom.x0, atom.x1) for atom in run]
    fits = len(columns) == len(run) and all(
        column.distance(atom) < 0.5 * (column.x1 - column.x0 + 12)
        for column, atom in zip(columns, run, strict=True)
    )
    if fits:
        for column, atom in zip(columns, run, strict=True):
            column.x0, column.x1 = min(column.x0, atom.x0), max(column.x1, atom.x1)
    return columns


def _place(columns: list[Column], atom: Atom, pitch: float) -> None:
    nearest = min(columns, key=lambda c: (c.distance(atom), abs(c.x1 - atom.x1)))
    if nearest.distance(atom) <= 0:
        others = [c for c in columns if c is not nearest]
        if all(c.distance(atom) > 0 for c in others):
            nearest.x0, nearest.x1 = min(nearest.x0, atom.x0), max(nearest.x1, atom.x1)
    elif nearest.distance(atom) > 0.45 * min(pitch, 60.0):
        columns.append(Column(atom.x0, atom.x1))


def column_for(columns: Sequence[Column], atom: Atom, pitch: float) -> int | None:
    """The column an atom stands in: overlapping, or nearest within half a column's distance."""
    best = min(
        range(len(columns)),
        key=lambda n: (
            round(columns[n].distance(atom), 1),
            min(abs(columns[n].x1 - atom.x1), abs(columns[n].x0 - atom.x0)),
        ),
    )
    return best if columns[best].distance(atom) <= 0.5 * min(pitch, 80.0) else None


def aligned_column(columns: Sequence[Column], atom: Atom) -> int | None:
    """The column a number lines up with to the point, although words follow right behind it."""
    for number, column in enumerate(columns):
        if min(abs(column.x1 - atom.value_x1), abs(column.x0 - atom.x0)) < 2.0:
            return number
    return None


def name_columns(
    columns: list[Column], header: Header, heads: Sequence[Line], above: Sequence[Line]
) -> list[Column]:
    """Give every column its year, its second heading and the group it stands under.

    `heads` are the header's lines down to the first numbers, `above` the lines just over it.
    """
    by_line = [_names(columns, line, header) for line in heads]
    for number, column in enumerate(columns):
        column.name = " ".join(names[number] for names in by_line if names[number])
    _give_years(columns, header)
    if any(column.anchor is None for column in columns):
        _spread_years(columns, header, heads, by_line)
    for anchor in header.anchors:
        if all(column.anchor is not anchor for column in columns):
            columns.append(Column(anchor.x0, anchor.x1, anchor))
    columns.sort(key=lambda c: c.x0)
    _give_groups(columns, header, above)
    return columns


def _names(columns: Sequence[Column], line: Line, header: Header) -> list[str]:
    """Words of a header line over each column, without the years themselves.

    A cell over one column belongs to it as a whole; one over several is taken word by word.
    """
    names = [""] * len(columns)
    edges = [(a.x1 + b.x0) / 2 for a, b in pairwise(columns)]
    low = columns[0].x0 - 0.5 * min(header.pitch, 60.0)
    high = columns[-1].x1 + 0.6 * min(header.pitch, 80.0)
    for cell in _runs_of_words(line):
        x0, x1 = cell[0].x0, cell[-1].x1
        over = [n for n, c in enumerate(columns) if c.x0 < x1 and x0 < c.x1]
        alone = over[0] if len(over) == 1 else None
        if not over and _has_year_beside(columns, (x0, x1), header):
            continue
        for atom in cell:
            centre = (atom.x0 + atom.x1) / 2
            inside = header.left_limit < x0 and x1 < header.right_limit
            if not inside or (alone is None and not low < centre < high):
                continue
            if any(
                a.line == line.index and a.x0 - 1 <= atom.x0 and atom.x1 <= a.x1 + 1
                for a in header.anchors
            ):
                continue
            number = alone if alone is not None else sum(centre > edge for edge in edges)
            names[number] = f"{names[number]} {atom.text}".strip()
    return names


def _has_year_beside(columns: Sequence[Column], span: tuple[float, float], header: Header) -> bool:
    """A cell beside the columns, next to one that has a year of its own: not its name."""
    nearest = min(columns, key=lambda c: max(c.x0 - span[1], span[0] - c.x1))
    away = max(nearest.x0 - span[1], span[0] - nearest.x1)
    named = any(a.x0 < nearest.x1 and nearest.x0 < a.x1 for a in header.anchors)
    return named and away > 4.0


def _runs_of_words(line: Line) -> list[list[Atom]]:
    cells: list[list[Atom]] = []
    for atom in line.atoms:
        if cells and atom.gap < _CELL_GAP:
            cells[-1].append(atom)
        else:
            cells.append([atom])
    return cells


def _give_years(columns: Sequence[Column], header: Header) -> None:
    """Each year to the nearest column; a column takes one year only."""
    pairs = sorted(
        (
            max(0.0, column.x0 - anchor.x1, anchor.x0 - column.x1),
            min(abs(column.x1 - anchor.x1), abs((column.x0 + column.x1) / 2 - anchor.centre)),
            c,
            a,
        )
        for c, column in enumerate(columns)
        for a, anchor in enumerate(header.anchors)
    )
    used_columns: set[int] = set()
    used_anchors: set[int] = set()
    reach = 0.5 * min(header.pitch, 80.0)
    for gap, _, c, a in pairs:
        if gap > reach or c in used_columns or a in used_anchors:
            continue
        columns[c].anchor = header.anchors[a]
        used_columns.add(c)
        used_anchors.add(a)


@dataclass(frozen=True, slots=True)
class _Head:
    """A cell of the line that names the years: a year, or other words ("Baseline year")."""

    x0: float
    x1: float
    anchor: Anchor | None
    text: str


def _spread_years(
    columns: Sequence[Column],
    header: Header,
    heads: Sequence[Line],
    by_line: Sequence[Sequence[str]],
) -> None:
    """A year over several part columns, told by part names that repeat under every year.

    Every header line whose words repeat that way helps to name the parts.
    """
    for cells in (_heads(columns, header, heads), _heads(columns, header, [])):
        for size in range(len(columns) // len(cells), 1, -1):
            repeating = [names for names in by_line if _repeats(names, size, len(cells))]
            names = [
                " ".join(part for part in parts if part) for parts in zip(*repeating, strict=True)
            ]
            blocks = [columns[n * size : (n + 1) * size] for n in range(len(cells))]
            if len(set(names[:size])) > 1 and _sit_over(cells, blocks):
                _assign(cells, blocks, columns, names)
                return


def _heads(columns: Sequence[Column], header: Header, lines: Sequence[Line]) -> list[_Head]:
    cells = [_Head(a.x0, a.x1, a, "") for a in header.anchors]
    rows = {a.line for a in header.anchors}
    for line in lines:
        if line.index not in rows:
            continue
        for words in _runs_of_words(line):
            x0, x1 = words[0].x0, words[-1].x1
            apart = all(x1 < a.x0 or a.x1 < x0 for a in header.anchors)
            if apart and columns[0].x0 - 5 < x0 and x1 < columns[-1].x1 + 20:
                cells.append(_Head(x0, x1, None, " ".join(w.text for w in words)))
    return sorted(cells, key=lambda cell: cell.x0)


def _sit_over(cells: Sequence[_Head], blocks: Sequence[Sequence[Column]]) -> bool:
    return all(
        block[0].x0 - 12 <= (cell.x0 + cell.x1) / 2 <= block[-1].x1 + 12
        for block, cell in zip(blocks, cells, strict=True)
    )


def _assign(
    cells: Sequence[_Head],
    blocks: Sequence[Sequence[Column]],
    columns: Sequence[Column],
    names: Sequence[str],
) -> None:
    for column, name in zip(columns, names, strict=True):
        column.name, column.anchor = name, None
    for block, cell in zip(blocks, cells, strict=True):
        for column in block:
            column.anchor = cell.anchor
            column.name = f"{cell.text} {column.name}".strip()


def _repeats(names: Sequence[str], size: int, heads: int) -> bool:
    """The first `size` names come again under every head."""
    plain = [" ".join(name.split()).casefold() for name in names]
    if not any(plain[:size]):
        return False
    if heads == 1:
        return size == len(names) and all(plain)
    return all(plain[n] == plain[n + size] for n in range(size * (heads - 1)))


def _give_groups(columns: Sequence[Column], header: Header, above: Sequence[Line]) -> None:
    """Headings over repeated years ("Group 2023 2022 Germany 2023 2022")."""
    years = [anchor.year for anchor in header.anchors]
    repeated = len(years) > len(set(years))
    if not repeated:
        return
    period = years.index(years[0], 1) if years.count(years[0]) > 1 else 0
    if not period or len(years) % period or years != years[:period] * (len(years) // period):
        return
    wanted = len(years) // period
    for line in reversed(above):
        cells = [
            cell
            for cell in _cells(line)
            if cell[1] > header.anchors[0].x0 - 30
            and cell[0] < header.anchors[-1].x1 + 30
            and not is_unit_text(cell[2].split())
        ]
        if len(cells) != wanted:
            continue
        for number, anchor in enumerate(header.anchors):
            for column in columns:
                if column.anchor is anchor:
                    column.group = cells[number // period][2]
        return


def _cells(line: Line) -> list[tuple[float, float, str]]:
    cells: list[tuple[float, float, str]] = []
    for atom in line.atoms:
        if cells and atom.gap < _CELL_GAP:
            x0, _, text = cells[-1]
            cells[-1] = (x0, atom.x1, f"{text} {atom.text}")
        else:
            cells.append((atom.x0, atom.x1, atom.text))
    return cells


_CELL_GAP = 0.85
