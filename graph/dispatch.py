"""Who drives a run: this process, or (in `queue`) any worker. Both behind one protocol."""

import asyncio
import contextvars
import time
from typing import Literal, Protocol

from agent.errors import IsraError
from agent.logs import get_logger
from agent.memory.outage import storage_error
from graph.driver import Driver, Postponed
from graph.events import EventLog
from graph.locks import RunBusyError

log = get_logger(__name__)

Priority = Literal["interactive", "batch"]
_BUSY_SECONDS = 2.0


class Dispatcher(Protocol):
    """Sees to it that runs are driven. What is due is in the database: it is given ids only."""

    async def submit(self, analysis_id: str, priority: Priority = "interactive") -> None:
        """See to it that the run goes on, now or when its turn comes."""
        ...

    async def stop(self, analysis_id: str) -> None:
        """Break off a run that was cancelled, as far as this process drives it."""
        ...

    async def close(self) -> None:
        """Hand back what this process drives."""
        ...


class LocalDispatcher:
    """Drives runs in tasks of this process, with no link to whoever asked for them."""

    def __init__(self, driver: Driver, events: EventLog, drain_seconds: float) -> None:
        self._driver = driver
        self._events = events
        self._drain_seconds = drain_seconds
        self._jobs: dict[str, asyncio.Task[None]] = {}

    async def submit(self, analysis_id: str, priority: Priority = "interactive") -> None:
        """Drive the run, behind what this process still does for it."""
        before = self._jobs.get(analysis_id)
        self._jobs[analysis_id] = asyncio.create_task(
            self._run(analysis_id, before), context=contextvars.Context()
        )

    async def stop(self, analysis_id: str) -> None:
        """Break the run off and wait until its lock is free."""
        job = self._jobs.pop(analysis_id, None)
        await self._driver.stop(analysis_id)
        if job is not None:
            job.cancel()
            await asyncio.wait([job])

    async def close(self) -> None:
        """Let steps under way end within the deadline; the runs stay open for recovery."""
        await self._driver.drain(self._drain_seconds)
        jobs = list(self._jobs.values())
        for job in jobs:
            job.cancel()
        if jobs:
            await asyncio.wait(jobs)

    async def _run(self, analysis_id: str, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            await self._until_rest(analysis_id)
        except IsraError as error:
            await self._events.break_off(analysis_id, error)
        except Exception as error:
            log.exception("run left", analysis=analysis_id, error=type(error).__name__)
            left = IsraError("The analysis was left by an unexpected error.", "See the log.")
            await self._events.break_off(analysis_id, storage_error(error) or left)
        finally:
            if self._jobs.get(analysis_id) is asyncio.current_task():
                del self._jobs[analysis_id]

    async def _until_rest(self, analysis_id: str) -> None:
        while True:
            try:
                drive = await self._driver.drive(analysis_id)
            except RunBusyError:
                # Another process has it: be there in case that one is killed.
                await asyncio.sleep(_BUSY_SECONDS)
                continue
            if not isinstance(drive, Postponed):
                return
            await asyncio.sleep(max(0.1, drive.until - time.time()))
