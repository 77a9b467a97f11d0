"""Which analyst thinks for which run: one budget and one ledger an analysis."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from agent.analyst.extractive import ExtractiveAnalyst
from agent.analyst.model import ModelAnalyst
from agent.analyst.model_cache import ReplyCache, ReplyStore
from agent.analyst.protocol import Analyst
from agent.domain import Claim, Company, KpiRecord, Usage
from agent.ledger import Budget
from agent.memory.ledger_table import SqlLedger
from agent.models.gateway import CallContext, ModelGateway
from agent.models.secrets import with_secrets
from agent.models.settings import ModelSettings
from agent.settings import Settings
from tools.evidence.analyse import Source, verify_claims
from tools.library.library import ReportLibrary
from tools.pdf.reader import READER_VERSION
from tools.workers import CpuWorkers

PRIVATE_SOURCES = frozenset({"upload", "folder"})
"""Sources of reports that belong to the user who brought them."""


def owner_of(sources: Iterable[str], owner: str) -> str | None:
    """Whose text about reports of these sources is; None where everybody may have it."""
    return owner if PRIVATE_SOURCES.intersection(sources) else None


class PageCheck:
    """Checks claims against their pages in the worker processes."""

    def __init__(self, library: ReportLibrary, workers: CpuWorkers) -> None:
        self._library = library
        self._workers = workers

    async def __call__(
        self,
        claims: tuple[Claim, ...],
        records: tuple[KpiRecord, ...],
        companies: Mapping[str, Company],
    ) -> tuple[Claim, ...]:
        """The claims with status and reason; `companies` by the sha256 of their reports."""
        sources = {
            sha256: Source((await self._library.open(sha256)).path, company)
            for sha256, company in companies.items()
        }
        return await self._workers.run(verify_claims, sources, claims, records)


class Minds:
    """Gives each run its analyst; the extractive one where no model is configured."""

    def __init__(self, analyst: Analyst, ledger: SqlLedger, models: ModelSettings) -> None:
        self._analyst = analyst
        self._ledger = ledger
        self._models = models
        self._budgets: dict[str, Budget] = {}
        self._opening = asyncio.Lock()

    @property
    def shared(self) -> Analyst:
        """The analyst for what belongs to no analysis: understanding a message."""
        return self._analyst

    async def of(
        self, analysis_id: str, company: str = "", *, private_to: str | None = None
    ) -> Analyst:
        """The analyst of one run (for one company), its calls counted and its budget kept.

        What it writes with `private_to` is kept for that user alone.
        """
        if not isinstance(self._analyst, ModelAnalyst):
            return self._analyst
        budget = await self._budget(analysis_id)
        context = CallContext(
            analysis=analysis_id, thread=analysis_id, company=company, budget=budget
        )
        bound = self._analyst.bound(context)
        if private_to is None or bound.cache is None:
            return bound
        return replace(bound, cache=bound.cache.private_to(private_to))

    async def usage(self, analysis_id: str) -> Usage:
        """What the analysis used, also before a restart."""
        return await self._ledger.usage(analysis_id)

    async def _budget(self, analysis_id: str) -> Budget:
        async with self._opening:
            if analysis_id not in self._budgets:
                self._budgets[analysis_id] = Budget(
                    self._models.budget_tokens,
                    self._models.budget_usd,
                    spent=await self._ledger.usage(analysis_id),
                )
            return self._budgets[analysis_id]

    def forget(self, analysis_id: str) -> None:
        """Let go of a run that has ended."""
        self._budgets.pop(analysis_id, None)


async def make_minds(
    settings: Settings,
    engine: AsyncEngine,
    library: ReportLibrary,
    workers: CpuWorkers,
    replies: ReplyStore,
    *,
    patient: bool = False,
) -> Minds:
    """The minds as set; `patient` ones raise PostponedError where a model asks for a pause.

    Raises:
        ConfigurationError: a model's package or key is missing.
    """
    ledger = SqlLedger(engine)
    models = settings.models()
    if not models.specs:
        return Minds(ExtractiveAnalyst(), ledger, models)
    models = await with_secrets(models)
    analyst = ModelAnalyst(
        ModelGateway(models, sink=ledger),
        checker=PageCheck(library, workers),
        stand_in=ExtractiveAnalyst(),
        cache=ReplyCache(replies),
        reader_version=READER_VERSION,
        patient=patient,
    )
    return Minds(analyst, ledger, models)
