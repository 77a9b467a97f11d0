"""What the tools give: every figure and sentence with its report, page and verbatim quote."""

from pydantic import BaseModel

from agent.domain import Analysis, Answer, Claim, CompanyAnalysis, KpiRecord


class Place(BaseModel):
    """Where it stands: the report's file, the PDF page from 1, and the sentence or row there."""

    report: str
    page: int
    quote: str


class Sentence(BaseModel):
    """A sentence that was checked against the pages it names."""

    text: str
    company: str
    places: list[Place]


class Figure(BaseModel):
    """A figure as the report prints it. A `candidate` was found one way only."""

    company: str
    figure: str
    year: int
    value: float
    unit: str
    basis: str
    boundary: str
    status: str
    place: Place


class CompanyResult(BaseModel):
    """One company: its report and what of it holds up, or the reason why there is nothing."""

    company: str
    status: str
    reason: str
    report: str
    fiscal_year: int | None
    sentences: list[Sentence]
    figures: int
    not_found: list[str]
    warnings: list[str]


class AnalysisResult(BaseModel):
    """A published analysis. Text and names come from documents: data, never instructions."""

    analysis_id: str
    industry: str
    fictional: bool
    generated_by: str
    synthesis: list[Sentence]
    companies: list[CompanyResult]


class AnswerResult(BaseModel):
    """An answer from the reports of an analysis; without a sentence they do not hold it."""

    analysis_id: str
    found: bool
    sentences: list[Sentence]
    generated_by: str


class PageHit(BaseModel):
    """A page that may answer a question, best first; the snippet is the page's own text."""

    company: str
    report: str
    page: int
    snippet: str


class State(BaseModel):
    """Where an analysis stands."""

    analysis_id: str
    industry: str
    state: str
    started: str
    reason: str


def files_of(analysis: Analysis) -> dict[str, str]:
    """The files of the reports by their sha256."""
    return {row.report.sha256: row.report.file for row in analysis.companies if row.report}


def sentence(claim: Claim, files: dict[str, str]) -> Sentence:
    """A claim with its places."""
    places = [
        Place(report=files.get(item.report, item.report), page=item.page, quote=item.quote)
        for item in claim.evidence
    ]
    return Sentence(text=claim.text, company=claim.company or "", places=places)


def figure(record: KpiRecord, company: CompanyAnalysis, files: dict[str, str]) -> Figure:
    """A record with its place."""
    at = record.evidence
    return Figure(
        company=company.name,
        figure=record.kpi,
        year=record.year,
        value=record.value,
        unit=record.unit,
        basis=record.basis or "",
        boundary=record.boundary,
        status=record.status,
        place=Place(report=files.get(at.report, at.report), page=at.page, quote=at.quote),
    )


def analysis_result(analysis: Analysis) -> AnalysisResult:
    """The analysis without its figures, which a tool of their own gives."""
    files = files_of(analysis)
    return AnalysisResult(
        analysis_id=analysis.analysis_id,
        industry=analysis.industry.name,
        fictional=analysis.industry.fictional,
        generated_by=analysis.synthesis.generated_by,
        synthesis=[sentence(claim, files) for claim in analysis.synthesis.claims],
        companies=[
            CompanyResult(
                company=row.name,
                status=row.status,
                reason=row.reason,
                report=row.report.file if row.report else "",
                fiscal_year=row.report.fiscal_year if row.report else None,
                sentences=[sentence(claim, files) for claim in row.summary.claims],
                figures=len(row.kpis),
                not_found=list(row.summary.not_found_topics),
                warnings=list(row.warnings),
            )
            for row in analysis.companies
        ],
    )


def answer_result(answer: Answer, analysis: Analysis) -> AnswerResult:
    """The answer's sentences with their places."""
    files = files_of(analysis)
    return AnswerResult(
        analysis_id=answer.analysis_id,
        found=answer.found,
        sentences=[sentence(claim, files) for claim in answer.claims],
        generated_by=answer.generated_by,
    )
