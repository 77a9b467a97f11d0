"""Rows with a single value and no year over it ("Scope 1   1,049.66 t CO2e")."""

import re
from collections.abc import Collection, Sequence

from tools.evidence.kpis.document import Document
from tools.evidence.kpis.labels import canonical, matches, split_unit
from tools.evidence.units import parse_unit
from tools.pdf.page import Row, Table, TableRow
from tools.pdf.tables_lines import Line
from tools.pdf.tables_tokens import year_of

_REACH = 14
"""How many lines above a row a heading with its year or unit is looked for."""


def has_single_values(rows: Sequence[Row], used: Collection[int]) -> bool:
    """Some row outside the tables ends with its only number and names a KPI: a quick look."""
    for number, row in enumerate(rows):
        if number in used or not 2 <= len(row.words) <= 24:
            continue
        text = row.text
        found = _SINGLE.match(text)
        if found and any(m.purity == "exact" for m in matches(canonical(split_unit(found[1])[0]))):
            return True
    return False


_SINGLE = re.compile(
    r"^(\D.{3,90}?)[\s:]+[€$~]?\d[\d.,'’]*(?: \d{3})*(?:\s?[^\d\s]\D{0,22}(?:CO ?2\D{0,4})?)?$"
)


def single_value_tables(
    lines: Sequence[Line], used: Collection[int], document: Document
) -> list[tuple[Table, bool]]:
    """One-column tables of labelled single values; each with whether its year is printed."""
    found: list[tuple[Table, bool]] = []
    for position, line in enumerate(lines):
        if line.index in used:
            continue
        values = [a for a in line.atoms if a.kind == "number" and a.gap > 0.85]
        if len(values) != 1 or line.atoms[-1] is not values[0]:
            continue
        value = values[0]
        label = " ".join(a.text for a in line.atoms if a.x1 <= value.x0)
        name, _, label_unit = split_unit(label)
        exact = [m for m in matches(canonical(name)) if m.purity == "exact"]
        suffix = re.sub(r"^[^A-Za-z%]*", "", value.text)
        has_unit = label_unit is not None or parse_unit(suffix) is not None
        if not exact or len(label) > 110:
            continue
        year, stated, caption = _above(lines, position, document)
        if not year or not (has_unit or _unit_in(caption)):
            continue
        found.append(
            (
                Table(
                    columns=(str(year),),
                    rows=(TableRow(label, "", (value.text,), row=line.index),),
                    caption=caption,
                    method="grid",
                ),
                stated,
            )
        )
    return found


def _above(lines: Sequence[Line], position: int, document: Document) -> tuple[int, bool, str]:
    """The only year named by the nearest heading with one, and the headings up to it."""
    headings: list[str] = []
    for line in reversed(lines[max(0, position - _REACH) : position]):
        if any(a.is_value for a in line.atoms) and not _heading_years(line):
            continue
        text = " ".join(a.text for a in line.atoms)
        if len(text) > 110:
            continue
        headings.insert(0, text)
        years = _heading_years(line)
        if len(years) == 1 and years[0] <= document.fiscal_year:
            return years[0], True, " | ".join(headings[:4])
        if years:
            break
    return document.fiscal_year, False, " | ".join(headings[-3:])


def _heading_years(line: Line) -> list[int]:
    return [year for a in line.atoms if (year := year_of(a.text.strip(",.;:()"))) is not None]


def _unit_in(caption: str) -> bool:
    return any(split_unit(part)[2] is not None for part in caption.split(" | "))
