"""Progress as an append-only log in the database, followed by chat and CLI alike."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Literal

import sqlalchemy as sa
from pydantic import Field, JsonValue
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain.base import Noun
from agent.memory.database import utc_now
from agent.memory.tables import run_events

EventKind = Literal[
    "started",
    "industry",
    "indexing",
    "proposed",
    "confirmed",
    "stage",
    "company_done",
    "company_failed",
    "comparing",
    "synthesizing",
    "synthesis_piece",
    "published",
    "cancelled",
    "failed",
]
FINAL: frozenset[EventKind] = frozenset({"published", "cancelled", "failed"})
_POLL_SECONDS = 1.0

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


class EventLog:
    """Appends and replays the events of analyses."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._changed: defaultdict[str, asyncio.Condition] = defaultdict(asyncio.Condition)
        self._append_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def append(
        self,
        analysis_id: str,
        kind: EventKind,
        company_id: str | None = None,
        data: dict[str, JsonValue] | None = None,
    ) -> None:
        """Write the next event of an analysis and wake its followers."""
        next_seq = (
            sa.select(sa.func.coalesce(sa.func.max(run_events.c.seq), 0) + 1)
            .where(run_events.c.analysis_id == analysis_id)
            .scalar_subquery()
        )
        async with self._append_locks[analysis_id], self._engine.begin() as connection:
            await connection.execute(
                run_events.insert().values(
                    analysis_id=analysis_id,
                    seq=next_seq,
                    at=utc_now(),
                    kind=kind,
                    company_id=company_id,
                    data=data or {},
                )
            )
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

    async def follow(self, analysis_id: str, after: int = 0) -> AsyncIterator[RunEvent]:
        """Replay, then follow; ends behind an event that closes the run.

        A closed run may be taken up again (retry): its later events follow the closing one, so
        a replay goes on as long as there are more.
        """
        while True:
            events = await self.read(analysis_id, after)
            for event in events:
                after = event.seq
                yield event
            if events and events[-1].kind in FINAL:
                return
            if events:
                continue
            condition = self._changed[analysis_id]
            async with condition:
                # Another process may have written: look again after a while at the latest.
                try:
                    async with asyncio.timeout(_POLL_SECONDS):
                        await condition.wait()
                except TimeoutError:
                    continue
