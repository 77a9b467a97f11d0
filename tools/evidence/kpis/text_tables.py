"""Tables read from a page's text in reading order, line by line, without any boxes.

Serves pages of which only the text is known, and as a second reading beside the word boxes:
the columns are told by the order of the numbers, not by where they stand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.evidence.kpis.labels import basis_of, canonical, matches, split_unit
from tools.evidence.kpis.text_headers import (
    broken_header,
    continued_years,
    header_columns,
    stacked_years,
    sub_columns,
)
from tools.evidence.kpis.text_labels import inner_unit, other_basis, split_method, without_parts
from tools.evidence.kpis.text_lines import TextLine, words_of
from tools.evidence.kpis.text_stacks import stacked_columns
from tools.evidence.kpis.text_values import row_values, without_doubtful, without_scope_digits
from tools.evidence.units import parse_unit
from tools.pdf.page import Table, TableRow
from tools.pdf.tables_tokens import is_unit_text, kind_of, year_of

_PATIENCE, _ROW_REACH = 60, 8
"""A header serves this many lines, and further ones that closely follow a row of it."""


@dataclass(frozen=True, slots=True)
class _Header:
    columns: tuple[str, ...]
    line: int
    caption: str
    charted: bool = False
    """The numbers of these years stand above them, so that numbers below are of others."""


def tables_of_text(lines: Sequence[TextLine]) -> list[Table]:
    """Year-header tables; `TableRow.row` is the number of the line the values stand on."""
    tables = _tables(lines, None)
    used = {row.row for table in tables for row in table.rows}
    further = (_over_last_years(lines) if not tables else []) + _over_years(lines, used)
    return tables + further + (stacked_columns(lines) if not (tables or further) else [])


def _tables(lines: Sequence[TextLine], header: _Header | None) -> list[Table]:
    tables: list[Table] = []
    rows: list[TableRow] = []
    waiting: list[str] = []
    heading = ""
    named = -1
    for number, line in enumerate(lines):
        if number <= named:
            continue
        words = words_of(line.text)
        broken, last = broken_header(lines, number)
        columns = broken or header_columns(words) or stacked_years(lines, number)
        if columns:
            _close(tables, header, rows)
            caption = " | ".join(waiting[-3:])
            if header is not None and header.columns == columns and not waiting:
                caption = header.caption
            elif header is not None and header.line == number - 1:
                before = words[: len(words) - len(columns)]
                columns = continued_years(header.columns, columns, before) or columns
                caption = header.caption
            below = words_of(lines[last + 1].text) if last + 1 < len(lines) else []
            named = last
            if under := sub_columns(columns, below):
                columns, named = under, last + 1
            rest = " ".join(w for w in words if year_of(w) is None and w not in columns)
            caption = f"{caption} | {rest[-120:]}".strip(" |")
            header = _Header(columns, last, caption, _is_charted(lines, number, columns))
            rows, waiting, heading = [], [], ""
            continue
        reach = (
            max(header.line + _PATIENCE, rows[-1].row + _ROW_REACH if rows else 0) if header else -1
        )
        if header is None or number > reach:
            waiting = [*waiting[-4:], line.text]
            continue
        label, values = row_values(words, header.columns)
        if values is None:
            running = len(line.text) > 130 or line.text.endswith(".")
            plain = " ".join(words)
            waiting = [plain[-130:]] if running else [*waiting[-4:], plain]
            continue
        if header.charted and not label:
            continue
        text, above = _joined_label(waiting, label)
        heading = _heading(above) or heading
        method, text = split_method(text)
        heading = method or _unless_other_basis(heading, text)
        rows.append(_row(text, heading, without_doubtful(line.text, values), number, rows))
        waiting = []
    _close(tables, header, rows)
    return tables


def _over_last_years(lines: Sequence[TextLine]) -> list[Table]:
    """Rows above the only year header of a page, where nothing below it has its columns.

    Some pages give the header of a table last. Three years at least, and numbers under all of
    them, since two numbers in a row may as well be a value and its share.
    """
    heads = [
        (number, columns)
        for number, line in enumerate(lines)
        if (columns := header_columns(words_of(line.text)))
    ]
    if len(heads) != 1 or any(year_of(column) is None for column in heads[0][1]):
        return []
    last, columns = heads[0]
    first = max(0, last - _PATIENCE)
    if len(columns) < 3:
        return []
    found = []
    for table in _tables(lines[first:last], _Header(columns, 0, "")):
        rows = [replace(row, row=row.row + first) for row in table.rows if _is_full(row.cells)]
        if len(rows) > 1:
            found.append(replace(table, rows=tuple(rows)))
    return found


def _over_years(lines: Sequence[TextLine], used: set[int]) -> list[Table]:
    """Rows whose years stand right below them, as under the bars of a chart.

    Only for two rows or more above a line of nothing but years, with a number for each of them,
    and where what follows cannot be the rows these years are the header of.
    """
    tables: list[Table] = []
    for number, line in enumerate(lines):
        years = tuple(words_of(line.text))
        if len(years) < 2 or header_columns(list(years)) != years:
            continue
        rows: list[TableRow] = []
        for place in range(number - 1, -1, -1):
            row = None if place in used else _full_row(lines[place], years, place)
            if row is None:
                break
            rows.insert(0, row)
        below = [_full_row(after, years, 0) for after in lines[number + 1 : number + 5]]
        if len(rows) > 1 and not any(below):
            first = rows[0].row
            caption = " | ".join(before.text for before in lines[max(0, first - 3) : first])
            tables.append(Table(years, tuple(rows), caption, method="grid"))
    return tables


def _full_row(line: TextLine, years: tuple[str, ...], number: int) -> TableRow | None:
    """A line with a label and a number for each of the years."""
    label, values = row_values(words_of(line.text), years)
    if values is None or not re.search(r"[^\W\d_]{3}", label):
        return None
    return _row(label, "", values, number, ()) if _is_full(values) else None


def _is_full(cells: Sequence[str]) -> bool:
    """A number in every cell, and no share or change."""
    return all(re.match(r"\D?\d", cell) and "%" not in cell for cell in cells)


def single_lines(lines: Sequence[TextLine], used: set[int], year: int) -> list[Table]:
    """Lines that end with their only number, under no year header ("Total Scope 1 34,327")."""
    tables = []
    for number, line in enumerate(lines):
        if number in used or len(line.text) > 110:
            continue
        words = words_of(line.text)
        label, values = row_values(words, (str(year),))
        if values is None or not re.search(r"\d[\d.,]*\d", values[0]):
            continue
        if sum(kind_of(word) == "number" for word in without_scope_digits(words)) > 1:
            continue
        if not any(m.purity == "exact" for m in matches(canonical(split_unit(label)[0]))):
            continue
        caption = " | ".join(other.text for other in lines[max(0, number - 3) : number])
        row = TableRow(label, "", values, row=number)
        tables.append(Table((str(year),), (row,), caption, method="grid"))
    return tables


def _close(tables: list[Table], header: _Header | None, rows: list[TableRow]) -> None:
    if header is not None and rows:
        kept = without_parts(rows)
        tables.append(Table(header.columns, tuple(kept), header.caption, method="grid"))


def _row(
    label: str, heading: str, values: tuple[str, ...], number: int, above: Sequence[TableRow]
) -> TableRow:
    """A row with the unit that stands inside its label, under the row whose basis it continues."""
    label, unit = inner_unit(label)
    return TableRow(label, other_basis(label, above) or heading, values, unit, number)


def _joined_label(waiting: list[str], label: str) -> tuple[str, list[str]]:
    """The label with the lines before it that it continues, and the lines above these."""
    for place in range(len(waiting) - 1, -1, -1):
        if not _continues(waiting[place], label):
            return label, waiting[: place + 1]
        label = f"{waiting[place]} {label}".strip()
    return label, []


def _continues(last: str, label: str) -> bool:
    """Whether a label goes on with what the line before it began."""
    bare = not re.search(r"[^\W\d_]{3}", label) or is_unit_text(label.split())
    listed = re.match(r"[a-z][.)] ", label) is not None
    lower = (label[:1].islower() and not listed) or label[:1] in "(&"
    unit = parse_unit(label)
    measured = unit is not None and unit.dimension != "count"
    continued = bare or lower or measured or _OPEN_END.search(last) is not None
    return continued and len(last) < 110


def _is_charted(lines: Sequence[TextLine], number: int, columns: Sequence[str]) -> bool:
    """A line of nothing but years below a line of nothing but as many numbers: a chart's axis."""
    if number == 0 or words_of(lines[number].text) != list(columns):
        return False
    above = words_of(lines[number - 1].text)
    return len(above) == len(columns) and all(kind_of(word) == "number" for word in above)


def _heading(above: Sequence[str]) -> str:
    """The one or two lines right above a row that are no rows themselves, "" where none is."""
    lines: list[str] = []
    for line in reversed(above[-2:]):
        if _holds_value(line):
            break
        lines.insert(0, line)
    joined = " ".join(lines)
    return joined if len(joined) < 120 else lines[-1]


def _holds_value(line: str) -> bool:
    """The line has a number behind words that is no scope, no year and no mark at its end."""
    words = canonical(split_unit(line)[0]).split()
    return any(
        kind_of(word) == "number" and (len(word) > 1 or place < len(words) - 1)
        for place, word in enumerate(words)
        if place
    )


def _unless_other_basis(heading: str, label: str) -> str:
    """The heading, unless it names one basis and the row the other: then its rows have ended."""
    basis = basis_of(canonical(label))
    return heading if basis is None or basis_of(canonical(heading)) in (None, basis) else ""


_OPEN_END = re.compile(r"(?:[,(&:–-]|\b(?:and|or|of|in|the|per|by|to|for|from|und|der|GHG))\s*$")
