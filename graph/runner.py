"""Starts, follows, confirms, cancels, retries and recovers researches: what all callers call.

A run lives in a task or a worker of its own, never inside a chat session. Its state is in the
checkpoints, its progress in the event log, its result an artifact: a killed process loses no
finished company, and the next start goes on where it stopped.
"""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from agent.analyst.model import ModelAnalyst
from agent.analyst.protocol import Intent
from agent.domain import (
    Analysis,
    AnalysisRequest,
    Answer,
    Industry,
    ProposedCompany,
    Report,
    Usage,
)
from agent.errors import ConflictError
from agent.memory.addresses import require_postgres
from agent.settings import Settings
from graph.analyses import AnalysisStatus, AnalysisTable, Place, RunState
from graph.checkpoint import open_checkpoints
from graph.context import ResearchContext
from graph.dispatch import Dispatcher, LocalDispatcher, Priority
from graph.driver import Driver
from graph.events import EventLog, RunEvent
from graph.followup import build_followup_graph
from graph.locks import make_locks
from graph.minds import RunInfo
from graph.state import ReviewAnswer
from graph.wiring import open_context
from tools.pdf.picture import Picture
from tools.search.known import KnownReport

Where = Literal["auto", "here", "workers"]


class Research:
    """What chat, CLI and programs call; made by `open_research`."""

    def __init__(self, parts: "RunParts", dispatcher: Dispatcher) -> None:
        self._context = parts.context
        self._analyses = parts.analyses
        self._events = parts.events
        self._driver = parts.driver
        self._dispatcher = dispatcher
        self._followup = build_followup_graph().compile(name="follow_up")

    async def start(
        self,
        request: AnalysisRequest,
        *,
        analysis_id: str | None = None,
        priority: Priority = "interactive",
    ) -> str:
        """Begin an analysis and give its id; it runs on by itself until the review.

        Raises:
            ConflictError: an analysis of this id exists.
        """
        analysis_id = analysis_id or uuid.uuid4().hex
        await self._analyses.create(analysis_id, request)
        await self._dispatcher.submit(analysis_id, priority)
        return analysis_id

    async def proposal(self, analysis_id: str) -> tuple[ProposedCompany, ...]:
        """The companies waiting for the user's review; empty when none wait.

        Raises:
            NotFoundError: there is no such analysis.
        """
        await self._analyses.require(analysis_id)
        return await self._driver.proposal(analysis_id)

    async def confirm(
        self,
        analysis_id: str,
        companies: Sequence[ProposedCompany],
        *,
        priority: Priority = "interactive",
    ) -> None:
        """Answer the company review, once.

        Raises:
            ConflictError: the list was confirmed before, or is not proposed yet.
            NotFoundError: there is no such analysis.
        """
        await self._analyses.require(analysis_id)
        answer = ReviewAnswer(companies=tuple(companies))
        if not await self._analyses.confirm(analysis_id, answer):
            raise ConflictError(
                "The company list of this analysis is not open for confirmation.",
                "It was confirmed already, or the analysis has ended.",
            )
        await self._dispatcher.submit(analysis_id, priority)

    async def cancel(self, analysis_id: str) -> None:
        """Stop an analysis, wherever it runs; what was found so far stays in the library.

        Raises:
            NotFoundError: there is no such analysis.
        """
        await self._analyses.require(analysis_id)
        if await self._analyses.close_as(analysis_id, "cancelled"):
            await self._events.wake(analysis_id)
        await self._dispatcher.stop(analysis_id)

    async def retry(self, analysis_id: str) -> tuple[str, ...]:
        """Try the companies that gave no result once more, and give their names.

        The others keep what they have; a run that failed after them goes on where it failed.

        Raises:
            ConflictError: it has not ended, was cancelled, or nothing of it failed.
            NotFoundError: there is no such analysis.
        """
        status = await self._analyses.require(analysis_id)
        failed = await self._driver.failed_companies(analysis_id)
        if status.state == "published" and not failed:
            raise ConflictError("No company of this analysis failed.", "Nothing is to be retried.")
        named: list[JsonValue] = [{"id": row.company_id, "name": row.name} for row in failed]
        if not await self._analyses.retry(analysis_id, named):
            raise ConflictError(
                "Only an analysis that has ended can be tried again.",
                f"This one is {status.state.replace('_', ' ')}.",
            )
        await self._events.wake(analysis_id)
        await self._dispatcher.submit(analysis_id)
        return tuple(row.name for row in failed)

    async def delete(self, analysis_id: str) -> None:
        """Stop an analysis and take all of it away: state, events, checkpoints and result.

        Reports stay in the library, and the ledger keeps what its model calls cost.
        """
        await self.cancel(analysis_id)
        refs = {(await self._analyses.require(analysis_id)).result_ref}
        refs.add((await self._driver.state(analysis_id)).values.get("analysis_ref"))
        await self._driver.forget(analysis_id)
        await self._analyses.delete(analysis_id)
        for ref in filter(None, refs):
            await self._context.artifacts.delete(ref)

    def events(self, analysis_id: str, after: int = 0) -> AsyncIterator[RunEvent]:
        """Replay the events behind a sequence number, then follow until the run is closed."""
        return self._events.follow(analysis_id, after)

    async def last_event(self, analysis_id: str) -> int:
        """The sequence number of the newest event. Raises NotFoundError."""
        return (await self._analyses.require(analysis_id)).last_seq

    async def status(self, analysis_id: str) -> AnalysisStatus:
        """Where an analysis stands. Raises NotFoundError."""
        return await self._analyses.require(analysis_id)

    async def analyses(
        self, owner: str, *, limit: int, behind: Place | None = None, state: RunState | None = None
    ) -> list[AnalysisStatus]:
        """A user's analyses, newest first; from behind a place of the list on."""
        return await self._analyses.page(owner, limit=limit, behind=behind, state=state)

    async def result(self, analysis_id: str) -> Analysis:
        """The published analysis.

        Raises:
            NotFoundError: there is no such analysis.
            ConflictError: it is not published (yet).
        """
        status = await self._analyses.require(analysis_id)
        if status.result_ref is None:
            # A failed run says itself what happened; the others have just not come to their end.
            standing = f"This analysis has no result: it is {status.state.replace('_', ' ')}."
            raise ConflictError(status.what or standing, status.do)
        return await self._context.artifacts.get(status.result_ref, Analysis)

    async def ask(self, analysis_id: str, question: str) -> Answer:
        """Answer a follow-up from the evidence of one analysis."""
        analysis = await self.result(analysis_id)
        begun = (await self._analyses.require(analysis_id)).created_at
        with self._context.tracing.part(analysis_id, begun, "follow_up"):
            done = await self._followup.ainvoke(
                {"analysis": analysis, "question": question}, context=self._context
            )
        answer: Answer = done["answer"]
        return answer

    async def understand(self, message: str, *, has_analysis: bool) -> Intent:
        """What a chat message asks for."""
        return await self._context.minds.shared.understand(message, has_analysis=has_analysis)

    async def list_industries(self) -> tuple[Industry, ...]:
        """The industries of the directory."""
        return self._context.directory.industries

    async def add_report(self, path: Path, owner: str) -> Report:
        """Take a PDF of the user into the report library and say what it is."""
        return await self._context.shelf.add(path, owner)

    async def translate(
        self, analysis_id: str, sentences: Sequence[str], language: str
    ) -> tuple[str | None, ...] | None:
        """Checked sentences in the reader's language; None where no language model is set."""
        request = (await self._analyses.require(analysis_id)).request
        run = RunInfo(analysis_id, thread=request.thread, model=request.model)
        analyst = await self._context.minds.of(run)
        if not isinstance(analyst, ModelAnalyst):
            return None
        return await analyst.translate(sentences, language)

    async def usage(self, analysis_id: str) -> Usage:
        """What the models of an analysis have used so far."""
        return await self._context.minds.usage(analysis_id)

    async def own_reports(self, owner: str) -> tuple[KnownReport, ...]:
        """The reports a user has added."""
        return await self._context.shelf.held(owner)

    async def picture(self, sha256: str, page: int, quote: str | None = None) -> Picture:
        """A page as picture, the quote marked."""
        return await self._context.library.picture(sha256, page, quote)

    async def recover(self) -> list[str]:
        """Take up every run that a stopped process left behind; gives their ids.

        A run that another process drives is left to it.
        """
        ids = await self._analyses.unfinished()
        for analysis_id in ids:
            await self._dispatcher.submit(analysis_id)
        return ids

    async def close(self) -> None:
        """Hand back what runs: the analyses stay marked as running for recovery."""
        await self._dispatcher.close()


@dataclass(frozen=True)
class RunParts:
    """What driving and following runs needs, opened once a process."""

    context: ResearchContext
    analyses: AnalysisTable
    events: EventLog
    driver: Driver


@asynccontextmanager
async def open_parts(
    settings: Settings, *, patient: bool = False, elsewhere: bool = False
) -> AsyncIterator[RunParts]:
    """The parts, closed in order at the end. The database must have been migrated.

    Runs that are driven `elsewhere` are looked after more often.
    """
    async with (
        open_context(settings, patient=patient) as (context, engine),
        open_checkpoints(settings) as saver,
    ):
        analyses = AnalysisTable(engine)
        events = EventLog(engine, 0.3) if elsewhere else EventLog(engine)
        driver = Driver(context, analyses, events, saver, make_locks(settings))
        yield RunParts(context, analyses, events, driver)


@asynccontextmanager
async def open_research(settings: Settings, where: Where = "auto") -> AsyncIterator[Research]:
    """Everything a process needs for research, closed in order at the end.

    `where` the runs are driven: in this process, by workers, or as the settings say. The
    database must have been migrated (`agent.memory.database.upgrade`).
    """
    async with AsyncExitStack() as stack:
        queued = where == "workers" or (where == "auto" and settings.runs_in_workers)
        parts = await stack.enter_async_context(open_parts(settings, elsewhere=queued))
        dispatcher: Dispatcher
        if queued:
            url = settings.resolved_database_url
            require_postgres(url)
            # Comes with the extra `postgres`.
            from graph.queue import open_queue

            dispatcher = await stack.enter_async_context(open_queue(url))
        else:
            dispatcher = LocalDispatcher(parts.driver, parts.events, settings.drain_seconds)
        research = Research(parts, dispatcher)
        try:
            yield research
        finally:
            await research.close()
