"""The places a result stands on, numbered so that every element can open them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.analyst.wording import printed_label, reported, subject
from agent.domain import Analysis, Claim, Evidence, KpiRecord, Report, Target

Trust = Literal["verified", "candidate"]


@dataclass(slots=True)
class Sources:
    """Collects evidence once each; an index into `rows` is what cells and claims carry."""

    reports: dict[str, Report]
    records: dict[str, KpiRecord]
    rows: list[dict[str, Any]] = field(default_factory=list)
    _known: dict[tuple[str, str, int, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, analysis: Analysis) -> "Sources":
        """Know the reports and records of an analysis."""
        return cls(
            reports={
                company.report.sha256: company.report
                for company in analysis.companies
                if company.report is not None
            },
            records={
                record.id: record for company in analysis.companies for record in company.kpis
            },
        )

    def add(
        self,
        evidence: Evidence,
        *,
        said: str,
        trust: Trust,
        company: str = "",
        facts: Sequence[tuple[str, str]] = (),
        explain: str = "",
    ) -> int:
        """Take a place in and give its index; the same statement at the same place is one."""
        key = (said, evidence.report, evidence.page, evidence.quote)
        if key not in self._known:
            report = self.reports.get(evidence.report)
            self._known[key] = len(self.rows)
            self.rows.append(
                {
                    "said": said,
                    "trust": trust,
                    "company": company or (report.company if report else ""),
                    "report": evidence.report,
                    "title": _title(report),
                    "fictional": report.fictional if report else False,
                    "page": evidence.page,
                    "pages": report.pages if report else 0,
                    "label": evidence.label or "",
                    "quote": evidence.quote,
                    "facts": [{"name": name, "value": value} for name, value in facts],
                    "explain": explain,
                }
            )
        return self._known[key]

    def add_claim(self, claim: Claim) -> list[int]:
        """All places of a claim."""
        trust = self.trust(claim)
        return [
            self.add(item, said=claim.text, trust=trust, company=claim.company or "")
            for item in claim.evidence
        ]

    def add_record(self, record: KpiRecord, company: str) -> int:
        """The place of a figure, with what the code knows of it."""
        return self.add(
            record.evidence,
            said=f"{subject(record)}, {record.year}: {reported(record)}",
            trust=record.status,
            company=company,
            facts=record_facts(record),
            explain=f"Explain {record.printed}: {subject(record)} {record.year} of {company}",
        )

    def add_target(self, target: Target, company: str) -> int:
        """The place of a target. What was read there is always the page's own words."""
        return self.add(
            target.evidence, said=target_words(target), trust="verified", company=company
        )

    def trust(self, claim: Claim) -> Trust:
        """Verified only when the claim and every figure in it are."""
        figures = [self.records[id_] for id_ in claim.kpis if id_ in self.records]
        sure = claim.status == "verified" and all(f.status == "verified" for f in figures)
        return "verified" if sure else "candidate"


def record_facts(record: KpiRecord) -> list[tuple[str, str]]:
    """What a reader may want to know of a figure, as name and words."""
    facts = [("As printed", f"{record.printed} {record.unit_printed or record.unit}".strip())]
    if label := printed_label(record):
        facts.append(("Row", label))
    if record.section:
        facts.append(("Section", record.section))
    if record.normalised:
        facts.append(("Conversion", record.normalised.conversion))
    if record.basis:
        facts.append(("Basis", f"{record.basis}-based"))
    if record.boundary and record.boundary != "group":
        facts.append(("Boundary", record.boundary))
    if record.confirmations:
        facts.append(("Confirmed by", "; ".join(record.confirmations)))
    if record.flags:
        facts.append(("Note", ", ".join(record.flags)))
    if record.superseded_by:
        facts.append(("Replaced", record.superseded_why or "by a later figure of the report"))
    return facts


def target_words(target: Target) -> str:
    """A target in one line: what by when against what."""
    words = target.kind.replace("_", " ").replace("sbti", "SBTi")
    words = words[:1].upper() + words[1:]
    if target.reduction_pct is not None:
        words += f" {target.reduction_pct:g} %{' a year' if target.per_year else ''}"
    if target.target_year:
        words += f" by {target.target_year}"
    if target.base_year:
        words += f" against {target.base_year}"
    if target.scopes:
        words += f", scope {target.scopes}"
    return f"{words} ({target.status_words})" if target.status_words else words


def _title(report: Report | None) -> str:
    if report is None:
        return "Report"
    kind = (report.kind or "report").capitalize()
    return f"{kind} {report.fiscal_year}" if report.fiscal_year else kind
