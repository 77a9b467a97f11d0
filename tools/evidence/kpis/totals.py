"""Totals whose row names no scope: recognised because they are the sum of the scopes above."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from tools.evidence.kpis.arithmetic import fits_sum
from tools.evidence.kpis.columns import ColumnMeaning, read_column
from tools.evidence.kpis.labels import (
    basis_of,
    canonical,
    is_generic,
    matches,
    speaks_of_part,
    split_unit,
)
from tools.evidence.kpis.observation import Observation
from tools.evidence.numbers import Style, parse_number
from tools.pdf.page import Table, TableRow

_TOTAL_STEMS = ("total", "emission", "sum", "gesamt", "footprint", "group", "overall")
_SUMS = (
    ("scope_1_2", ("scope_1", "scope_2"), "Scope 1 + Scope 2"),
    ("scope_1_2_3", ("scope_1", "scope_2", "scope_3"), "Scope 1 + Scope 2 + Scope 3"),
    ("scope_1_2_3", ("scope_1_2", "scope_3"), "Scopes 1 and 2 + Scope 3"),
)


def deduced_totals(
    table: Table, observations: Sequence[Observation], style: Style
) -> list[Observation]:
    """Rows of a table that add up its scopes in every year both are given.

    `observations` are the sightings of this table. A row counts when its label speaks of
    emissions or of a total and of no KPI itself.
    """
    of: dict[tuple[str, int], list[Observation]] = defaultdict(list)
    for observation in observations:
        of[observation.kpi, observation.year].append(observation)
    meanings = [read_column(column) for column in table.columns]
    seen_rows = {observation.row for observation in observations}
    found: list[Observation] = []
    for row in table.rows:
        name = canonical(split_unit(row.label)[0])
        if row.row in seen_rows or matches(name) or speaks_of_part(name):
            continue
        if not any(word in name for word in _TOTAL_STEMS):
            continue
        for kpi, parts, words in _SUMS:
            sums = [
                total
                for number, meaning in enumerate(meanings)
                if meaning.year is not None and meaning.kind == "value" and not meaning.name
                if (total := _total(row.cells[number], meaning.year, of, parts, style)) is not None
            ]
            years = {year for part, year in of if part == parts[0]}
            if sums and len(sums) >= min(2, len(years)):
                found += [
                    _observation(kpi, words, row.label, row.row, name, total) for total in sums
                ]
                break
        else:
            found += _of_parts(row, name, meanings, of, style)
    return found


def _of_parts(
    row: TableRow,
    name: str,
    meanings: Sequence[ColumnMeaning],
    of: dict[tuple[str, int], list[Observation]],
    style: Style,
) -> list[Observation]:
    """A total of Scopes 1 and 2 that are printed for each part of the group only."""
    if not is_generic(name):
        return []
    found = []
    for number, meaning in enumerate(meanings):
        if meaning.year is None or meaning.kind != "value" or meaning.name or not row.cells[number]:
            continue
        members = [o for kpi in ("scope_1", "scope_2") for o in of.get((kpi, meaning.year), ())]
        total = parse_number(row.cells[number], style, whole=True)
        if total is None or len({o.unit for o in members}) != 1 or len(members) < 3:
            return []
        factor = members[0].unit.factor if members[0].unit is not None else 1.0
        precision = 0.5 * 10.0 ** (-total.decimals) * factor
        if all(o.clean for o in members) or not fits_sum(members, total.value * factor, precision):
            return []
        parts = [replace(o, clean=True, section="") for o in members]
        words = "Scope 1 + Scope 2 of all parts"
        found.append(
            _observation(
                "scope_1_2",
                words,
                row.label,
                row.row,
                name,
                (total.value, total.printed, total.decimals, parts),
            )
        )
    return found


def _total(
    cell: str,
    year: int,
    of: dict[tuple[str, int], list[Observation]],
    parts: Sequence[str],
    style: Style,
) -> tuple[float, str, int, list[Observation]] | None:
    """Value, printed string, decimals and the members of a cell that is a sum of parts."""
    number = parse_number(cell, style, whole=True) if cell else None
    if number is None or any((part, year) not in of for part in parts):
        return None
    for last in of[parts[-1], year] if len(parts) == 2 else of["scope_2", year]:
        members = [of[part, year][0] for part in parts]
        if len(parts) == 2:
            members[-1] = last
        else:
            members[1] = last
        unit = members[0].unit
        if unit is None:
            continue
        precision = 0.5 * 10.0 ** (-number.decimals) * unit.factor
        if fits_sum(members, number.value * unit.factor, precision):
            return number.value, number.printed, number.decimals, members
    return None


def _observation(
    kpi: str,
    words: str,
    label: str,
    row: int,
    name: str,
    total: tuple[float, str, int, list[Observation]],
) -> Observation:
    value, printed, decimals, members = total
    basis = next((m.basis for m in members if m.basis), None) or basis_of(name)
    return replace(
        members[0],
        kpi=kpi,
        value=value,
        printed=printed,
        decimals=decimals,
        label=split_unit(label)[0],
        exact=True,
        clean=all(member.clean for member in members),
        row=row,
        basis=basis,
        variant="",
        total=True,
        checks=(f"{words} = {printed} on the same table",),
    )
