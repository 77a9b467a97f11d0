"""A worker: drives the runs of the queue until it is told to stop."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from procrastinate import App

from agent.logs import get_logger
from agent.memory.outage import is_outage
from agent.metrics import collecting
from agent.settings import Settings
from app.intake import take_in
from app.protection import protect_while_busy
from app.stopping import sleep_until
from graph.queue import QUEUE, Queue, make_app
from graph.runner import Research, RunParts, open_parts

log = get_logger(__name__)

_SILENT_BEATS = 3
"""A worker that misses so many signs of life is taken for dead."""
_RETURN_SECONDS = 2.0


async def work(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Drive queued runs until SIGTERM, SIGINT or `stop`; then hand back what is under way.

    A database that goes away is waited for. It must be Postgres, and have been migrated.
    """
    with collecting(settings):
        async with _stopped_by_signals(stop or asyncio.Event()) as told:
            await _work_until(told, settings)


async def _work_until(told: asyncio.Event, settings: Settings) -> None:
    url = settings.resolved_database_url
    while not told.is_set():
        try:
            async with open_parts(settings, patient=True) as parts, _app(url, settings) as app:
                await _serve(app, parts, settings, told)
        except Exception as error:
            if not (is_outage(error) or isinstance(error, OSError)):
                raise
            log.warning("worker waits for the database", error=type(error).__name__)
        await sleep_until(told, _RETURN_SECONDS)


async def _serve(app: App, parts: RunParts, settings: Settings, stop: asyncio.Event) -> None:
    """Work until told to stop, or until the queue's own connections break."""
    silent = _SILENT_BEATS * settings.worker_heartbeat
    serving = asyncio.create_task(
        app.run_worker_async(
            queues=[QUEUE],
            concurrency=settings.worker_concurrency,
            fetch_job_polling_interval=2.0,
            shutdown_graceful_timeout=settings.drain_seconds,
            update_heartbeat_interval=settings.worker_heartbeat,
            stalled_worker_timeout=silent,
            install_signal_handlers=False,
            delete_jobs="successful",
            additional_context={
                "driver": parts.driver,
                "analyses": parts.analyses,
                "context": parts.context,
                "silent_seconds": silent,
            },
        )
    )
    stopping = asyncio.create_task(stop.wait())
    beside = _intake(app, parts, settings, stop)
    if settings.ecs_agent_uri:
        guard = protect_while_busy(settings.ecs_agent_uri, lambda: parts.driver.busy)
        beside.append(asyncio.create_task(guard))
    log.info("worker started", at_once=settings.worker_concurrency)
    try:
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            # First the runs, so that their jobs go back to the queue by themselves.
            draining = asyncio.create_task(parts.driver.drain(settings.drain_seconds))
            serving.cancel()
            await asyncio.wait([serving, draining])
            log.info("worker stopped")
        elif error := serving.exception():
            raise error
    finally:
        for task in (stopping, serving, *beside):
            task.cancel()
        await asyncio.wait([serving, stopping, *beside])


def _intake(
    app: App, parts: RunParts, settings: Settings, stop: asyncio.Event
) -> list[asyncio.Task[None]]:
    """The task that takes in requests of other systems, where there is a queue of them."""
    if not settings.intake_queue:
        return []
    research = Research(parts, Queue(app))
    return [asyncio.create_task(take_in(settings, research, stop))]


@asynccontextmanager
async def _app(url: str, settings: Settings) -> AsyncIterator[App]:
    app = make_app(url, settings.refresh_cron)
    async with app.open_async():
        yield app


@asynccontextmanager
async def _stopped_by_signals(stop: asyncio.Event) -> AsyncIterator[asyncio.Event]:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
