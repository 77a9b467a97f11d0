"""What the API takes and gives, where it is not a type of the domain itself."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agent.analyst.topics import TOPICS
from agent.domain import Analysis, AnalysisRequest, ChosenReport, Report
from agent.errors import InputError
from agent.settings import Settings
from graph.analyses import AnalysisStatus, RunState
from tools.search.known import KnownReport

# Control characters mean nothing in words, and Postgres keeps no NUL.
_WORDS = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00]*[^\x00-\x20][^\x00]*$"
_ADDRESS = r"^https?://[^\x00-\x20\x7f]+$"
_MOST_COMPANIES = 50


def _known_topic(topic: str) -> str:
    if topic not in TOPICS:
        raise ValueError(f"known topics are {', '.join(TOPICS)}")
    return topic


CompanyName = Annotated[str, Field(min_length=1, max_length=100, pattern=_WORDS)]
Topic = Annotated[
    str, AfterValidator(_known_topic), Field(json_schema_extra={"enum": list(TOPICS)})
]


class _Body(BaseModel):
    """What is sent; a field that is not known is a mistake, and told."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReportAddress(_Body):
    """A company's report where the user knows its address."""

    company: CompanyName
    url: str = Field(min_length=10, max_length=2000, pattern=_ADDRESS)


class NewAnalysis(_Body):
    """What to research."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"industry": "sample cement", "unattended": True},
                {"industry": "cement", "companies": ["Holcim", "CRH"], "year": 2023},
            ]
        }
    )
    industry: str = Field(
        min_length=1, max_length=300, pattern=_WORDS, description="The industry, in plain words."
    )
    companies: tuple[CompanyName, ...] = Field(
        default=(), max_length=_MOST_COMPANIES, description="Only these; empty: propose."
    )
    year: int | None = Field(default=None, ge=1990, le=2100, description="Fiscal year wanted.")
    limit: int | None = Field(
        default=None, ge=1, le=_MOST_COMPANIES, description="Most companies to propose."
    )
    reports: tuple[ReportAddress, ...] = Field(
        default=(), max_length=_MOST_COMPANIES, description="Reports by their addresses."
    )
    refresh: bool = Field(default=False, description="Look for newer reports than those at hand.")
    topics: tuple[Topic, ...] = Field(
        default=(), max_length=len(TOPICS), description="Topics of the summaries; empty: all."
    )
    model: str = Field(
        default="",
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="One of the models this server offers; empty: the one that is set.",
    )
    unattended: bool = Field(
        default=False, description="Take the companies as proposed, without a review."
    )

    def to_request(self, owner: str, settings: Settings) -> AnalysisRequest:
        """The request as the research takes it. Raises InputError for a model not offered."""
        offered = settings.offered_models()
        if self.model and self.model not in offered:
            raise InputError(
                "This server does not offer that model.", f"It offers: {', '.join(offered)}."
            )
        return AnalysisRequest(
            industry=self.industry.strip(),
            companies=tuple(name.strip() for name in self.companies),
            year=self.year,
            limit=self.limit,
            owner=owner,
            reports=tuple(ChosenReport(company=one.company, url=one.url) for one in self.reports),
            refresh=self.refresh,
            topics=() if len(set(self.topics)) == len(TOPICS) else self.topics,
            model="" if self.model in offered[:1] else self.model,
            unattended=self.unattended,
        )


class Failure(BaseModel):
    """Why an analysis failed, and what to do."""

    what: str
    do: str


class AnalysisSummary(BaseModel):
    """Where an analysis stands."""

    id: str = Field(examples=["3f0c9a1be0f24b5f9d2f6a6c6f0f8f11"])
    state: RunState
    industry: str = Field(examples=["sample cement"])
    created_at: str = Field(examples=["2026-05-04T09:30:00.000000Z"])
    last_event: int = Field(description="Number of its newest event.", examples=[42])
    attempt: int = Field(description="How often the companies that failed were tried again.")
    failure: Failure | None = None

    @classmethod
    def of(cls, status: AnalysisStatus) -> "AnalysisSummary":
        """The summary of what the research says."""
        return cls(**_summary(status))


class AnalysisView(AnalysisSummary):
    """An analysis with its result, once it is published."""

    result: Analysis | None = None

    @classmethod
    def of(cls, status: AnalysisStatus, result: Analysis | None = None) -> "AnalysisView":
        """The view of what the research says."""
        return cls(**_summary(status), result=result)


def _summary(status: AnalysisStatus) -> dict[str, object]:
    failed = status.state == "failed"
    return {
        "id": status.analysis_id,
        "state": status.state,
        "industry": status.industry,
        "created_at": status.created_at,
        "last_event": status.last_seq,
        "attempt": status.attempt,
        "failure": Failure(what=status.what, do=status.do) if failed else None,
    }


class AnalysisPage(BaseModel):
    """A part of the list, newest first."""

    items: list[AnalysisSummary]
    next_cursor: str | None = Field(description="Where the next part begins; null at the end.")


class ListedCompany(_Body):
    """A company of the proposal."""

    id: str = Field(min_length=1, max_length=200, pattern=_WORDS, examples=["korvanta-cement"])


class NamedCompany(_Body):
    """Another company."""

    name: CompanyName


class Review(_Body):
    """The answer to the proposal; what it does not name is left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"companies": [{"id": "aldermoor-cement"}, {"name": "Korvanta Cement"}]}]
        }
    )
    companies: tuple[ListedCompany | NamedCompany, ...] = Field(
        min_length=1, max_length=_MOST_COMPANIES
    )


class Question(_Body):
    """A follow-up question."""

    question: str = Field(
        min_length=1,
        max_length=2000,
        pattern=_TEXT,
        examples=["Who has a net-zero target?"],
    )


class NewFeedback(_Body):
    """A thumb on an analysis, and words."""

    value: Literal["up", "down"]
    comment: str = Field(default="", max_length=5000, pattern=r"^[^\x00]*$")


class Feedback(BaseModel):
    """The feedback as it is kept; giving it again changes it."""

    id: str
    analysis_id: str
    value: Literal["up", "down"]
    comment: str


class Retried(BaseModel):
    """The companies that are tried once more."""

    companies: list[str]


class ReportView(BaseModel):
    """A report the user has added, or had fetched."""

    sha256: str
    file: str = Field(examples=["nordwerk-2023.pdf"])
    company: str | None
    fiscal_year: int | None
    kind: str | None
    language: str | None
    source: str
    pages: int | None = Field(default=None, description="Told where the report was just read.")

    @classmethod
    def of(cls, known: KnownReport) -> "ReportView":
        """A report at hand."""
        verdict = known.verdict
        return cls(
            sha256=known.sha256,
            file=known.file,
            company=verdict.company,
            fiscal_year=verdict.year,
            kind=verdict.kind,
            language=verdict.language,
            source=known.source,
        )

    @classmethod
    def of_added(cls, report: Report) -> "ReportView":
        """A report just added."""
        names = {"sha256", "file", "company", "fiscal_year", "kind", "language", "source", "pages"}
        return cls(**report.model_dump(include=names))


class Me(BaseModel):
    """Who calls."""

    user: str
    role: Literal["viewer", "analyst", "owner"]
    scopes: list[str]
