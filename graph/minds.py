"""Which analyst thinks for which run: one budget and one ledger an analysis."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from agent.analyst.extractive import ExtractiveAnalyst
from agent.analyst.model import ModelAnalyst
from agent.analyst.model_cache import ReplyCache, ReplyStore
from agent.analyst.protocol import Analyst
from agent.domain import Claim, Company, KpiRecord, Usage
from agent.ledger import Budget
from agent.limits import Gates
from agent.memory.ledger_table import SqlLedger
from agent.models.factory import ModelFactory
from agent.models.gateway import CallContext, ModelGateway
from agent.models.secrets import with_secrets
from agent.models.settings import EXTRACTIVE, ModelSettings
from agent.prompts.registry import FOLDER, PromptRegistry
from agent.settings import Settings
from graph.offered import OfferedAnalysts
from graph.state import CompanyState, ResearchState
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
        cited = {place.report for claim in claims for place in claim.evidence}
        sources = {}
        for sha256, company in companies.items():
            path = Path()  # The other companies are named only; their reports stay closed.
            if sha256 in cited:
                with closing(await self._library.open(sha256)) as bundle:
                    path = bundle.path
            sources[sha256] = Source(path, company)
        return await self._workers.run(verify_claims, sources, claims, records)


@dataclass(frozen=True)
class RunInfo:
    """What a run tells its analyst: whose calls they are, and which prompts it was assigned."""

    analysis_id: str
    thread: str = ""
    """Draws the arms of prompts; the analysis' own id where empty."""
    arms: Mapping[str, str] = field(default_factory=dict)
    focus: str = ""
    model: str = ""
    """The model the request names; the setting decides where empty."""
    company: str = ""
    private_to: str | None = None
    """What is written for the run is kept for this user alone; for all where None."""


def run_info(
    state: ResearchState | CompanyState, company: str = "", *, private_to: str | None = None
) -> RunInfo:
    """The run as its state knows it, also one begun before arms and focus were kept."""
    return RunInfo(
        state["analysis_id"],
        thread=state["request"].thread,
        arms=state.get("arms", {}),
        focus=state.get("focus", ""),
        model=state["request"].model,
        company=company,
        private_to=private_to,
    )


class Minds:
    """Gives each run its analyst; the extractive one where no model is configured."""

    def __init__(
        self,
        analyst: Analyst,
        ledger: SqlLedger,
        models: ModelSettings,
        offered: OfferedAnalysts | None = None,
    ) -> None:
        self._analyst = analyst
        self._ledger = ledger
        self._models = models
        self._offered = offered
        self._budgets: dict[str, Budget] = {}
        self._opening = asyncio.Lock()

    @property
    def shared(self) -> Analyst:
        """The analyst for what belongs to no analysis: understanding a message."""
        return self._analyst

    def has_model(self, model: str = "") -> bool:
        """Whether a model stands behind the analysts, as set or as chosen for one analysis."""
        return isinstance(self._chosen(model), ModelAnalyst)

    def arms(self, thread: str, model: str = "") -> dict[str, str]:
        """The arm of every prompt for a thread, to be kept with its run; none without a model."""
        analyst = self._chosen(model)
        return analyst.prompts.arms(thread) if isinstance(analyst, ModelAnalyst) else {}

    async def of(self, run: RunInfo) -> Analyst:
        """The analyst of one run (for one company), its calls counted and its budget kept."""
        analyst = self._chosen(run.model)
        if not isinstance(analyst, ModelAnalyst):
            return analyst
        context = CallContext(
            analysis=run.analysis_id,
            thread=run.thread or run.analysis_id,
            company=run.company,
            budget=await self._budget(run.analysis_id),
        )
        bound = analyst.bound(context, run.arms, run.focus)
        if run.private_to is None or bound.cache is None:
            return bound
        return replace(bound, cache=bound.cache.private_to(run.private_to))

    def _chosen(self, model: str) -> Analyst:
        """The analyst of the model a request names, else that of the setting."""
        if self._offered is None:
            return self._analyst
        return self._offered.analyst(model) or self._analyst

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
    models, names = settings.models(), settings.offered_models()
    if models.specs or names != (str(EXTRACTIVE),):
        models = await with_secrets(models)
    prompts = PromptRegistry(settings.prompts_dir or FOLDER)
    # One gate a provider for the process, whichever of the offered models is asked.
    gates = Gates(models.concurrency, models.calls_per_minute)
    cache = ReplyCache(replies)

    # Built before the first run, so that a mistake shows at the start.
    built = ModelFactory(models)
    await asyncio.to_thread(built.check)

    def analyst(chosen: ModelSettings) -> Analyst:
        if not chosen.specs:
            return ExtractiveAnalyst()
        return ModelAnalyst(
            ModelGateway(
                chosen, sink=ledger, gates=gates, factory=built if chosen is models else None
            ),
            checker=PageCheck(library, workers),
            stand_in=ExtractiveAnalyst(),
            prompts=prompts,
            cache=cache,
            reader_version=READER_VERSION,
            patient=patient,
        )

    offered = OfferedAnalysts(names, models, analyst)
    return Minds(analyst(models), ledger, models, offered)
