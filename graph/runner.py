"""Starts, follows, resumes, cancels and recovers researches; one `Research` a process.

A run lives in a task of its own, never inside a chat session. Its state is in the checkpoints,
its progress in the event log, its result an artifact: a killed process loses no finished
company, and the next start goes on where it stopped.
"""

import asyncio
import contextvars
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command

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
from agent.errors import ConflictError, IsraError
from agent.logs import get_logger
from agent.settings import Settings
from graph.analyses import AnalysisStatus, AnalysisTable
from graph.checkpoint import open_checkpoints
from graph.context import ResearchContext
from graph.events import EventLog, RunEvent, Told
from graph.followup import build_followup_graph
from graph.minds import RunInfo
from graph.research import build_research_graph
from graph.state import GRAPH_VERSION, ReviewAnswer
from graph.wiring import open_context
from tools.pdf.picture import Picture
from tools.search.known import KnownReport

log = get_logger(__name__)


class Research:
    """What chat, CLI and programs call; made by `open_research`."""

    def __init__(
        self,
        context: ResearchContext,
        analyses: AnalysisTable,
        events: EventLog,
        saver: BaseCheckpointSaver[Any],
    ) -> None:
        self._context = context
        self._analyses = analyses
        self._saver = saver
        self._events = events
        self._graph = build_research_graph().compile(
            checkpointer=saver, name="industry_sustainability"
        )
        self._followup = build_followup_graph().compile(name="follow_up")
        self._jobs: dict[str, asyncio.Task[None]] = {}

    async def start(self, request: AnalysisRequest, *, analysis_id: str | None = None) -> str:
        """Begin an analysis and give its id; it runs on by itself until the review.

        Raises:
            ConflictError: an analysis of this id exists.
        """
        analysis_id = analysis_id or uuid.uuid4().hex
        await self._analyses.create(analysis_id, request)
        await self._events.append(analysis_id, "started", None, {"industry": request.industry})
        self._launch(analysis_id, {"analysis_id": analysis_id, "request": request})
        return analysis_id

    async def proposal(self, analysis_id: str) -> tuple[ProposedCompany, ...]:
        """The companies waiting for the user's review; empty when none wait.

        Raises:
            NotFoundError: there is no such analysis.
        """
        await self._analyses.require(analysis_id)
        state = await self._graph.aget_state(self._config(analysis_id))
        rows: list[dict[str, Any]] = [
            row for item in state.interrupts for row in item.value["companies"]
        ]
        return tuple(ProposedCompany.model_validate(row) for row in rows)

    async def confirm(self, analysis_id: str, companies: Sequence[ProposedCompany]) -> None:
        """Answer the company review, once.

        Raises:
            ConflictError: the list was confirmed before, or is not proposed yet.
            NotFoundError: there is no such analysis.
        """
        await self._analyses.require(analysis_id)
        if not await self._analyses.move(analysis_id, "awaiting_review", "running"):
            raise ConflictError(
                "The company list of this analysis is not open for confirmation.",
                "It was confirmed already, or the analysis has ended.",
            )
        state = await self._graph.aget_state(self._config(analysis_id))
        answer = ReviewAnswer(companies=tuple(companies)).model_dump(mode="json")
        self._launch(analysis_id, Command(resume={item.id: answer for item in state.interrupts}))

    async def cancel(self, analysis_id: str) -> None:
        """Stop an analysis; what was found so far stays in the library."""
        await self._analyses.require(analysis_id)
        job = self._jobs.pop(analysis_id, None)
        if job is not None and not job.done():
            job.cancel()
            await asyncio.wait([job])
        if await self._analyses.close_as(analysis_id, "cancelled"):
            await self._events.append(analysis_id, "cancelled")

    async def delete(self, analysis_id: str) -> None:
        """Stop an analysis and take all of it away: state, events, checkpoints and result.

        Reports stay in the library, and the ledger keeps what its model calls cost.
        """
        await self.cancel(analysis_id)
        refs = {(await self._analyses.require(analysis_id)).result_ref}
        state = await self._graph.aget_state(self._config(analysis_id))
        refs.add(state.values.get("analysis_ref"))
        await self._saver.adelete_thread(analysis_id)
        await self._analyses.delete(analysis_id)
        for ref in filter(None, refs):
            await self._context.artifacts.delete(ref)

    def events(self, analysis_id: str, after: int = 0) -> AsyncIterator[RunEvent]:
        """Replay the events behind a sequence number, then follow until the run is closed."""
        return self._events.follow(analysis_id, after)

    async def status(self, analysis_id: str) -> AnalysisStatus:
        """Where an analysis stands. Raises NotFoundError."""
        return await self._analyses.require(analysis_id)

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
        """Take up every run that a stopped process left behind; gives their ids."""
        ids = await self._analyses.unfinished()
        for analysis_id, version in ids:
            if version != GRAPH_VERSION:
                await self._fail(
                    analysis_id,
                    f"This analysis was begun by another version ({version}) of the agent.",
                    "Start it again; the reports it read are kept.",
                )
            else:
                self._launch(analysis_id, await self._input_to_resume(analysis_id))
        return [analysis_id for analysis_id, version in ids if version == GRAPH_VERSION]

    async def close(self) -> None:
        """Hand back what runs: tasks end, the analyses stay marked as running for recovery."""
        jobs = [job for job in self._jobs.values() if not job.done()]
        for job in jobs:
            job.cancel()
        if jobs:
            await asyncio.wait(jobs)

    async def _input_to_resume(self, analysis_id: str) -> Any:
        state = await self._graph.aget_state(self._config(analysis_id))
        if state.values:
            return None
        status = await self._analyses.require(analysis_id)
        return {"analysis_id": analysis_id, "request": status.request}

    def _config(self, analysis_id: str) -> RunnableConfig:
        return {
            "configurable": {"thread_id": analysis_id, "__pregel_strict_resume": True},
            "recursion_limit": 50,
        }

    def _launch(self, analysis_id: str, graph_input: Any) -> None:
        """Run the graph in a task with a fresh context: no link to whoever asked for it."""
        running = self._jobs.get(analysis_id)
        if running is not None and not running.done():
            raise ConflictError("This analysis is running already.", "Wait for it, or stop it.")
        self._jobs[analysis_id] = asyncio.create_task(
            self._run(analysis_id, graph_input), context=contextvars.Context()
        )

    async def _run(self, analysis_id: str, graph_input: Any) -> None:
        try:
            await self._drive(analysis_id, graph_input)
        except asyncio.CancelledError:
            raise
        except IsraError as error:
            await self._fail(analysis_id, error.what, error.do)
        except Exception as error:
            log.exception("run failed", analysis=analysis_id, error=type(error).__name__)
            await self._fail(
                analysis_id,
                "The analysis stopped on an unexpected error.",
                "Nothing that was read is lost; try again, and see the log if it stays.",
            )

    async def _drive(self, analysis_id: str, graph_input: Any) -> None:
        """Stream the graph's progress into the log until it waits or ends."""
        stream = self._graph.astream(
            graph_input,
            self._config(analysis_id),
            context=self._context,
            durability="sync",
            version="v2",
            stream_mode=["custom"],
            subgraphs=True,
        )
        async for part in stream:
            if part["type"] == "custom" and isinstance(part["data"], Told):
                told = part["data"]
                await self._events.append(analysis_id, told.kind, told.company_id, told.data)
        state = await self._graph.aget_state(self._config(analysis_id))
        if state.interrupts:
            await self._analyses.move(analysis_id, "running", "awaiting_review")
            await self._events.append(
                analysis_id, "proposed", None, dict(state.interrupts[0].value)
            )
            return
        await self._publish(analysis_id, state.values["analysis_ref"])

    async def _publish(self, analysis_id: str, ref: str) -> None:
        started = await self._analyses.seconds_since_start(analysis_id)
        analysis = await self._context.artifacts.get(ref, Analysis)
        timed = analysis.model_copy(update={"seconds": round(started, 2)})
        final_ref = await self._context.artifacts.put(timed)
        await self._analyses.publish(analysis_id, final_ref)
        await self._events.append(
            analysis_id,
            "published",
            None,
            {"seconds": timed.seconds, "usage": timed.usage.model_dump(mode="json")},
        )

    async def _fail(self, analysis_id: str, what: str, do: str) -> None:
        await self._analyses.close_as(analysis_id, "failed", what=what, do=do)
        await self._events.append(analysis_id, "failed", None, {"what": what, "do": do})


@asynccontextmanager
async def open_research(settings: Settings) -> AsyncIterator[Research]:
    """Everything a process needs for research, closed in order at the end.

    The database must have been migrated (`agent.memory.database.upgrade`).
    """
    async with (
        open_context(settings) as (context, engine),
        open_checkpoints(settings.data_dir / "checkpoints.db") as saver,
    ):
        research = Research(context, AnalysisTable(engine), EventLog(engine), saver)
        try:
            yield research
        finally:
            await research.close()
