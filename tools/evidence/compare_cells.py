"""One cell of the industry table: which record it shows and what sets it apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.analyst.wording import (
    change_pct,
    is_group_wide,
    number,
    qualifier,
    quantity,
    same_measure,
)
from agent.domain import Cell, CompanyAnalysis, KpiRecord
from tools.evidence.compare_columns import ColumnSpec

_FIRST_OF = "electricity"
_SPLIT_BY_BASIS = {"scope_2", "scope_1_2"}


@dataclass(frozen=True, slots=True)
class ColumnFrame:
    """What the comparable cells of a column have in common."""

    spec: ColumnSpec
    year: int | None
    unit: str


def records_of(records: Sequence[KpiRecord], spec: ColumnSpec) -> list[KpiRecord]:
    """The current records that may stand in the column.

    A figure whose basis (or denominator) the report does not state stands in the first column
    of its KPI, flagged, where the company gives none that states it.
    """
    current = [r for r in records if r.kpi == spec.kpi and r.superseded_by is None]
    if spec.kpi in _SPLIT_BY_BASIS:
        stated = [r for r in current if r.basis == spec.basis]
        first = spec.basis == "market" and not any(r.basis for r in current)
    elif spec.of:
        stated = [r for r in current if qualifier(r) == spec.of]
        first = spec.of == _FIRST_OF and not any(qualifier(r) for r in current)
    else:
        return current
    return current if first else stated


def make_cell(records: Sequence[KpiRecord], frame: ColumnFrame) -> Cell:
    """The best record for the column's year, with its flags and its trend."""
    shown = max(records, key=lambda r: _rank(r, frame))
    flags = list(_flags(shown, frame))
    value, unit = _in_unit(shown, frame.unit)
    if unit != frame.unit:
        flags.append(f"unit {shown.unit}" if shown.unit else "no unit")
    comparable = not flags
    if "restated" in shown.flags:
        flags.append("restated")
    return Cell(
        kpi=frame.spec.kpi,
        record=shown.id,
        value=value,
        unit=unit,
        shown=number(tidy(value)) if unit == frame.unit else quantity(shown.value, shown.unit),
        year=shown.year,
        basis=shown.basis,
        comparable=comparable,
        flags=tuple(flags),
        trend_pct=_trend(shown, records),
    )


def empty_cell(company: CompanyAnalysis, spec: ColumnSpec) -> Cell:
    """A cell without a figure; it says which kind of silence it is."""
    kinds = [silence.kind for silence in company.silences if silence.kpi == spec.kpi]
    elsewhere = any(record.kpi == spec.kpi for record in company.kpis)
    kind = kinds[0] if kinds and not elsewhere else "not_found"
    return Cell(kpi=spec.kpi, basis=spec.basis, silence=kind)


def _rank(record: KpiRecord, frame: ColumnFrame) -> tuple[bool | int, ...]:
    return (
        record.status == "verified",
        is_group_wide(record.boundary),
        record.year == frame.year,
        _in_unit(record, frame.unit)[1] == frame.unit,
        record.year,
        record.method == "table",
    )


def _flags(record: KpiRecord, frame: ColumnFrame) -> list[str]:
    """What sets the record apart from its column, in words."""
    flags = []
    if record.status == "candidate":
        flags.append("candidate")
    if record.year != frame.year:
        flags.append(f"year {record.year}")
    if frame.spec.kpi in _SPLIT_BY_BASIS and record.basis is None:
        flags.append("basis not stated")
    if not is_group_wide(record.boundary):
        flags.append(f"boundary: {record.boundary}")
    if frame.spec.of and not qualifier(record):
        flags.append("denominator not stated")
    return flags


def _in_unit(record: KpiRecord, unit: str) -> tuple[float, str]:
    """The value in the column's unit where the record can be brought to it, else as reported."""
    if record.normalised and record.normalised.unit == unit:
        return record.normalised.value, unit
    return record.value, record.unit


def tidy(value: float) -> float:
    """A value without conversion noise: six significant digits, whole numbers kept whole."""
    return round(value) if abs(value) >= 100_000 else float(f"{value:.6g}")


def _trend(shown: KpiRecord, records: Sequence[KpiRecord]) -> float | None:
    """Change against the year before in per cent, where both years are verified.

    None for shares: a change of a share is told in percentage points, not in per cent.
    """
    before = [
        r
        for r in records
        if r.year == shown.year - 1 and r.status == "verified" and same_measure(shown, r)
    ]
    if shown.unit == "%" or shown.status != "verified" or len({r.value for r in before}) != 1:
        return None
    change = change_pct(shown, before[0])
    return None if change is None else round(change, 1)
