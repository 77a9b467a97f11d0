"""Records and companies for tests, with sensible values where a test does not care."""

from typing import Any

from agent.domain import (
    CompanyAnalysis,
    Evidence,
    KpiRecord,
    Normalised,
    Report,
    Silence,
    Target,
)

_TO_BASE = {
    "kt CO2e": (1000.0, "t CO2e"),
    "GWh": (1000.0, "MWh"),
    "t CO2e": (1.0, "t CO2e"),
    "MWh": (1.0, "MWh"),
    "t": (1.0, "t"),
    "m3": (1.0, "m3"),
    "%": (1.0, "%"),
    "per million hours worked": (1.0, "per million hours worked"),
    "headcount": (1.0, "headcount"),
}


def figure(kpi: str, year: int, value: float, unit: str = "t CO2e", **fields: Any) -> KpiRecord:
    """A verified record whose quote is its label and value."""
    company = fields.pop("company", "alpha")
    page = fields.pop("page", 7)
    factor = _TO_BASE.get(unit)
    printed = f"{value:,.6f}".rstrip("0").rstrip(".")
    quote = fields.pop("quote", f"{kpi} {year} {printed}")
    normalised = (
        Normalised(value=value * factor[0], unit=factor[1], conversion="") if factor else None
    )
    return KpiRecord(
        id=fields.pop("id", f"{company}-{kpi}-{year}-{fields.get('basis')}-{value}"),
        kpi=kpi,
        year=year,
        value=value,
        printed=printed,
        unit=unit,
        normalised=fields.pop("normalised", normalised),
        evidence=Evidence(report=f"sha-{company}", page=page, quote=quote),
        method="table",
        status=fields.pop("status", "verified"),
        **fields,
    )


def company(name: str, *kpis: KpiRecord, **fields: Any) -> CompanyAnalysis:
    """A finished company with a report for fiscal year 2023."""
    key = name.split(maxsplit=1)[0].lower()
    report = Report(
        sha256=f"sha-{key}",
        company=name,
        file=f"{key}-2023.pdf",
        fiscal_year=fields.pop("year", 2023),
        kind="sustainability report",
        pages=80,
        unreadable_pages=fields.pop("unreadable", ()),
    )
    return CompanyAnalysis(
        company_id=key, name=name, status="done", report=report, kpis=tuple(kpis), **fields
    )


def not_disclosed(kpi: str, quote: str, company: str = "alpha") -> Silence:
    evidence = Evidence(report=f"sha-{company}", page=9, quote=quote)
    return Silence(kpi=kpi, kind="not_disclosed", evidence=evidence)


def target(kind: str, quote: str, company: str = "alpha", **fields: Any) -> Target:
    evidence = Evidence(report=f"sha-{company}", page=4, quote=quote)
    return Target.model_validate(
        {"id": f"{company}-{kind}-{quote[:12]}", "kind": kind, "evidence": evidence, **fields}
    )
