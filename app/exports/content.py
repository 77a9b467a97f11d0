"""What every export shows, as plain rows: the formats only lay it out."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.analyst.topics import TOPICS
from agent.analyst.wording import figure_phrases, number, phrase, reported, subject
from agent.domain import (
    Analysis,
    Cell,
    Claim,
    CompanyAnalysis,
    ComparisonColumn,
    KpiRecord,
    Target,
)

GENERATED = (
    "Generated from the companies' reports. Check every figure on its page before you use it."
)
FICTIONAL = "Fictional sample companies: no real company, no real figure."
SILENCES = {
    "not_disclosed": "not disclosed",
    "not_found": "not found",
    "unreadable": "unreadable",
}
"""The three kinds of silence in words."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A claim with the number it is cited by in the whole document."""

    number: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One KPI record as exports list it."""

    figure: str
    year: int
    value: str
    boundary: str
    page: int
    status: str
    notes: str
    record: KpiRecord


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure that is missing, which kind of silence it is, and where the report says so."""

    figure: str
    kind: str
    page: int | None
    quote: str


def title(analysis: Analysis) -> str:
    return f"{analysis.industry.name}: sustainability reports compared"


def labels(analysis: Analysis) -> list[str]:
    """Sentences every export carries at its head."""
    minds = {analysis.synthesis.generated_by}
    minds |= {row.summary.generated_by for row in analysis.companies if row.status == "done"}
    models = sorted(minds - {"extractive"})
    how = (
        f"Written with the model {', '.join(models)}." if models else "No language model was used."
    )
    fictional = analysis.industry.fictional or any(row.fictional for row in analysis.companies)
    return [FICTIONAL, GENERATED, how] if fictional else [GENERATED, how]


def numbered_claims(analysis: Analysis) -> tuple[list[Numbered], dict[str, list[Numbered]]]:
    """The synthesis' claims as it cites them, then every company's, numbered on."""
    synthesis = [Numbered(n, one) for n, one in enumerate(analysis.synthesis.claims, 1)]
    count = len(synthesis)
    companies: dict[str, list[Numbered]] = {}
    for row in analysis.companies:
        companies[row.company_id] = [
            Numbered(count + n, one) for n, one in enumerate(row.summary.claims, 1)
        ]
        count += len(row.summary.claims)
    return synthesis, companies


def by_topic(claims: list[Numbered]) -> Iterator[tuple[str, list[Numbered]]]:
    """Claims under the topics' order; claims of another topic last."""
    known = [one.claim.topic for one in claims]
    for topic in dict.fromkeys([*TOPICS, *known]):
        chosen = [one for one in claims if one.claim.topic == topic]
        if chosen:
            yield topic or "Other", chosen


def figure_rows(company: CompanyAnalysis) -> list[FigureRow]:
    """Every KPI record, newest year first within a figure, superseded ones marked."""
    order = {kpi: index for index, kpi in enumerate(figure_phrases())}
    records = sorted(
        company.kpis,
        key=lambda r: (order.get(r.kpi, len(order)), r.kpi, r.basis or "", r.boundary, -r.year),
    )
    return [
        FigureRow(
            figure=subject(record),
            year=record.year,
            value=reported(record),
            boundary=record.boundary,
            page=record.evidence.page,
            status=record.status,
            notes="; ".join(_record_notes(record)),
            record=record,
        )
        for record in records
    ]


def _record_notes(record: KpiRecord) -> Iterator[str]:
    yield from record.flags
    if record.superseded_by:
        yield f"superseded: {record.superseded_why}" if record.superseded_why else "superseded"


def target_words(target: Target) -> dict[str, str]:
    """A target's parts as table cells, "" where the report does not say."""
    return {
        "Target": target.kind.replace("_", " "),
        "Scopes": target.scopes or "",
        "By": str(target.target_year or ""),
        "Base year": str(target.base_year or ""),
        "Reduction": _reduction(target),
        "Status": target.status_words or "",
        "Page": str(target.evidence.page),
        "Quote": " ".join(target.evidence.quote.split()),
    }


_OF_EMISSIONS = frozenset({"net_zero", "reduction_absolute", "reduction_intensity", "sbti_status"})


def register_words(company: CompanyAnalysis, target: Target) -> str:
    """What registers of climate targets say of the company, beside a target they are about.

    "" for a target on other subjects, and where no register was asked.
    """
    if target.kind not in _OF_EMISSIONS:
        return ""
    return "; ".join(
        f"{check.register_name}: {check.status}, register of {check.checked_on}"
        for check in company.target_checks
    )


def _reduction(target: Target) -> str:
    if target.reduction_pct is None:
        return ""
    return f"{number(target.reduction_pct)}%" + (" a year" if target.per_year else "")


def gaps(company: CompanyAnalysis) -> list[Gap]:
    """What is missing for the company, in the three kinds of silence."""
    return [
        Gap(
            figure=phrase(silence.kpi).subject,
            kind=SILENCES[silence.kind],
            page=silence.evidence.page if silence.evidence else None,
            quote=" ".join(silence.evidence.quote.split()) if silence.evidence else silence.note,
        )
        for silence in company.silences
    ]


def column_head(column: ComparisonColumn) -> str:
    """A column's title with its unit and year."""
    parts = [part for part in (column.unit, str(column.year or "")) if part]
    return f"{column.title} ({', '.join(parts)})" if parts else column.title


def cell_text(cell: Cell) -> str:
    """What a table shows: the figure with its trend, a mark where it is not comparable."""
    if cell.silence or not cell.record:
        return SILENCES.get(cell.silence or "not_found", "not found")
    trend = f" ({cell.trend_pct:+.1f}%)" if cell.trend_pct is not None else ""
    return f"{cell.shown}{trend}" + ("" if cell.comparable else " †")


def median_text(column: ComparisonColumn) -> str:
    """The median of the comparable figures, "" where there are too few."""
    return "" if column.median is None else number(column.median)


STATUSES = {
    "done": "done",
    "failed": "failed",
    "no_report": "no report",
    "needs_choice": "choice of a report open",
}
"""How a company's way ended, in words."""


def choice_lines(company: CompanyAnalysis) -> list[str]:
    """The documents of the web that may be the report, one a line."""
    return [
        ", ".join(str(part) for part in (choice.title, choice.year, choice.url) if part)
        for choice in company.choices
    ]


def report_line(company: CompanyAnalysis) -> str:
    """The report in one line: file, kind, year, pages."""
    report = company.report
    if report is None:
        return company.reason
    parts = [report.kind or "report", f"fiscal year {report.fiscal_year or 'unknown'}"]
    parts.append(f"{report.pages} pages")
    return f"{report.file} ({', '.join(parts)})"
