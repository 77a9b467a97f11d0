"""What every report search provider offers, and its closed outcome."""

from dataclasses import dataclass
from typing import Literal, Protocol

from agent.domain import Company


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report at hand that may be the company's. `reasons` say in words why it ranks where it
    does; `warnings` are for the user (another year than asked for)."""

    company_id: str
    title: str
    file: str
    sha256: str = ""
    url: str = ""
    source: str = ""
    year: int | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fictional: bool = False
    retrieved_at: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An address a provider found, not ranked yet; `linked_from` is the page that links to it."""

    url: str
    title: str
    provider: str
    linked_from: str = ""
    pdf: bool = False


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """`nothing`: the provider looked and there is none. `failed`: it could not look.

    Reports at hand are `candidates`; addresses of the web are `hits`, which code ranks.
    """

    status: Literal["found", "nothing", "failed"]
    candidates: tuple[Candidate, ...] = ()
    hits: tuple[Hit, ...] = ()
    reason: str = ""


class ReportProvider(Protocol):
    """Finds candidate reports of a company."""

    @property
    def name(self) -> str:
        """The name by which the settings know it."""
        ...

    async def candidates(self, company: Company, year: int | None) -> SearchOutcome:
        """Candidates, best first. Never raises for a company it does not know."""
        ...
