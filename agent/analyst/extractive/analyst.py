"""`ExtractiveAnalyst`: the `Analyst` protocol by rules, with no key and no network."""

import asyncio

from agent.analyst.extractive.answer import answer_question
from agent.analyst.extractive.intent import understand_message
from agent.analyst.extractive.summary import summarize_material
from agent.analyst.extractive.synthesis import synthesize_industry
from agent.analyst.protocol import Intent
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


class ExtractiveAnalyst:
    """Selects and cites sentences and figures, and says that it does no more than that.

    The rules run in threads: with many companies they take longer than an event loop may wait.
    """

    name = "extractive"

    async def understand(self, message: str, *, has_analysis: bool) -> Intent:
        """Tell the kinds of messages apart by plain rules."""
        return understand_message(message, has_analysis=has_analysis)

    async def identify_companies(
        self, industry: Industry, candidates: tuple[ProposedCompany, ...], limit: int
    ) -> tuple[ProposedCompany, ...]:
        """Keep the candidates' order and reasons; the first `limit` of them."""
        return candidates[:limit]

    async def summarize(self, material: Material) -> CompanySummary:
        """Figures in sentences and the report's own telling sentences, topic by topic."""
        return await asyncio.to_thread(summarize_material, material)

    async def synthesize(
        self,
        industry: Industry,
        companies: tuple[CompanyAnalysis, ...],
        table: ComparisonTable,
    ) -> IndustrySynthesis:
        """Counts, ranges, trends, targets and gaps of the table in plain sentences."""
        return await asyncio.to_thread(synthesize_industry, industry, companies, table)

    async def answer(
        self, question: str, analysis: Analysis, passages: tuple[Passage, ...]
    ) -> Answer:
        """Figures asked for by name first, then sentences of the reports, else "not found"."""
        return await asyncio.to_thread(answer_question, question, analysis, passages)
