"""The state of the research: small typed values and references, never page text."""

from typing import Annotated, Literal, NotRequired

# Schemas can be made of typing's own TypedDict from Python 3.12 on only.
from typing_extensions import TypedDict

from agent.domain import AnalysisRequest, Company, Industry, ProposedCompany
from agent.domain.base import Noun

GRAPH_VERSION = "2"
"""Names of nodes and fields of state are stored with every checkpoint: raise this number
when either changes, so that an old run is refused instead of losing work in silence."""


class FoundReport(Noun):
    """The report chosen for a company, as reference."""

    sha256: str
    file: str
    source: str
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    """What the user must know about the choice, for example another year than asked for."""
    fictional: bool = False
    retrieved_at: str = ""
    """When it was fetched from the web, where it was."""


class UnreadableFile(Noun):
    """A file of the library that could not be read, with the reason for the user."""

    file: str
    reason: str


class CompanyOutcome(Noun):
    """How one company's way ended; `ref` names its CompanyAnalysis artifact.

    `postponed` is no end: a provider takes no calls before `not_before` (seconds since 1970).
    """

    company_id: str
    name: str
    status: Literal["done", "failed", "no_report", "needs_choice", "postponed"]
    reason: str = ""
    ref: str | None = None
    not_before: float = 0.0


class ReviewAnswer(Noun):
    """What the user confirmed."""

    companies: tuple[ProposedCompany, ...]


def by_id(
    left: dict[str, CompanyOutcome], right: dict[str, CompanyOutcome]
) -> dict[str, CompanyOutcome]:
    """Merge outcomes by company; a replayed branch overwrites itself."""
    return {**left, **right}


class ResearchInput(TypedDict):
    """What a run starts from."""

    analysis_id: str
    request: AnalysisRequest


class ResearchUpdate(TypedDict, total=False):
    """What the nodes of the run add."""

    arms: dict[str, str]
    """The arm of every prompt, drawn once for the thread: a resumed run keeps its prompts."""
    focus: str
    """What the user asked about, where it is more than the industry's name."""
    industry: Industry
    parts: tuple[Industry, ...]
    """The directory's industries that make it up; none where the words name their own."""
    countries: tuple[str, ...]
    proposed: tuple[ProposedCompany, ...]
    unreadable: tuple[UnreadableFile, ...]
    companies: tuple[Company, ...]
    outcomes: Annotated[dict[str, CompanyOutcome], by_id]
    attempt: int
    """How many times the companies that failed were tried again."""
    table_ref: str
    synthesis_ref: str
    analysis_ref: str


class ResearchState(ResearchInput, ResearchUpdate):
    """What the whole run knows."""


class CompanyInput(TypedDict):
    """What one company's way starts from."""

    analysis_id: str
    request: AnalysisRequest
    company: Company
    arms: NotRequired[dict[str, str]]
    focus: NotRequired[str]


class CompanyUpdate(TypedDict, total=False):
    """What the nodes of one company's way add."""

    found: FoundReport
    choices_ref: str
    """Documents of the web that may be the report, as a CompanyAnalysis still without one."""
    material_ref: str
    draft_ref: str
    outcomes: Annotated[dict[str, CompanyOutcome], by_id]


class CompanyState(CompanyInput, CompanyUpdate):
    """What one company's way knows."""


class CompanyOutput(TypedDict):
    """What one company's way gives back to the run."""

    outcomes: Annotated[dict[str, CompanyOutcome], by_id]


STATE_NOUNS: tuple[type[Noun], ...] = (
    AnalysisRequest,
    Company,
    CompanyOutcome,
    FoundReport,
    Industry,
    ProposedCompany,
    ReviewAnswer,
    UnreadableFile,
)
"""The types a checkpoint may bring back to life; anything else stays data."""
