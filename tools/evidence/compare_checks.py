"""What does not fit together inside one report, and what was restated."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from agent.analyst.wording import is_group_wide, mid_sentence, qualifier, reported, subject
from agent.domain import CompanyAnalysis, KpiRecord

_ROUNDING = 0.012
"""Two figures this close are one figure, rounded differently."""
_SUM_TOLERANCE = 0.02
_NET_OR_GROSS = ("net", "gross")
"""Flags of figures that differ by what was taken off, not by mistake."""


def contradictions(company: CompanyAnalysis) -> Iterator[str]:
    """Figures of one report that cannot all be right, each told with its page."""
    current = [
        record
        for record in company.kpis
        if record.superseded_by is None and record.status == "verified"
    ]
    yield from _two_values(company.name, current)
    yield from _sums(company.name, current)


def restatements(company: CompanyAnalysis) -> Iterator[str]:
    """Figures that a later one replaced."""
    by_id = {record.id: record for record in company.kpis}
    for record in company.kpis:
        newer = by_id.get(record.superseded_by or "")
        if newer and not _close(_value(record), _value(newer)):
            why = f": {record.superseded_why}" if record.superseded_why else ""
            yield (
                f"{company.name} restated {_name(record)} of {record.year} from "
                f"{reported(record)} (p. {record.evidence.page}) to {reported(newer)} "
                f"(p. {newer.evidence.page}){why}."
            )


def _two_values(name: str, records: Sequence[KpiRecord]) -> Iterator[str]:
    groups: dict[tuple[object, ...], list[KpiRecord]] = defaultdict(list)
    for record in records:
        less = tuple(flag for flag in record.flags if flag in _NET_OR_GROSS)
        key = (record.kpi, record.year, record.basis, record.boundary, qualifier(record), less)
        groups[key].append(record)
    for group in groups.values():
        for one, other in combinations(group, 2):
            if _unit(one) == _unit(other) and not _close(_value(one), _value(other)):
                yield (
                    f"{name} gives two values of {_name(one)} for {one.year}: {reported(one)} "
                    f"(p. {one.evidence.page}) and {reported(other)} (p. {other.evidence.page})."
                )
                break


def _sums(name: str, records: Sequence[KpiRecord]) -> Iterator[str]:
    """Scope 1 and Scope 2 that do not add up to the stated total on the same basis."""
    wide = [record for record in records if is_group_wide(record.boundary)]
    for total in (r for r in wide if r.kpi == "scope_1_2"):
        first = [r for r in wide if r.kpi == "scope_1" and _fits(r, total)]
        second = [
            r for r in wide if r.kpi == "scope_2" and r.basis == total.basis and _fits(r, total)
        ]
        if len(first) != 1 or len(second) != 1:
            continue
        added = _value(first[0]) + _value(second[0])
        if abs(added - _value(total)) > _SUM_TOLERANCE * max(abs(added), 1.0):
            yield (
                f"{name}: Scope 1 ({reported(first[0])}) and Scope 2 ({reported(second[0])}) of "
                f"{total.year} do not add up to the stated total of {reported(total)} "
                f"(p. {total.evidence.page})."
            )


def _fits(record: KpiRecord, total: KpiRecord) -> bool:
    return (
        record.year == total.year
        and record.boundary == total.boundary
        and _unit(record) == _unit(total)
    )


def _name(record: KpiRecord) -> str:
    return mid_sentence(subject(record))


def _value(record: KpiRecord) -> float:
    return record.normalised.value if record.normalised else record.value


def _unit(record: KpiRecord) -> str:
    return record.normalised.unit if record.normalised else record.unit


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _ROUNDING * max(abs(one), abs(other))
