"""Fictional companies with reports, figures and passages, for tests of the analyst."""

import hashlib
import re

from agent.domain import (
    Claim,
    CompanyAnalysis,
    CompanySummary,
    Evidence,
    Industry,
    KpiRecord,
    Material,
    Passage,
    Report,
    Silence,
    Target,
)

CEMENT = Industry(id="cement", name="Cement", fictional=True)

FIGURES = (
    ("scope_1", 2023, 4120300.0, "4,120,300", "t CO2e", None),
    ("scope_1", 2022, 4480900.0, "4,480,900", "t CO2e", None),
    ("scope_2", 2023, 318400.0, "318,400", "t CO2e", "market"),
    ("water_withdrawal", 2023, 2.7, "2.7", "million m3", None),
)
SENTENCES = (
    ("Climate targets", "{name} will cut its direct emissions by 38% by 2030 compared with 2019."),
    ("Energy", "Renewable electricity covered 46% of the electricity used by {name} in 2023."),
    ("Water and waste", "Three of the quarries of {name} lie in areas of high water stress."),
    ("People", "The board of {name} lost no time: 92% of sites have a safety committee."),
    ("Governance", "Executive pay at {name} is linked to the clinker ratio."),
    ("Risks", "{name} expects higher carbon prices to weigh on its lime business."),
)


def sha(name: str) -> str:
    """The sha256 that stands for a company's report."""
    return hashlib.sha256(name.encode()).hexdigest()


def material(
    name: str = "Nordkalk Cement", scale: float = 1.0, extra: tuple[str, ...] = ()
) -> Material:
    """Everything found in one company's report; `extra` are further passages."""
    report = Report(sha256=sha(name), company=name, file=f"{name}.pdf", fiscal_year=2023, pages=60)
    kpis = tuple(
        KpiRecord(
            id=f"{sha(name)[:8]}:{kpi}:{year}:{basis or ''}",
            kpi=kpi,
            year=year,
            value=value * scale,
            printed=printed(value * scale),
            unit=unit,
            basis=basis,
            label=kpi.replace("_", " ").capitalize(),
            evidence=Evidence(
                report=report.sha256,
                page=40,
                quote=f"{kpi.replace('_', ' ').capitalize()} ({unit}) {printed(value * scale)}",
            ),
            method="table",
            status="verified",
        )
        for kpi, year, value, _, unit, basis in FIGURES
    )
    sentences = [(topic, text.format(name=name)) for topic, text in SENTENCES]
    sentences += [("Risks", text) for text in extra]
    passages = tuple(
        Passage(
            id=f"p{n}",
            topic=topic,
            text=text,
            evidence=Evidence(report=report.sha256, page=10 + n, quote=text),
            score=1.0 - n / 100,
        )
        for n, (topic, text) in enumerate(sentences)
    )
    target_quote = f"{name} commits to net zero by 2050."
    return Material(
        report=report,
        kpis=kpis,
        passages=passages,
        targets=(
            Target(
                id="t1",
                kind="net_zero",
                target_year=2050,
                evidence=Evidence(report=report.sha256, page=8, quote=target_quote),
            ),
        ),
        silences=(Silence(kpi="scope_3", kind="not_found"),),
    )


def printed(value: float) -> str:
    """A figure as the page prints it."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def company(found: Material, claims: tuple[Claim, ...] | None = None) -> CompanyAnalysis:
    """A finished company; without claims of its own, its passages are its summary."""
    own = claims or tuple(
        Claim(
            id=f"{found.report.sha256[:8]}-{passage.id}",
            text=passage.text,
            topic=passage.topic,
            company=found.report.company,
            evidence=(passage.evidence,),
            status="verified",
        )
        for passage in found.passages
    )
    return CompanyAnalysis(
        company_id=re.sub(r"\W+", "-", found.report.company.lower()),
        name=found.report.company,
        status="done",
        report=found.report,
        summary=CompanySummary(claims=own),
        kpis=found.kpis,
        targets=found.targets,
        silences=found.silences,
    )
