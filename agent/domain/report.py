"""Reports and what stands in them beside figures."""

from typing import Literal

from agent.domain.base import Noun
from agent.domain.evidence import Evidence


class IdentityVerdict(Noun):
    """Whether a document is the report it is taken for, with reasons in words."""

    verdict: Literal["match", "mismatch", "uncertain"]
    company: str | None = None
    """The company the document itself names."""
    year: int | None = None
    """Fiscal year the document reports on."""
    kind: str | None = None
    """For example "sustainability report", "annual report", "data book", "other"."""
    language: str | None = None
    reasons: tuple[str, ...] = ()


class Report(Noun):
    """One report: the document's identity and where it came from."""

    sha256: str
    company: str
    file: str
    fiscal_year: int | None = None
    kind: str | None = None
    language: str | None = None
    pages: int = 0
    unreadable_pages: tuple[int, ...] = ()
    hidden_text_pages: tuple[int, ...] = ()
    source: str = ""
    """Address or path label the report was retrieved from."""
    retrieved_at: str = ""
    identity: IdentityVerdict | None = None
    fictional: bool = False


class ReportChoice(Noun):
    """A document of the web that may be a company's report, with why it ranks where it does."""

    url: str
    title: str
    host: str = ""
    provider: str = ""
    """Which search provider found it."""
    linked_from: str = ""
    """The company's own page that links to it, where it is linked."""
    official: bool = False
    """Whether it lies on the company's own site or is linked from there."""
    year: int | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class TargetCheck(Noun):
    """What an outside register says of a company's targets on a day; "not listed" is no "none"."""

    register_name: str
    status: Literal["validated", "committed", "removed", "not listed"]
    detail: str = ""
    """The register's own words."""
    matched_by: str = ""
    """LEI, ISIN or name: how the company was found in the register."""
    checked_on: str = ""
    source: str = ""

    @property
    def words(self) -> str:
        """The check as a sentence for people."""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.register_name} register: {self.status} on {self.checked_on}{detail}."


class Target(Noun):
    """A stated target: what by when against what, as the report words it."""

    id: str
    kind: Literal[
        "net_zero", "reduction_absolute", "reduction_intensity", "renewable", "sbti_status", "other"
    ]
    scopes: str | None = None
    """For example "1+2", "3", "1+2+3"; None where the target names none."""
    base_year: int | None = None
    target_year: int | None = None
    reduction_pct: float | None = None
    per_year: bool = False
    status_words: str | None = None
    evidence: Evidence


class FrameworkCoverage(Noun):
    """One disclosure of a framework as the report's own content index gives it."""

    framework: str
    disclosure: str
    title: str = ""
    status: Literal["disclosed", "partial", "omitted", "not_found"]
    reason: str = ""
    evidence: Evidence | None = None
