"""What an analyst can do, whether or not a language model stands behind it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from agent.domain import (
    Analysis,
    Answer,
    Claim,
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

WITHOUT_MODEL = "without the model"
"""Stands in `generated_by`, before the reason, where another mind took a model's place."""


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


@dataclass(frozen=True)
class SynthesisPiece:
    """One sentence of a synthesis that is still being written; its claim is verified."""

    number: int
    """Counts the pieces given out from 1. The whole text may order and number anew."""
    markdown: str
    claim: Claim


@runtime_checkable
class StreamingAnalyst(Protocol):
    """An analyst that can show a synthesis while it is being written."""

    def stream_synthesis(
        self,
        industry: Industry,
        companies: tuple[CompanyAnalysis, ...],
        table: ComparisonTable,
    ) -> AsyncGenerator[SynthesisPiece | IndustrySynthesis]:
        """Verified sentences as they complete, then the whole text, which replaces them."""
        ...
