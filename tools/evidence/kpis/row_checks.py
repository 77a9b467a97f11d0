"""What a table bears out by itself: changes printed beside values, rows that add up."""

from collections.abc import Sequence

from tools.evidence.kpis.columns import ColumnMeaning
from tools.evidence.numbers import Number, Style, parse_number
from tools.pdf.page import Table, TableRow

_LEAST_ROWS = 2


def change_check(
    row: TableRow,
    meanings: Sequence[ColumnMeaning],
    column: int,
    number: Number,
    style: Style,
) -> tuple[str, ...]:
    """The change in per cent printed beside the last two years matches them."""
    years = sorted(
        (
            (m.year, n)
            for n, m in enumerate(meanings)
            if m.year and m.kind == "value" and row.cells[n]
        ),
        reverse=True,
    )
    if len(years) < 2 or column not in (years[0][1], years[1][1]):
        return ()
    last, before = (parse_number(row.cells[n], style) for _, n in years[:2])
    if last is None or before is None or before.value == 0:
        return ()
    actual = (last.value / before.value - 1) * 100
    for n, meaning in enumerate(meanings):
        change = parse_number(row.cells[n], style) if meaning.kind == "change" else None
        if change is None:
            continue
        tolerance = 0.5 * 10 ** (-change.decimals) + 100 * 10 ** (-last.decimals) / max(
            abs(before.value), 1e-9
        )
        if abs(change.value - actual) <= tolerance and abs(actual) > 0.05:
            return (f"the change of {row.cells[n]} printed beside it fits",)
    return ()


def summed_rows(table: Table, meanings: Sequence[ColumnMeaning], style: Style) -> frozenset[int]:
    """Places of rows that are, in every year, the sum of the rows above them at their level.

    Two columns must bear it out, or three rows must add up to it.
    """
    places = [n for n, m in enumerate(meanings) if m.year is not None and m.kind == "value"]
    found: set[int] = set()
    start = 0
    for number, row in enumerate(table.rows):
        members = [other for other in table.rows[start:number] if other.section == row.section]
        if len(members) < _LEAST_ROWS:
            continue
        fits = [_adds_up(row, members, place, style) for place in places if row.cells[place]]
        if fits and all(fits) and (len(fits) > 1 or len(members) > _LEAST_ROWS):
            found.add(number)
            start = number + 1
    return frozenset(found)


def _adds_up(row: TableRow, members: Sequence[TableRow], place: int, style: Style) -> bool:
    total = parse_number(row.cells[place], style)
    parts = [
        number
        for member in members
        if (number := parse_number(member.cells[place], style)) is not None
    ]
    if total is None or len(parts) < _LEAST_ROWS or total.value <= max(p.value for p in parts):
        return False
    tolerance = sum(0.5 * 10.0 ** (-number.decimals) for number in [total, *parts])
    return abs(sum(p.value for p in parts) - total.value) <= tolerance * 1.02
