"""The queue of several machines: Procrastinate on the same Postgres as everything else.

A job says no more than "see to this run"; what is due is in the database. So a job may come
twice, late, or to a worker that finds nothing left to do.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from procrastinate import App, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy

from agent import metrics
from agent.errors import ConflictError, IsraError
from agent.logs import get_logger
from agent.memory.addresses import libpq_url
from agent.memory.outage import is_outage
from graph.analyses import AnalysisTable
from graph.context import ResearchContext
from graph.dispatch import Priority
from graph.driver import Driver, HandedBack, Postponed
from graph.locks import RunBusyError
from graph.refresh import due_analyses

log = get_logger(__name__)

_PRIORITIES: dict[Priority, int] = {"interactive": 10, "batch": 0}
_BUSY_SECONDS = 3
_AWAY_SECONDS = 10
_LOCK = "run:"
_RUN = "run"
QUEUE = "runs"


_MEASURE_SECONDS = 30.0

# A job that came back is due since it did, not since it was first put in.
_DUE = """
SELECT count(*) AS depth,
    coalesce(extract(epoch FROM now() - min(greatest(job.scheduled_at, put.at))), 0) AS lag
FROM procrastinate_jobs AS job
LEFT JOIN LATERAL (
    SELECT max(at) AS at FROM procrastinate_events AS event
    WHERE event.job_id = job.id AND event.type IN ('deferred', 'deferred_for_retry', 'retried')
) AS put ON TRUE
WHERE job.queue_name = %(queue)s AND job.task_name = %(task)s AND job.status = 'todo'
    AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
"""


class _LaterError(Exception):
    """The job is to come again at that time (seconds since 1970)."""

    def __init__(self, until: float) -> None:
        super().__init__(until)
        self.until = until


class _ComeAgain(BaseRetryStrategy):
    """When a job comes again. None of these is a failure of the run, so none is counted."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """A pause at its end, a run held elsewhere soon, a run handed back at once."""
        if isinstance(exception, _LaterError):
            return RetryDecision(retry_at=datetime.fromtimestamp(exception.until, UTC))
        if isinstance(exception, RunBusyError):
            return RetryDecision(retry_in={"seconds": _BUSY_SECONDS})
        if is_outage(exception) or isinstance(exception, OSError):
            return RetryDecision(retry_in={"seconds": _AWAY_SECONDS})
        if isinstance(exception, Exception) and not isinstance(exception, IsraError):
            return None
        return RetryDecision()


class _HandedBackError(IsraError):
    """The worker stops; another goes on with the run."""


async def run(context: JobContext, analysis_id: str) -> None:
    """Bring one run as far as it goes."""
    driver: Driver = context.additional_context["driver"]
    drive = await driver.drive(analysis_id)
    if isinstance(drive, Postponed):
        raise _LaterError(drive.until)
    if isinstance(drive, HandedBack):
        raise _HandedBackError("The worker stops.")


async def recover(context: JobContext, timestamp: int) -> None:
    """Give the jobs of silent workers to others, and a job to every run that has none."""
    manager = context.app.job_manager
    silent: float = context.additional_context["silent_seconds"]
    for job in await manager.get_stalled_jobs(
        task_name=_RUN, queue=QUEUE, seconds_since_heartbeat=silent
    ):
        log.warning("job of a silent worker given to another", job=job.id)
        await manager.retry_job(job)
    analyses: AnalysisTable = context.additional_context["analyses"]
    queue = Queue(context.app)
    for analysis_id in await analyses.unfinished():
        if not await queue.knows(analysis_id):
            await queue.submit(analysis_id, "batch")
    await _measure(context.app)


async def _measure(app: App) -> None:
    """How many runs are due and wait for a worker, and for how long the first of them has."""
    row = await app.connector.execute_query_one_async(_DUE, queue=QUEUE, task=_RUN)
    metrics.gauge("QueueDepth", row["depth"])
    metrics.gauge("QueueLagSeconds", float(row["lag"]))


async def _keep_measuring(app: App, seconds: float) -> None:
    """Count the queue also where no worker runs: it is what the first one is started by."""
    while True:
        try:
            await _measure(app)
        except Exception as error:
            if not (is_outage(error) or isinstance(error, OSError)):
                raise
            log.warning("queue not counted", error=type(error).__name__)
        await asyncio.sleep(seconds)


async def refresh(context: JobContext, timestamp: int) -> None:
    """Put analyses with newer reports into the queue, for everybody who has one to renew."""
    research: ResearchContext = context.additional_context["context"]
    analyses: AnalysisTable = context.additional_context["analyses"]
    queue = Queue(context.app)
    for owner in await analyses.owners():
        for due in await due_analyses(research, analyses, owner):
            try:
                await analyses.create(due.analysis_id, due.request())
            except ConflictError:
                continue
            await queue.submit(due.analysis_id, "batch")
            names = [item.company.name for item in due.newer]
            log.info("newer reports", analysis=due.analysis_id, companies=names)


class Queue:
    """Puts runs into the queue; a `Dispatcher` that drives nothing itself."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def submit(self, analysis_id: str, priority: Priority = "interactive") -> None:
        """A job for the run; one too many finds nothing left to do."""
        job = self._app.configure_task(
            _RUN, lock=_LOCK + analysis_id, queue=QUEUE, priority=_PRIORITIES[priority]
        )
        await job.defer_async(analysis_id=analysis_id)

    async def knows(self, analysis_id: str) -> bool:
        """Whether a job waits for the run or drives it."""
        jobs = await self._app.job_manager.list_jobs_async(lock=_LOCK + analysis_id)
        return any(job.status in {Status.TODO.value, Status.DOING.value} for job in jobs)

    async def stop(self, analysis_id: str) -> None:
        """Nothing to do: the worker that drives the run sees that it was cancelled."""

    async def close(self) -> None:
        """Nothing to hand back."""


def make_app(url: str, refresh_cron: str = "") -> App:
    """The queue's application for a Postgres address; `refresh_cron` when newer reports are
    looked for, empty for never."""
    app = App(
        connector=PsycopgConnector(conninfo=libpq_url(url), min_size=1, max_size=4),
        periodic_defaults={"max_delay": 60},
    )
    app.task(name=_RUN, queue=QUEUE, pass_context=True, retry=_ComeAgain())(run)
    again = app.task(name="recover", queue=QUEUE, queueing_lock="recover", pass_context=True)
    app.periodic(cron="* * * * * */5")(again(recover))
    renew = app.task(name="refresh", queue=QUEUE, queueing_lock="refresh", pass_context=True)
    if refresh_cron:
        app.periodic(cron=refresh_cron)(renew(refresh))
    else:
        # Known all the same: another worker's setting may have put it into the queue.
        renew(refresh)
    return app


@asynccontextmanager
async def open_queue(
    url: str, *, measure_seconds: float = _MEASURE_SECONDS
) -> AsyncIterator[Queue]:
    """The queue, counted every so often; its connections are closed at the end."""
    app = make_app(url)
    async with app.open_async():
        watch = asyncio.create_task(_keep_measuring(app, measure_seconds))
        try:
            yield Queue(app)
        finally:
            watch.cancel()
            await asyncio.wait([watch])
