"""Tables that a page's text gives column by column: all labels first, then each year's values."""

import re
from collections.abc import Sequence

from tools.evidence.kpis.labels import canonical, matches, split_unit
from tools.evidence.kpis.text_lines import TextLine
from tools.evidence.numbers import parse_number
from tools.pdf.page import Table, TableRow
from tools.pdf.tables_tokens import kind_of, year_of

_GLUED_YEAR = re.compile(r"(\d{1,3}(?:,\d{3})+)((?:19[89]|20[0-6])\d)")
_ORDER = ("scope_1", "scope_2", "scope_1_2", "scope_3", "scope_1_2_3")
"""How scopes follow each other in a table; labels in another order were not read in order."""


def stacked_columns(lines: Sequence[TextLine]) -> list[Table]:
    """Tables of which every label is a scope of its own and every column has its year.

    The labels stand right above the columns, one a line, as many as each column has values, and
    the year of each column is above its values or below them. Where a total is among the rows,
    it must be one in every column.
    """
    tables: list[Table] = []
    number = 0
    while number < len(lines):
        end = number
        while end < len(lines) and _part(lines[end].text):
            end += 1
        columns = _columns([part for line in lines[number:end] for part in _part(line.text)])
        if columns:
            table = _table(lines, number, columns)
            tables += [table] if table is not None else []
        number = max(end, number + 1)
    return tables


def _part(text: str) -> list[str]:
    """A line that is a year, a value, or a value with the year below it glued on; () for others."""
    glued = _GLUED_YEAR.fullmatch(text)
    if glued:
        return [glued[1], glued[2]]
    return [text] if kind_of(text) in ("year", "number", "blank") else []


def _columns(parts: Sequence[str]) -> dict[str, list[str]]:
    """Values by their year, where all years have equally many, at least two."""
    ordered = list(parts)
    if not ordered or year_of(ordered[0]) is None:
        ordered.reverse()
    columns: dict[str, list[str]] = {}
    for part in ordered:
        if year_of(part) is not None:
            if part in columns:
                return {}
            columns[part] = []
        elif columns:
            columns[next(reversed(columns))].append(part)
        else:
            return {}
    if ordered != list(parts):
        columns = {year: values[::-1] for year, values in reversed(columns.items())}
    sizes = {len(values) for values in columns.values()}
    return columns if len(columns) > 1 and len(sizes) == 1 and min(sizes) > 1 else {}


def _table(lines: Sequence[TextLine], start: int, columns: dict[str, list[str]]) -> Table | None:
    size = len(next(iter(columns.values())))
    labels = [line.text for line in lines[max(0, start - size) : start]]
    kpis = [_scope(label) for label in labels]
    if (
        len(labels) < size
        or None in kpis
        or (start > size and _scope(lines[start - size - 1].text))
    ):
        return None
    order = [_ORDER.index(kpi) for kpi in kpis if kpi is not None]
    if order != sorted(order) or len({canonical(label) for label in labels}) < size:
        return None
    if not all(_adds_up(kpis, values) for values in columns.values()):
        return None
    rows = tuple(
        TableRow(
            label, "", tuple(values[place] for values in columns.values()), row=start - size + place
        )
        for place, label in enumerate(labels)
    )
    caption = " | ".join(line.text for line in lines[max(0, start - size - 3) : start - size])
    return Table(tuple(columns), rows, caption, method="grid")


def _scope(label: str) -> str | None:
    """The scope that a label names exactly."""
    found = matches(canonical(split_unit(label)[0]))
    kpi = found[0].kpi.id if found and found[0].purity == "exact" else None
    return kpi if kpi in _ORDER else None


def _adds_up(kpis: Sequence[str | None], values: Sequence[str]) -> bool:
    """Scopes 1 and 2 make their sum, where all three are there once."""
    numbers = {
        kpi: parse_number(value, whole=True) for kpi, value in zip(kpis, values, strict=True)
    }
    members = [numbers.get(kpi) for kpi in ("scope_1", "scope_2", "scope_1_2")]
    one, two, whole = members
    if one is None or two is None or whole is None or len(set(kpis)) < len(kpis):
        return True
    return abs(one.value + two.value - whole.value) <= 1.5 * 10.0 ** -min(
        n.decimals for n in (one, two, whole)
    )
