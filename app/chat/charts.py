"""What the charts of a result draw: emissions by year, targets in time, coverage.

Every point, bar and square carries the index of the source it opens.
"""

from collections.abc import Iterable
from typing import Any

from agent.analyst.wording import phrase, subject
from agent.domain import Analysis, CompanyAnalysis, KpiRecord, Target
from app.chat.sources import Sources

_EMISSIONS = (("scope_1", None), ("scope_2", "market"), ("scope_2", "location"))
_SCALES = ((1e6, "Mt"), (1e3, "kt"), (1.0, "t"))
_BASE_UNIT = "t CO2e"
_MOST_YEARS = 4


def chart_view(analysis: Analysis, sources: Sources) -> dict[str, Any]:
    """The three charts; each is empty where the reports give nothing to draw."""
    done = [company for company in analysis.companies if company.status == "done"]
    return {
        "emissions": [
            chart
            for kpi, basis in _EMISSIONS
            if (chart := _emissions(done, kpi, basis, sources)) is not None
        ],
        "targets": _targets(done, sources),
        "coverage": _coverage(analysis, done, sources),
    }


def _emissions(
    companies: list[CompanyAnalysis], kpi: str, basis: str | None, sources: Sources
) -> dict[str, Any] | None:
    """Bars of one KPI, a group a company, a bar a year; None where fewer than two exist."""
    drawn: list[tuple[CompanyAnalysis, list[KpiRecord]]] = []
    for company in companies:
        records = {
            record.year: record
            for record in company.kpis
            if record.kpi == kpi
            and record.basis == basis
            and record.boundary == "group"
            and record.superseded_by is None
            and record.normalised is not None
            and record.normalised.unit == _BASE_UNIT
        }
        years = sorted(records)[-_MOST_YEARS:]
        if years:
            drawn.append((company, [records[year] for year in years]))
    values = [_tonnes(record) for _, records in drawn for record in records]
    if len(values) < 2:
        return None
    scale, prefix = next(
        ((size, name) for size, name in _SCALES if max(values) >= size), _SCALES[-1]
    )
    return {
        "title": subject(drawn[0][1][0]),
        "unit": f"{prefix} CO2e",
        "max": max(values) / scale,
        "groups": [
            {
                "company": company.name,
                "bars": [
                    {
                        "year": record.year,
                        "value": _tonnes(record) / scale,
                        "trust": record.status,
                        "source": sources.add_record(record, company.name),
                    }
                    for record in records
                ],
            }
            for company, records in drawn
        ],
    }


def _tonnes(record: KpiRecord) -> float:
    return record.normalised.value if record.normalised else 0.0


def _targets(companies: Iterable[CompanyAnalysis], sources: Sources) -> list[dict[str, Any]]:
    rows = []
    for company in companies:
        points = [
            {
                "year": target.target_year,
                "base": target.base_year,
                "kind": target.kind,
                "label": _target_label(target),
                "source": sources.add_target(target, company.name),
            }
            for target in company.targets
            if target.target_year
        ]
        if points:
            rows.append({"company": company.name, "points": points})
    return rows


def _target_label(target: Target) -> str:
    if target.reduction_pct is not None:
        return f"{target.reduction_pct:g} %"
    return target.kind.replace("_", " ") if target.kind == "net_zero" else ""


def _coverage(analysis: Analysis, done: list[CompanyAnalysis], sources: Sources) -> dict[str, Any]:
    """A square a company and KPI: verified, candidate, or which kind of silence."""
    kpis = list(dict.fromkeys(column.kpi for column in analysis.table.columns))
    rows = []
    for company in done:
        silences = {silence.kpi: silence.kind for silence in company.silences}
        squares = []
        for kpi in kpis:
            record = best_record(company.kpis, kpi)
            squares.append(
                {
                    "state": record.status if record else silences.get(kpi, "not_found"),
                    "source": sources.add_record(record, company.name) if record else None,
                }
            )
        rows.append({"company": company.name, "squares": squares})
    return {"kpis": [phrase(kpi).subject for kpi in kpis], "rows": rows}


def best_record(records: Iterable[KpiRecord], kpi: str) -> KpiRecord | None:
    """The newest figure of a KPI, a verified one before a candidate of the same year."""
    found = [record for record in records if record.kpi == kpi and record.superseded_by is None]
    return max(found, key=lambda r: (r.year, r.status == "verified"), default=None)
