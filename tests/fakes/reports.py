"""Fictional companies with reports: what was found in them, and the pages it was found on."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.domain import (
    Claim,
    Company,
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
from tools.evidence.verify import verify
from tools.pdf.page import PageRecord

CEMENT = Industry(id="cement", name="Cement", fictional=True)

_YEARS = (2023, 2022)
_TABLE_PAGE = 40
_ROWS = (
    ("scope_1", None, "t CO2e", "Scope 1 emissions (t CO2e)", (4120300.0, 4480900.0)),
    ("scope_2", "market", "t CO2e", "Scope 2 emissions, market-based (t CO2e)", (318400, 331200)),
    ("water_withdrawal", None, "million m3", "Water withdrawal (million m3)", (2.7, 2.9)),
)
_SENTENCES = (
    ("Climate targets", "{name} will cut its direct emissions by 38% by 2030 compared with 2019."),
    ("Energy", "Renewable electricity covered 46% of the electricity used by {name} in 2023."),
    ("Water and waste", "Three quarries of {name} lie in areas of high water stress."),
    ("People", "At {name}, 92% of the sites have a safety committee."),
    ("Governance", "Executive pay at {name} is linked to the clinker ratio."),
    ("Risks", "{name} expects higher carbon prices to weigh on its lime business."),
)


@dataclass(frozen=True)
class Sample:
    """One company's report: what was found, and its pages by number."""

    material: Material
    pages: dict[int, PageRecord]

    @property
    def name(self) -> str:
        """The company's name."""
        return self.material.report.company

    @property
    def company(self) -> Company:
        """The company as the directory has it."""
        return Company(id=re.sub(r"\W+", "-", self.name.lower()), name=self.name, fictional=True)

    @property
    def analysed(self) -> CompanyAnalysis:
        """The finished company; its passages are its summary."""
        found = self.material
        claims = tuple(
            Claim(
                id=f"{found.report.sha256[:8]}-{passage.id}",
                text=passage.text,
                topic=passage.topic,
                company=self.name,
                evidence=(passage.evidence,),
                status="verified",
            )
            for passage in found.passages
        )
        return CompanyAnalysis(
            company_id=self.company.id,
            name=self.name,
            status="done",
            report=found.report,
            summary=CompanySummary(claims=claims),
            kpis=found.kpis,
            targets=found.targets,
            silences=found.silences,
        )


def sample(name: str, scale: float = 1.0, extra: tuple[str, ...] = ()) -> Sample:
    """A company whose figures are `scale` times those of another; `extra` are more passages."""
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    report = Report(
        sha256=sha256, company=name, file=f"{name}.pdf", fiscal_year=2023, pages=60, fictional=True
    )
    lines = [f"{name} Sustainability Report 2023", "Key figures 2023 2022"]
    kpis = []
    for kpi, basis, unit, label, values in _ROWS:
        shown = [printed(value * scale) for value in values]
        lines.append(f"{label} {' '.join(shown)}")
        kpis += [
            KpiRecord(
                id=f"{sha256[:8]}:{kpi}:{year}",
                kpi=kpi,
                year=year,
                value=round(value * scale, 6),
                printed=text,
                unit=unit,
                basis=basis,
                label=label,
                evidence=Evidence(report=sha256, page=_TABLE_PAGE, quote=lines[-1]),
                method="table",
                status="verified",
            )
            for year, value, text in zip(_YEARS, values, shown, strict=True)
        ]
    pages = {_TABLE_PAGE: page(_TABLE_PAGE, *lines)}
    said = [(topic, text.format(name=name)) for topic, text in _SENTENCES]
    said += [("Risks", text) for text in extra]
    passages = []
    for number, (topic, text) in enumerate(said, 100):
        pages[number] = page(number, f"{name} Sustainability Report 2023", text)
        place = Evidence(report=sha256, page=number, quote=text)
        score = 1.0 - number / 10_000
        passages.append(
            Passage(id=f"p{number}", topic=topic, text=text, evidence=place, score=score)
        )
    commitment = f"{name} commits to net zero by 2050."
    pages[8] = page(8, f"{name} Sustainability Report 2023", commitment)
    target = Target(
        id="t1",
        kind="net_zero",
        target_year=2050,
        evidence=Evidence(report=sha256, page=8, quote=commitment),
    )
    found = Material(
        report=report,
        kpis=tuple(kpis),
        passages=tuple(passages),
        targets=(target,),
        silences=(Silence(kpi="scope_3", kind="not_found"),),
    )
    return Sample(found, pages)


def page(number: int, *lines: str) -> PageRecord:
    """A page with these lines."""
    return PageRecord(number, 595, 842, "\n".join(lines))


def printed(value: float) -> str:
    """A figure as the page prints it."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Shelf:
    """Checks claims against the pages of some reports, as the research does."""

    samples: tuple[Sample, ...]

    async def __call__(
        self,
        claims: tuple[Claim, ...],
        records: tuple[KpiRecord, ...],
        companies: Mapping[str, Company],
    ) -> tuple[Claim, ...]:
        """The claims with their status."""
        by_id = {record.id: record for record in records}
        return tuple(
            verify(claim, self._page, records=by_id, companies=companies) for claim in claims
        )

    def _page(self, report: str, number: int) -> PageRecord | None:
        pages = {s.material.report.sha256: s.pages for s in self.samples}
        return pages.get(report, {}).get(number)
