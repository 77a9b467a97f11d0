"""An analysis from request to published result."""

from typing import Literal

from pydantic import Field

from agent.domain.base import Noun
from agent.domain.company import Industry
from agent.domain.evidence import Claim
from agent.domain.kpi import KpiRecord, Silence
from agent.domain.report import FrameworkCoverage, Report, ReportChoice, Target, TargetCheck


class ChosenReport(Noun):
    """The address of a company's report as the user gave or chose it."""

    company: str
    url: str = Field(max_length=2000)


class AnalysisRequest(Noun):
    """What the user asked for, before any company is chosen."""

    industry: str = Field(min_length=1, max_length=300)
    companies: tuple[str, ...] = ()
    """Names the user gave; empty means: propose."""
    year: int | None = Field(default=None, ge=1990, le=2100)
    limit: int | None = Field(default=None, ge=1, le=50)
    """Most companies to propose; None means the setting, or all of a given library."""
    library: str | None = None
    """Folder of PDFs to use; None means the sample library and the reports at hand."""
    owner: str = "local"
    reports: tuple[ChosenReport, ...] = ()
    """Addresses of reports the user chose."""
    refresh: bool = False
    """Whether to look for newer reports than those at hand."""
    thread: str = ""
    """The conversation it was asked in: all analyses of one use the same arms of prompts."""
    topics: tuple[str, ...] = ()
    """Summary topics wanted; empty means all."""
    without: tuple[str, ...] = ()
    """Ids of figures to leave out, with all their parts."""
    model: str = ""
    """The model that writes, as in ISRA_MODEL; empty means the setting."""
    language: str = ""
    """Language the reader wants a translation in; empty means English, which is what is checked."""
    extends: str = ""
    """Reference of the published result this one changes; companies it left as they were are
    taken over from there."""
    unattended: bool = False
    """Take the list of companies as proposed; nobody is there to confirm it."""


class CompanySummary(Noun):
    """What a report says, topic by topic; every claim cites its page."""

    claims: tuple[Claim, ...] = ()
    not_found_topics: tuple[str, ...] = ()
    generated_by: str = "extractive"


class CompanyAnalysis(Noun):
    """Everything found for one company, or the reason there is nothing."""

    company_id: str
    name: str
    status: Literal["done", "failed", "no_report", "needs_choice"]
    reason: str = ""
    fictional: bool = False
    report: Report | None = None
    summary: CompanySummary = CompanySummary()
    kpis: tuple[KpiRecord, ...] = ()
    targets: tuple[Target, ...] = ()
    coverage: tuple[FrameworkCoverage, ...] = ()
    silences: tuple[Silence, ...] = ()
    warnings: tuple[str, ...] = ()
    choices: tuple[ReportChoice, ...] = ()
    """Documents the user may choose from where the status is `needs_choice`."""
    target_checks: tuple[TargetCheck, ...] = ()
    """What outside registers say of the company's targets."""


class ComparisonColumn(Noun):
    """One KPI of the table with statistics over comparable cells only."""

    kpi: str
    title: str
    unit: str
    year: int | None = None
    basis: str | None = None
    best: float | None = None
    median: float | None = None
    low: float | None = None
    high: float | None = None
    comparable: int = 0


class Cell(Noun):
    """One company's figure in the comparison, or why there is none."""

    kpi: str
    record: str | None = None
    """Id of the KPI record shown."""
    value: float | None = None
    unit: str = ""
    shown: str = ""
    year: int | None = None
    basis: str | None = None
    comparable: bool = False
    flags: tuple[str, ...] = ()
    silence: str | None = None
    trend_pct: float | None = None
    """Change against the year before, in per cent, where the report gives both years."""


class ComparisonRow(Noun):
    """One company's row."""

    company_id: str
    company: str
    cells: tuple[Cell, ...]


class ComparisonTable(Noun):
    """The industry table: a row a company, a column a KPI."""

    columns: tuple[ComparisonColumn, ...] = ()
    rows: tuple[ComparisonRow, ...] = ()
    notes: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()


class IndustrySynthesis(Noun):
    """The text over the whole industry; `markdown` cites claims as [1], [2] in claim order."""

    markdown: str = ""
    claims: tuple[Claim, ...] = ()
    generated_by: str = "extractive"


class Usage(Noun):
    """What the analysis cost. `usd` is None when a price is unknown, never a false 0."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0


class Analysis(Noun):
    """The published result."""

    analysis_id: str
    industry: Industry
    request: AnalysisRequest
    companies: tuple[CompanyAnalysis, ...] = ()
    table: ComparisonTable = ComparisonTable()
    synthesis: IndustrySynthesis = IndustrySynthesis()
    usage: Usage = Usage()
    arms: dict[str, str] = Field(default_factory=dict)
    """The arm of every prompt this analysis was assigned; empty without a model."""
    trace: str = ""
    """Id of its root run in LangSmith; empty where it was not traced."""
    seconds: float = 0.0


class Answer(Noun):
    """The answer to a follow-up question, bound to the evidence of one analysis."""

    analysis_id: str
    question: str
    markdown: str
    claims: tuple[Claim, ...] = ()
    found: bool = True
    generated_by: str = "extractive"
