"""Numeric tables of a page from its word boxes, found by the header that names the years.

Works for fiscal years in any order, target, base-year and change columns between them, headers
over several lines, part columns under a year, groups of years under an entity, a unit column,
tables side by side, labels over several lines and section headings, and for tables and charts
whose rows are the years. Pure functions, no input or output.
"""

import re
from collections.abc import Sequence

from tools.pdf.page import Row, Table, TableRow
from tools.pdf.tables_columns import Run, column_for, columns_of, name_columns, value_run
from tools.pdf.tables_headers import Header, find_headers
from tools.pdf.tables_labels import Piece, Zone, join_labels, label_zone, piece_of
from tools.pdf.tables_lines import Line, lines_of
from tools.pdf.tables_tokens import is_unit_text
from tools.pdf.tables_years import find_year_rows

_PATIENCE = 7.0
"""A table ends where no number follows within this many line heights."""
_HEADING_LENGTH = 130


def find_tables(page_number: int, rows: Sequence[Row], text: str) -> tuple[Table, ...]:
    """Tables of one page, top to bottom. `rows` are the page's visual rows; `text` its text.

    `page_number` is 1-based and serves messages only. A page without a number costs nothing.
    """
    del page_number
    if not re.search(r"\d", text) and text:
        return ()
    lines = lines_of(rows)
    headers = find_headers(lines)
    tables = []
    for header in headers:
        table = _read(lines, header, _end(headers, header, len(lines)))
        if table is not None:
            tables.append(table)
    used = {row.row for table in tables for row in table.rows}
    tables += find_year_rows(lines, used)
    return tuple(sorted(tables, key=lambda t: (t.top, t.x0)))


def _end(headers: Sequence[Header], header: Header, last: int) -> int:
    """Position of the next header over the same columns, or the end of the page."""
    x0, x1 = header.anchors[0].x0, header.anchors[-1].x1
    for other in headers:
        if other.first > header.last:
            a, b = other.anchors[0].x0, other.anchors[-1].x1
            if a < x1 + 10 and x0 - 10 < b:
                return other.first
    return last


def _read(lines: Sequence[Line], header: Header, end: int) -> Table | None:
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
    if not runs:
        return None
    columns = columns_of(list(runs.values()), header)
    start = min(runs)
    data = [(lines[n], run[0].x0) for n, run in runs.items()]
    heads = [lines[n] for n in range(header.first, start) if not _is_prose(lines[n], header)]
    above = _above(lines, header)
    zone = label_zone(data, heads[: header.last - header.first + 1], header.left_limit)
    columns = name_columns(columns, header, heads, above)
    pieces = []
    for position in range(start, max(runs) + 2):
        if position >= end:
            break
        pieces.append(_piece(lines[position], runs.get(position, ()), zone, columns, header))
    before = [
        _piece(line, (), zone, columns, header)
        for line in heads[header.last - header.first + 1 :]
        if not any(a.x1 > columns[0].x0 and a.x0 < columns[-1].x1 for a in line.atoms)
    ]
    pieces = join_labels([p for p in [*before, *pieces] if p.label or p.values or p.unit or p.group])
    table_rows = _rows(pieces, len(columns))
    if not table_rows:
        return None
    caption, unit = _caption(lines, header, zone, above)
    return Table(
        columns=tuple(column.text for column in columns),
        rows=tuple(table_rows),
        caption=caption,
        unit=unit,
        method="year_header",
        x0=zone.x0,
        x1=columns[-1].x1,
        top=lines[header.first].top,
        bottom=lines[max(runs)].bottom,
    )


def _is_prose(line: Line, header: Header) -> bool:
    """Running text across the columns of numbers."""
    x0, x1 = header.anchors[0].x0, header.anchors[-1].x1
    across = [a for a in line.atoms if a.gap < 0.6 and a.kind == "text" and x0 - 5 < a.x0 < x1]
    return len(across) >= 3


def _above(lines: Sequence[Line], header: Header) -> list[Line]:
    """Up to four lines right above a header, the nearest last."""
    found: list[Line] = []
    below = lines[header.first]
    for position in range(header.first - 1, max(-1, header.first - 5), -1):
        line = lines[position]
        if below.top - line.bottom > (4.0 if len(found) < 2 else 2.2) * max(
            line.height, below.height
        ):
            break
        found.append(line)
        below = line
    return list(reversed(found))


def _piece(line: Line, run: Run, zone: Zone, columns: list, header: Header) -> Piece:  # type: ignore[type-arg]
    values = {}
    for atom in run:
        column = column_for(columns, atom, header.pitch)
        if column is not None and column not in values:
            values[column] = atom
    x = run[0].x0 if run else zone.x1
    piece = piece_of(line, zone, values, x)
    piece.crossing = not run and _is_prose(line, header)
    return piece


def _rows(pieces: Sequence[Piece], width: int) -> list[TableRow]:
    """Rows with values; headings and less indented rows above them make up the section."""
    rows: list[TableRow] = []
    path: list[tuple[float, str, bool]] = []
    indented = False
    group, group_at = "", -1e9
    for piece in pieces:
        if piece.group:
            near = piece.line.middle - group_at < 2.2 * piece.line.height
            group = f"{group} {piece.group}" if near else piece.group
            group_at = piece.line.middle
            path = [(piece.group_x0, group, False)]
            indented = False
        if not piece.values:
            if piece.crossing or not piece.label or len(piece.label) > _HEADING_LENGTH:
                continue
            while path and (path[-1][2] or (rows and path[-1][0] >= piece.x0 - 1.5)):
                path.pop()
            path = path[-2:]
            path.append((piece.x0, piece.label, False))
            indented = False
            continue
        if piece.label:
            while path and (
                (path[-1][2] and path[-1][0] >= piece.x0 - 1.5)
                or (not path[-1][2] and path[-1][0] > piece.x0 + 1.5)
                or (not path[-1][2] and indented and path[-1][0] >= piece.x0 - 1.5)
            ):
                path.pop()
            if path and not path[-1][2] and piece.x0 > path[-1][0] + 1.5:
                indented = True
        rows.append(
            TableRow(
                label=piece.label,
                section=" > ".join(text for _, text, _ in path),
                cells=tuple(
                    piece.values[n].text if n in piece.values else "" for n in range(width)
                ),
                unit=piece.unit,
                row=piece.line.index,
                marks=tuple(piece.marks),
            )
        )
        if piece.label:
            path.append((piece.x0, piece.label, True))
    return rows


def _caption(
    lines: Sequence[Line], header: Header, zone: Zone, above: Sequence[Line]
) -> tuple[str, str]:
    """Words over the table and at the left of its header, and the unit among them."""
    stub = []
    for position in range(header.first, header.last + 1):
        stub += [
            a.text
            for a in lines[position].atoms
            if zone.x0 - 2 <= a.x0 and a.x1 <= zone.x1 and a.x1 < header.anchors[0].x0
        ]
    titles = []
    for line in above:
        words = [a.text for a in line.atoms if zone.x0 - 8 <= a.x0 < header.right_limit]
        text = " ".join(words)
        if words and len(words) <= 16 and not text.endswith("."):
            titles.append(text)
    stub_text = " ".join(stub)
    unit = ""
    match = re.search(r"(?:\bin\s+|\()([^()]{1,60})\)?$", stub_text)
    if match and is_unit_text(match[1].split()):
        unit = match[1].strip()
    elif stub and is_unit_text(stub) and stub_text.casefold() not in ("unit", "units"):
        unit = stub_text
    return " | ".join([*titles[-3:], stub_text]).strip(" |"), unit
