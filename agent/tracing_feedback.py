"""Sends thumbs and comments to the very run in LangSmith they are about.

It happens in a task of its own and tries again while LangSmith is away: nobody waits for it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from langsmith.utils import LangSmithConflictError, LangSmithNotFoundError

from agent.logs import get_logger
from agent.memory.outage import is_outage
from agent.memory.outbox import Due, FeedbackOutbox
from agent.redaction import safe_text
from agent.settings import Settings
from agent.tracing import direct_client

if TYPE_CHECKING:
    from langsmith import Client
    from langsmith.schemas import TracerSessionResult

log = get_logger(__name__)

KEY = "user_thumb"
"""Name of the score in LangSmith: 1 is a thumb up, 0 a thumb down."""
_LOOK_SECONDS = 10.0
_TraceOf = Callable[[str], Awaitable[str]]


class LangSmithFeedback:
    """LangSmith's feedback of one project; its calls block and are made in a thread."""

    def __init__(self, client: "Client", project: str) -> None:
        self._client = client
        self._name = project
        self._project: TracerSessionResult | None = None

    def url(self, trace: str) -> str:
        """Address of a run for people. Blocking; raises the client's errors."""
        return f"{self._read_project().url}/r/{trace}?poll=true"

    def tell(self, due: Due, trace: str) -> None:
        """Bring LangSmith to what the thumb is now. Blocking; raises the client's errors.

        Telling the same twice changes nothing.
        """
        if due.score is None:
            self._withdraw(due)
        elif due.known:
            try:
                self._change(due)
            except LangSmithNotFoundError:
                self._create(due, trace)
        else:
            try:
                self._create(due, trace)
            except LangSmithConflictError:
                # It arrived once before, and the answer was lost.
                self._change(due)

    def _withdraw(self, due: Due) -> None:
        try:
            self._client.delete_feedback(due.feedback_id)
        except LangSmithNotFoundError:
            log.debug("feedback was gone already", feedback=due.feedback_id)

    def _change(self, due: Due) -> None:
        comment = safe_text(due.comment) if due.comment else None
        self._client.update_feedback(due.feedback_id, score=due.score, comment=comment)

    def _create(self, due: Due, trace: str) -> None:
        self._client.create_feedback(
            run_id=trace,
            trace_id=trace,
            session_id=self._read_project().id,
            feedback_id=due.feedback_id,
            key=KEY,
            score=due.score,
            comment=safe_text(due.comment) if due.comment else None,
            source_info={"about": due.kind, "generated_by": due.generated_by},
            stop_after_attempt=1,
        )

    def _read_project(self) -> "TracerSessionResult":
        if self._project is None:
            self._project = self._client.read_project(project_name=self._name)
        return self._project


class FeedbackSender:
    """Goes through what is due, now and again."""

    def __init__(self, outbox: FeedbackOutbox, feedback: LangSmithFeedback, trace: _TraceOf):
        """`trace` gives the root run of an analysis, empty where it was not traced."""
        self._outbox = outbox
        self._feedback = feedback
        self._trace = trace

    async def url(self, analysis_id: str) -> str:
        """Address of an analysis' trace, for people; empty where it has none or none is known.

        An address that LangSmith does not tell just now is not known.
        """
        trace = await self._trace(analysis_id)
        if not trace:
            return ""
        try:
            return await asyncio.to_thread(self._feedback.url, trace)
        except Exception as error:  # noqa: BLE001 - any library's error: the page goes on without
            log.warning("trace address not known", error=type(error).__name__)
            return ""

    async def send_due(self) -> int:
        """Send what is due; gives how many were settled."""
        settled = 0
        for due in await self._outbox.due():
            if await self._outbox.claim(due):
                settled += await self._send(due)
        return settled

    async def run(self) -> None:
        """Send what is due until cancelled; a database that is away is waited for."""
        while True:
            try:
                await self.send_due()
            except Exception as error:
                if not (is_outage(error) or isinstance(error, OSError)):
                    raise
                log.warning("feedback waits for the database", error=type(error).__name__)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _send(self, due: Due) -> bool:
        trace = due.trace
        if trace is None:
            trace = await self._trace(due.analysis_id) if due.analysis_id else ""
            await self._outbox.keep_trace(due, trace)
        if not trace and due.score is not None:
            return False
        try:
            if trace:
                await asyncio.to_thread(self._feedback.tell, due, trace)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again later
            log.warning("feedback not sent", error=type(error).__name__, attempt=due.attempts + 1)
            await self._outbox.later(due)
            return False
        await self._outbox.sent(due)
        return True


def trace_address(settings: Settings, trace: str) -> str:
    """Address of a run for people; empty where LangSmith does not tell it just now. Blocking."""
    if not settings.langsmith_api_key.get_secret_value():
        return ""
    try:
        return LangSmithFeedback(direct_client(settings), settings.langsmith_project).url(trace)
    except Exception as error:  # noqa: BLE001 - any library's error: the id is known all the same
        log.warning("trace address not known", error=type(error).__name__)
        return ""


@asynccontextmanager
async def open_feedback(
    settings: Settings, outbox: FeedbackOutbox, trace: _TraceOf
) -> AsyncIterator[FeedbackSender | None]:
    """Send feedback as long as this is open; None where no key of LangSmith is set."""
    if not settings.langsmith_api_key.get_secret_value():
        yield None
        return
    langsmith = LangSmithFeedback(direct_client(settings), settings.langsmith_project)
    sender = FeedbackSender(outbox, langsmith, trace)
    task = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        task.cancel()
        await asyncio.wait([task])
