"""What an analyst can do, whether or not a language model stands behind it."""

from typing import Literal, Protocol

from agent.domain import (
    Analysis,
    Answer,
    CompanyAnalysis,
    CompanySummary,
    ComparisonTable,
    Industry,
    IndustrySynthesis,
    Material,
    Passage,
    ProposedCompany,
)
from agent.domain.base import Noun


class Intent(Noun):
    """What a chat message asks for."""

    kind: Literal["analysis", "follow_up", "change", "help", "unclear"]
    industry: str = ""
    companies: tuple[str, ...] = ()
    year: int | None = None
    question: str = ""


class Analyst(Protocol):
    """One mind. Every method returns claims that name evidence; code verifies them after."""

    @property
    def name(self) -> str:
        """What generated content is labelled with."""
        ...

    async def understand(self, message: str, *, has_analysis: bool) -> Intent:
        """Tell a new analysis, a follow-up, a change and a call for help apart."""
        ...

    async def identify_companies(
        self, industry: Industry, candidates: tuple[ProposedCompany, ...], limit: int
    ) -> tuple[ProposedCompany, ...]:
        """Choose and order at most `limit` of the candidates, each with a reason."""
        ...

    async def summarize(self, material: Material) -> CompanySummary:
        """Summarize one report topic by topic from the material alone."""
        ...

    async def synthesize(
        self,
        industry: Industry,
        companies: tuple[CompanyAnalysis, ...],
        table: ComparisonTable,
    ) -> IndustrySynthesis:
        """Write the text over all companies; every sentence with a figure is a claim."""
        ...

    async def answer(
        self, question: str, analysis: Analysis, passages: tuple[Passage, ...]
    ) -> Answer:
        """Answer from the figures of the analysis and the passages, or say it is not there.

        A passage belongs to the company whose report has `passage.evidence.report` as sha256.
        """
        ...
