"""Numeric tables of a page from its word boxes, found by the header that names the years.

Works for fiscal years in any order, target, base-year and change columns between them, headers
over several lines, part columns under a year, groups of years under an entity, a unit column,
tables side by side, labels over several lines and section headings, and for tables and charts
whose rows are the years. Pure functions, no input or output.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.pdf.page import Row, Table, TableRow, Word
from tools.pdf.tables_captions import caption_of, lines_above, titles_of, unit_among
from tools.pdf.tables_columns import (
    Column,
    Run,
    aligned_column,
    column_for,
    columns_of,
    name_columns,
    value_run,
)
from tools.pdf.tables_headers import Header, find_headers
from tools.pdf.tables_indicators import Body, read_indicators
from tools.pdf.tables_labels import Piece, Zone, join_labels, label_zone, piece_of
from tools.pdf.tables_lines import Atom, Line, lines_of
from tools.pdf.tables_stub import find_stub_tables
from tools.pdf.tables_tokens import year_of
from tools.pdf.tables_years import find_year_rows

_PATIENCE = 7.0
"""A table ends where no number follows within this many line heights."""
_ENOUGH_ROWS, _STRAY = 8, 0.05
"""In a table of so many rows, a column that fewer than this share of them fill is none."""
_HEADING_LENGTH = 130
_DEEPEST = 40.0
"""A row further right than this of the row above is not its child: labels set flush right."""
_CENTRED = 22.0
"""A heading this many points right of the labels is centred, not indented."""


def find_tables(
    page_number: int, rows: Sequence[Row], text: str, sides: Sequence[Word] = ()
) -> tuple[Table, ...]:
    """Tables of one page, top to bottom. `rows` are the page's visual rows; `text` its text.

    `sides` are the texts written across the page's direction (turned group labels).
    `page_number` is 1-based and serves messages only. A page without a number costs nothing.
    """
    del page_number
    if not re.search(r"\d", text) and text:
        return ()
    lines = lines_of(rows)
    regions = [_region(lines, header, found) for found in [find_headers(lines)] for header in found]
    tables = []
    for region in regions:
        table = _read(lines, _limited(region, regions), sides)
        if table is not None:
            tables.append(table)
    used = {row.row for table in tables for row in table.rows}
    tables += find_year_rows(lines, used)
    tables += find_stub_tables(lines, {row.row for table in tables for row in table.rows})
    return tuple(sorted(tables, key=lambda t: (t.top, t.x0)))


@dataclass(frozen=True, slots=True)
class _Region:
    """A header with the lines under it that carry its numbers."""

    header: Header
    end: int
    runs: dict[int, Run]

    @property
    def right(self) -> float:
        return max(atom.x1 for run in self.runs.values() for atom in run)

    @property
    def left(self) -> float:
        return min(run[0].x0 for run in self.runs.values())


def _region(lines: Sequence[Line], header: Header, headers: Sequence[Header]) -> _Region:
    end = _end(headers, header, len(lines))
    runs: dict[int, Run] = {}
    last = header.last
    for position in range(header.last + 1, end):
        line = lines[position]
        if line.top - lines[last].bottom > _PATIENCE * line.height:
            break
        run = value_run(line, header)
        if run:
            runs[position] = run
            last = position
        elif position + 2 < end and all(
            _is_prose(lines[n], header) for n in range(position, position + 3)
        ):
            break
    return _Region(header, end, _without_strays(runs, header))


def _without_strays(runs: dict[int, Run], header: Header) -> dict[int, Run]:
    """Without a number left of the years that hardly any other line has there: part of a label."""
    if len(runs) < _ENOUGH_ROWS:
        return runs
    edge = header.anchors[0].x0
    kept: dict[int, Run] = {}
    for position, run in runs.items():
        first = run[0]
        beside = sum(
            any(atom.x0 < first.x1 and first.x0 < atom.x1 for atom in other)
            for other in runs.values()
        )
        stray = len(run) > 1 and first.x1 < edge - 2 and beside <= max(1, _STRAY * len(runs))
        kept[position] = run[1:] if stray else run
    return kept


def _limited(region: _Region, regions: Sequence[_Region]) -> _Region:
    """The region with the columns of tables at its left as its limit."""
    if not region.runs:
        return region
    first, last = region.header.first, max(region.runs)
    limit = region.header.left_limit
    for other in regions:
        if other is region or not other.runs:
            continue
        overlap = other.header.first <= last and first <= max(other.runs)
        if overlap and other.right < region.left - 20:
            limit = max(limit, other.right + 1)
    return _Region(replace(region.header, left_limit=limit), region.end, region.runs)


def _end(headers: Sequence[Header], header: Header, last: int) -> int:
    """Position of the next header over the same columns, or the end of the page."""
    x0, x1 = header.anchors[0].x0, header.anchors[-1].x1
    for other in headers:
        if other.first > header.last:
            a, b = other.anchors[0].x0, other.anchors[-1].x1
            if a < x1 + 10 and x0 - 10 < b:
                return other.first
    return last


def _read(lines: Sequence[Line], region: _Region, sides: Sequence[Word]) -> Table | None:
    header, runs = region.header, region.runs
    if not runs:
        return None
    start = min(runs)
    heads = [lines[n] for n in range(header.first, start) if not _is_prose(lines[n], header)]
    above = lines_above(lines, header)
    columns = columns_of(list(runs.values()), header)
    indicators = read_indicators(lines, _body(region), sides)
    if indicators is not None:
        header = replace(header, right_limit=indicators.right)
        above = [line for line in above if line.index not in indicators.heads]
    columns = name_columns(columns, header, heads, above)
    values = {n: _values(lines[n], run, columns, header) for n, run in runs.items()}
    if indicators is not None:
        pieces = indicators.pieces(values)
        titles = titles_of(above, indicators.x0, columns[-1].x1)
        x0, caption, unit = indicators.x0, " | ".join([*titles, indicators.title]).strip(" |"), ""
    else:
        zone = _zone(lines, region, heads)
        pieces = _year_pieces(lines, region, zone, heads, columns, values)
        x0 = zone.x0
        caption, unit = caption_of(lines, header, zone, above, columns[-1].x1)
        unit = unit or unit_among(heads, header)
    table_rows = _rows(pieces, len(columns))
    if not table_rows or sum(year_of(row.label) is not None for row in table_rows) > 1:
        return None
    return Table(
        columns=tuple(column.text for column in columns),
        rows=tuple(table_rows),
        caption=caption,
        unit=unit,
        method="indicator" if indicators else "year_header",
        x0=x0,
        x1=columns[-1].x1,
        top=lines[header.first].top,
        bottom=lines[max(runs)].bottom,
    )


def _zone(lines: Sequence[Line], region: _Region, heads: Sequence[Line]) -> Zone:
    header, runs = region.header, region.runs
    data = _with_neighbours(
        lines, [(lines[n], run[0].x0) for n, run in runs.items()], min(runs), max(runs)
    )
    return label_zone(data, heads[: header.last - header.first + 1], header.left_limit)


def _year_pieces(
    lines: Sequence[Line],
    region: _Region,
    zone: Zone,
    heads: Sequence[Line],
    columns: Sequence[Column],
    values: dict[int, dict[int, Atom]],
) -> list[Piece]:
    """Rows and headings of a table with its labels in one column."""
    header, runs = region.header, region.runs
    between = heads[header.last - header.first + 1 :]
    pieces = [
        _piece(line, (), {}, zone, header)
        for line in between
        if not any(a.x1 > columns[0].x0 and a.x0 < columns[-1].x1 for a in line.atoms)
    ]
    pieces += [
        _piece(lines[n], runs.get(n, ()), values.get(n, {}), zone, header)
        for n in range(min(runs), min(max(runs) + 2, region.end))
    ]
    return join_labels([p for p in pieces if p.label or p.values or p.unit or p.group])


def _with_neighbours(
    lines: Sequence[Line], data: list[tuple[Line, float]], first: int, last: int
) -> list[tuple[Line, float]]:
    """Lines with values; where most of them have no label, with the lines between them too."""
    bare = sum(line.atoms[0].x0 >= x - 1 for line, x in data)
    if 2 * bare < len(data):
        return data
    x = min(x for _, x in data)
    known = {line.index for line, _ in data}
    around = [line for line in lines[max(0, first - 1) : last + 2] if line.index not in known]
    return [*data, *((line, x) for line in around if line.atoms[-1].x1 < x)]


def _is_prose(line: Line, header: Header) -> bool:
    """Running text across the columns of numbers."""
    x0, x1 = header.anchors[0].x0, header.anchors[-1].x1
    across = [
        a
        for a in line.atoms
        if a.gap < 0.6 and a.kind == "text" and x0 - 5 < a.x0 < x1 and a.text[0].islower()
    ]
    return len(across) >= 3


def _body(region: _Region) -> Body:
    header, rows = region.header, tuple(sorted(region.runs))
    return Body(
        rows=rows,
        first=header.first,
        last=header.last,
        end=region.end,
        x0=region.left,
        x1=region.right,
        left=header.left_limit,
        right=header.right_limit,
        middles=(header.anchors[-1].middle, *(region.runs[n][0].middle for n in rows)),
    )


def _values(line: Line, run: Run, columns: Sequence[Column], header: Header) -> dict[int, Atom]:
    """The numbers of a line by column."""
    values: dict[int, Atom] = {}
    for atom in run:
        column = column_for(columns, atom, header.pitch)
        if column is not None and column not in values:
            values[column] = atom
    for atom in line.atoms:
        if atom.kind == "number" and atom.x0 > run[-1].x0 and header.right_limit > atom.x1:
            column = aligned_column(columns, atom)
            if column is not None and column not in values:
                values[column] = atom
    return values


def _piece(line: Line, run: Run, values: dict[int, Atom], zone: Zone, header: Header) -> Piece:
    piece = piece_of(line, zone, values, run[0].x0 if run else zone.x1)
    piece.crossing = not run and _is_prose(line, header)
    return piece


def _rows(pieces: Sequence[Piece], width: int) -> list[TableRow]:
    """Rows with values; headings and less indented rows above them make up the section."""
    rows: list[TableRow] = []
    margin = min((p.x0 for p in pieces if p.values and p.label), default=0.0)
    path: list[tuple[float, str, bool]] = []
    indented = False
    group, group_at = "", -1e9
    for piece in pieces:
        if piece.group:
            near = piece.line.middle - group_at < 2.2 * piece.line.height and not piece.whole_group
            group = f"{group} {piece.group}" if near else piece.group
            group_at = piece.line.middle
            path = [(piece.group_x0, group, False)]
            indented = False
        if not piece.values:
            if piece.crossing or not piece.label or len(piece.label) > _HEADING_LENGTH:
                continue
            x0 = margin if piece.x0 > margin + _CENTRED else piece.x0
            while path and (path[-1][2] or (rows and path[-1][0] >= x0 - 1.5)):
                path.pop()
            path = path[-2:]
            path.append((x0, piece.label, False))
            indented = False
            continue
        if piece.label:
            while path and (
                (path[-1][2] and not 1.5 < piece.x0 - path[-1][0] < _DEEPEST)
                or (not path[-1][2] and path[-1][0] > piece.x0 + 1.5)
                or (not path[-1][2] and indented and path[-1][0] >= piece.x0 - 1.5)
            ):
                path.pop()
            if path and not path[-1][2] and piece.x0 > path[-1][0] + 1.5:
                indented = True
        rows.append(
            TableRow(
                label=piece.label,
                section=" > ".join([*(text for _, text, _ in path), *piece.parts]),
                cells=tuple(
                    piece.values[n].text if n in piece.values else "" for n in range(width)
                ),
                unit=piece.unit,
                row=piece.line.index,
                marks=tuple(piece.marks),
                period=piece.period,
                code=piece.code,
                span=piece.span,
            )
        )
        if piece.label:
            path.append((piece.x0, piece.label, True))
    return rows
