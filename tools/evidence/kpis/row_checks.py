"""What a table row bears out by itself: the change in per cent printed beside its values."""

from collections.abc import Sequence

from tools.evidence.kpis.columns import ColumnMeaning
from tools.evidence.numbers import Number, Style, parse_number
from tools.pdf.page import TableRow


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
