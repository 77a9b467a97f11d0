"""Drives one run in this process: takes its lock, feeds the graph what is due, notes the end.

Everything that is due is in the database and the checkpoints (the request, the answer to the
review, companies to be tried again), so any process can take a run up where another left it.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl
from langgraph.types import StateSnapshot
from pydantic import BaseModel

from agent.domain import Analysis, CompanyAnalysis, ProposedCompany
from agent.errors import IsraError, PostponedError
from agent.logs import get_logger
from agent.memory.outage import is_outage, storage_error
from agent.tracing import trace_id
from graph.analyses import AnalysisTable
from graph.context import ResearchContext, company_done
from graph.due import FAILED, NOTHING, due_in, outcomes_of, values_of, waits_until
from graph.events import EventLog, Told
from graph.locks import HeldLock, RunLocks
from graph.research import build_research_graph
from graph.state import GRAPH_VERSION, CompanyOutcome
from graph.steps import analyses_of, nothing_to_write

log = get_logger(__name__)

_WATCH_SECONDS = 1.0
_SHA256 = 64
OUTAGE_SECONDS = 300.0
"""How long a run waits for a database that is away before it is given up in this process."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The run waits for a provider until that time (seconds since 1970)."""

    until: float


@dataclass(frozen=True, slots=True)
class HandedBack:
    """The run was left, whole, for another process to go on with."""


@dataclass(frozen=True, slots=True)
class Rested:
    """Nothing is left to do: the run has ended or waits for its user."""


Drive = Postponed | HandedBack | Rested


class LostLockError(Exception):
    """The lock of a run is gone while it runs: its connection to the database broke."""


class Driver:
    """Drives runs; make one for each process."""

    def __init__(
        self,
        context: ResearchContext,
        analyses: AnalysisTable,
        events: EventLog,
        saver: BaseCheckpointSaver[Any],
        locks: RunLocks,
    ) -> None:
        self._context = context
        self._analyses = analyses
        self._events = events
        self._saver = saver
        self._locks = locks
        self._graph = build_research_graph().compile(
            checkpointer=saver, name="industry_sustainability"
        )
        self._under_way: dict[str, tuple[asyncio.Task[Drive], RunControl]] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._draining = False

    @property
    def busy(self) -> bool:
        """Whether a run is under way in this process."""
        return bool(self._under_way)

    async def state(self, analysis_id: str) -> StateSnapshot:
        """What the newest checkpoint of a run holds."""
        return await self._graph.aget_state(_config(analysis_id))

    async def references(self, analysis_id: str) -> set[str]:
        """The references of everything that the checkpoints of a run speak of."""
        found: set[str] = set()
        async for kept in self._saver.alist(_config(analysis_id)):
            found |= set(_references(kept.checkpoint["channel_values"]))
            found |= set(_references([write[2] for write in kept.pending_writes or ()]))
        return found

    async def forget(self, analysis_id: str) -> None:
        """Take a run's checkpoints away."""
        await self._saver.adelete_thread(analysis_id)

    async def proposal(self, analysis_id: str) -> tuple[ProposedCompany, ...]:
        """The companies that wait for their review; empty when none wait."""
        state = await self.state(analysis_id)
        return tuple(
            ProposedCompany.model_validate(row)
            for item in state.interrupts
            for row in item.value["companies"]
        )

    async def failed_companies(self, analysis_id: str) -> tuple[CompanyOutcome, ...]:
        """The companies whose way ended without a result."""
        state = await self.state(analysis_id)
        return tuple(row for row in outcomes_of(state) if row.status in FAILED)

    async def drive(self, analysis_id: str) -> Drive:
        """Bring a run as far as it goes; never fails for what the run itself does.

        A database that goes away meanwhile is waited for. Raises RunBusyError where another
        holds the run, and the database's error where it stays away.
        """
        patience = time.monotonic() + OUTAGE_SECONDS
        pause = 0.5
        while True:
            try:
                async with self._locks.hold(analysis_id) as lock:
                    return await self._locked(analysis_id, lock)
            except Exception as error:
                away = isinstance(error, LostLockError) or is_outage(error)
                if not (away or isinstance(error, OSError)) or time.monotonic() > patience:
                    raise
                log.warning("run waits for the database", analysis=analysis_id)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)

    async def stop(self, analysis_id: str) -> None:
        """Break a run off and wait until it has let go."""
        task, _ = self._under_way.get(analysis_id, (None, None))
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def drain(self, seconds: float) -> None:
        """Let the steps under way come to their end, then hand every run back."""
        self._draining = True
        tasks = [task for task, _ in self._under_way.values()]
        for _, control in self._under_way.values():
            control.request_drain()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    async def _locked(self, analysis_id: str, lock: HeldLock) -> Drive:
        """Run while the lock is held; the end of either is the end of both."""
        control = RunControl()
        if self._draining:
            return HandedBack()
        work = asyncio.create_task(self._run(analysis_id, control))
        self._under_way[analysis_id] = (work, control)
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch())
        lost = asyncio.create_task(lock.lost.wait())
        try:
            await asyncio.wait([work, lost], return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return Rested() if work.cancelled() and not self._draining else _result(work)
            raise LostLockError
        finally:
            lost.cancel()
            work.cancel()
            await asyncio.wait([work, lost])
            if not work.cancelled():
                # Fetched, or it would be logged with a traceback where the lock was lost first.
                work.exception()
            del self._under_way[analysis_id]

    async def _watch(self) -> None:
        """Break off what another process has cancelled."""
        while self._under_way:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                cancelled = await self._analyses.cancelled(tuple(self._under_way))
            except Exception as error:
                if not (is_outage(error) or isinstance(error, OSError)):
                    raise
                continue
            for analysis_id in cancelled:
                task, _ = self._under_way.get(analysis_id, (None, None))
                if task is not None:
                    task.cancel()

    async def _run(self, analysis_id: str, control: RunControl) -> Drive:
        try:
            return await self._advance(analysis_id, control)
        except GraphDrained:
            return HandedBack()
        except PostponedError as error:
            await self._tell_pause(analysis_id, error.what, time.time() + error.seconds)
            return Postponed(time.time() + error.seconds)
        except IsraError as error:
            await self._fail(analysis_id, error)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("run failed", analysis=analysis_id, error=type(error).__name__)
            await self._fail(
                analysis_id,
                storage_error(error)
                or IsraError(
                    "The analysis stopped on an unexpected error.",
                    "Nothing that was read is lost; try again, and see the log if it stays.",
                ),
            )
        return Rested()

    async def _advance(self, analysis_id: str, control: RunControl) -> Drive:
        """Feed the graph what is due until nothing is."""
        while True:
            status = await self._analyses.require(analysis_id)
            if status.state != "running":
                return Rested()
            if status.graph_version != GRAPH_VERSION:
                raise IsraError(
                    "This analysis was begun by another version "
                    f"({status.graph_version}) of the agent.",
                    "Start it again; the reports it read are kept.",
                )
            state = await self.state(analysis_id)
            if state.interrupts and status.review is None:
                await self._await_review(analysis_id, state)
                return Rested()
            waits = waits_until(state)
            if waits > time.time():
                return Postponed(waits)
            due = due_in(status, state)
            if due is NOTHING:
                await self._tell_missed(analysis_id, state)
                return await self._conclude(analysis_id, state)
            if not state.values:
                asked = status.request.model_dump(mode="json", exclude={"owner", "library"})
                self._context.tracing.begin(analysis_id, status.created_at, asked)
            with self._context.tracing.part(analysis_id, status.created_at, "run"):
                await self._stream(analysis_id, due, control)

    async def _stream(self, analysis_id: str, due: Any, control: RunControl) -> None:
        """Run the graph until it waits or ends, its progress told in the log.

        A company whose end was told while the result was lost is worked on again, which is not
        told again.
        """
        told = await self._told_done(analysis_id)
        stream = self._graph.astream(
            due,
            _config(analysis_id),
            context=self._context,
            durability="sync",
            version="v2",
            stream_mode=["custom"],
            subgraphs=True,
            control=control,
        )
        async for part in stream:
            event = part["data"] if part["type"] == "custom" else None
            if not isinstance(event, Told) or event.company_id in told:
                continue
            await self._events.tell(analysis_id, event, while_in="running")
            if event.kind == "company_done":
                told.add(event.company_id)

    async def _tell_missed(self, analysis_id: str, state: StateSnapshot) -> None:
        """Tell of companies whose end was kept while the news of it was lost.

        A run that is broken off by an outage gives out no more events, also not those of steps
        whose results have reached the checkpoints.
        """
        told = await self._told_done(analysis_id)
        for outcome in outcomes_of(state):
            if outcome.status == "done" and outcome.ref and outcome.company_id not in told:
                row = await self._context.artifacts.get(outcome.ref, CompanyAnalysis)
                await self._events.tell(analysis_id, company_done(row), while_in="running")

    async def _told_done(self, analysis_id: str) -> set[str | None]:
        events = await self._events.read(analysis_id)
        return {event.company_id for event in events if event.kind == "company_done"}

    async def _await_review(self, analysis_id: str, state: StateSnapshot) -> None:
        proposed = Told(kind="proposed", data=dict(state.interrupts[0].value))
        await self._analyses.move(analysis_id, "running", "awaiting_review", proposed)
        await self._events.wake(analysis_id)

    async def _conclude(self, analysis_id: str, state: StateSnapshot) -> Drive:
        if not any(outcome.status == "done" for outcome in outcomes_of(state)):
            raise nothing_to_write(await analyses_of(values_of(state), self._context))
        analysis = await self._context.artifacts.get(state.values["analysis_ref"], Analysis)
        started = await self._analyses.seconds_since_start(analysis_id)
        trace = trace_id(analysis_id) if self._context.tracing.traces(analysis_id) else ""
        timed = analysis.model_copy(update={"seconds": round(started, 2), "trace": trace})
        ref = await self._context.artifacts.put(timed)
        usage = timed.usage.model_dump(mode="json")
        published = Told(kind="published", data={"seconds": timed.seconds, "usage": usage})
        await self._analyses.publish(analysis_id, ref, published)
        await self._events.wake(analysis_id)
        await self._end_trace(analysis_id, {"companies": len(timed.companies), "usage": usage})
        return Rested()

    async def _end_trace(
        self, analysis_id: str, came_to: dict[str, Any], error: str | None = None
    ) -> None:
        tracing = self._context.tracing
        if tracing.traces(analysis_id):
            begun = (await self._analyses.require(analysis_id)).created_at
            tracing.end(analysis_id, begun, came_to, error)

    async def _tell_pause(self, analysis_id: str, why: str, until: float) -> None:
        pause = Told(kind="postponed", data={"reason": why, "until": round(until)})
        await self._events.tell(analysis_id, pause, while_in="running")

    async def _fail(self, analysis_id: str, error: IsraError) -> None:
        try:
            await self._analyses.close_as(analysis_id, "failed", what=error.what, do=error.do)
            await self._end_trace(analysis_id, {}, error=type(error).__name__)
        except Exception as unwritten:
            if is_outage(unwritten):
                raise
            # With the disk full not even the failure can be kept: whoever follows is told.
            log.exception("failure not kept", analysis=analysis_id)
            await self._events.break_off(analysis_id, storage_error(unwritten) or error)
            return
        await self._events.wake(analysis_id)


def _result(work: "asyncio.Task[Drive]") -> Drive:
    return HandedBack() if work.cancelled() else work.result()


def _config(analysis_id: str) -> RunnableConfig:
    return {
        "configurable": {"thread_id": analysis_id, "__pregel_strict_resume": True},
        "recursion_limit": 50,
    }


def _references(value: object, key: str = "") -> Iterator[str]:
    """References of artifacts in a state: texts whose key says that they are one."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _references(item, str(name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _references(item, key)
    elif isinstance(value, str) and key.endswith("ref") and len(value) == _SHA256:
        yield value
