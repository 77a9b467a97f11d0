"""Progress as an append-only log in the database, followed by chat and CLI alike."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import Field, JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from agent import metrics
from agent.domain.base import Noun
from agent.errors import IsraError
from agent.memory.database import utc_now
from agent.memory.outage import through_outages
from agent.memory.tables import analyses, run_events

EventKind = Literal[
    "started",
    "industry",
    "indexing",
    "proposed",
    "confirmed",
    "stage",
    "report_refused",
    "company_done",
    "company_failed",
    "postponed",
    "retrying",
    "comparing",
    "synthesizing",
    "synthesis_piece",
    "published",
    "cancelled",
    "failed",
]
FINAL: frozenset[EventKind] = frozenset({"published", "cancelled", "failed"})
_POLL_SECONDS = 1.0
_PATIENCE_SECONDS = 20.0

# A `synthesis_piece` is one verified sentence of the text being written: its data hold `number`
# (from 1), `markdown` ("- sentence [number]") and `claim` (a Claim with its evidence). Sentences
# not verified yet are never told. `synthesizing` begins the text, also anew after a restart, and
# `published` replaces it: a follower forgets the pieces at either.


class Told(Noun):
    """What a node tells while it works, before the log gives it a number."""

    kind: EventKind
    company_id: str | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)


class RunEvent(Noun):
    """One thing that happened in a run; `seq` counts from 1 within the analysis."""

    seq: int
    at: str
    kind: EventKind
    company_id: str | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)


async def add_event(
    connection: AsyncConnection, analysis_id: str, event: Told, *, while_in: str | None = None
) -> bool:
    """Write the next event of an analysis within a transaction; whether it was written.

    The row of the analysis gives the number, so that events of several processes queue up for
    it. With `while_in` the event is only written while the analysis is in that state: what a
    run tells after it was cancelled elsewhere must not follow its closing event.
    """
    numbered = (
        sa.update(analyses)
        .where(analyses.c.id == analysis_id)
        .values(last_seq=analyses.c.last_seq + 1)
        .returning(analyses.c.last_seq)
    )
    if while_in is not None:
        numbered = numbered.where(analyses.c.state == while_in)
    seq = (await connection.execute(numbered)).scalar()
    if seq is None:
        return False
    await connection.execute(
        run_events.insert().values(
            analysis_id=analysis_id,
            seq=seq,
            at=utc_now(),
            kind=event.kind,
            company_id=event.company_id,
            data=event.data,
        )
    )
    return True


class EventLog:
    """Appends and replays the events of analyses."""

    def __init__(self, engine: AsyncEngine, poll_seconds: float = _POLL_SECONDS) -> None:
        """`poll_seconds` is how often followers look for what other processes have written."""
        self._engine = engine
        self._poll_seconds = poll_seconds
        self._changed: defaultdict[str, asyncio.Condition] = defaultdict(asyncio.Condition)
        self._broken: dict[str, IsraError] = {}

    async def append(
        self,
        analysis_id: str,
        kind: EventKind,
        company_id: str | None = None,
        data: dict[str, JsonValue] | None = None,
    ) -> None:
        """Write the next event of an analysis and wake its followers."""
        await self.tell(analysis_id, Told(kind=kind, company_id=company_id, data=data or {}))

    async def tell(self, analysis_id: str, event: Told, *, while_in: str | None = None) -> None:
        """`append`, only while the analysis is in a state where one is given.

        A database that is away is waited for, so that a short absence does not end the run.
        """
        async for attempt in through_outages(_PATIENCE_SECONDS):
            with attempt:
                async with self._engine.begin() as connection:
                    await add_event(connection, analysis_id, event, while_in=while_in)
        await self.wake(analysis_id)

    async def wake(self, analysis_id: str) -> None:
        """Let this process's followers look for what was written."""
        self._broken.pop(analysis_id, None)
        await self._notify(analysis_id)

    async def break_off(self, analysis_id: str, error: IsraError) -> None:
        """Raise the error in this process's followers: the log itself cannot be written."""
        self._broken[analysis_id] = error
        await self._notify(analysis_id)

    async def _notify(self, analysis_id: str) -> None:
        condition = self._changed[analysis_id]
        async with condition:
            condition.notify_all()

    async def read(self, analysis_id: str, after: int = 0) -> list[RunEvent]:
        """The events after a sequence number, oldest first."""
        query = (
            sa.select(run_events)
            .where(run_events.c.analysis_id == analysis_id, run_events.c.seq > after)
            .order_by(run_events.c.seq)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            RunEvent(
                seq=row["seq"],
                at=row["at"],
                kind=row["kind"],
                company_id=row["company_id"],
                data=row["data"],
            )
            for row in rows
        ]

    async def _last(self, analysis_id: str) -> int | None:
        """The number of the newest event; None where there is no such analysis."""
        query = sa.select(analyses.c.last_seq).where(analyses.c.id == analysis_id)
        async with self._engine.connect() as connection:
            last: int | None = (await connection.execute(query)).scalar_one_or_none()
            return last

    async def follow(self, analysis_id: str, after: int = 0) -> AsyncIterator[RunEvent]:
        """Replay, then follow; ends behind an event that closes the run, or when it is deleted.

        A closed run may be taken up again (retry): its later events follow the closing one, so
        a replay goes on as long as there are more. Raises StorageError where the run could not
        even be noted as failed.
        """
        live = False
        while True:
            last = await self._last(analysis_id)
            if last is None:
                return
            events = await self.read(analysis_id, after) if last > after else []
            if live:
                _measure_lag(events)
            live = live or not events
            for event in events:
                after = event.seq
                yield event
            if events and events[-1].kind in FINAL:
                return
            if events:
                continue
            if analysis_id in self._broken:
                raise self._broken[analysis_id]
            condition = self._changed[analysis_id]
            async with condition:
                # Another process may have written: look again after a while at the latest.
                try:
                    async with asyncio.timeout(self._poll_seconds):
                        await condition.wait()
                except TimeoutError:
                    continue


def _measure_lag(events: Iterable[RunEvent]) -> None:
    now = datetime.now(UTC)
    for event in events:
        # Another machine's clock may be a little ahead.
        lag = (now - datetime.fromisoformat(event.at)).total_seconds()
        metrics.observe("EventLagSeconds", max(0.0, lag))
