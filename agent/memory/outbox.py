"""What LangSmith has been told of the thumbs, and so what it has yet to be told.

The thumbs themselves are the outbox: one that is newer than what was sent, or is gone since, is
due. So a thumb is kept in one place, and however it goes, with its conversation too, is noticed.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.chat_tables import chat_feedback
from agent.memory.database import insert_for, utc_now
from agent.memory.tables import metadata

_LEASE_SECONDS = 60.0
"""How long one process has a thumb for itself; longer than sending it takes."""
_FIRST_SECONDS, _LONGEST_SECONDS = 5.0, 3600.0

feedback_outbox = sa.Table(
    "feedback_outbox",
    metadata,
    sa.Column("feedback_id", sa.String(36), primary_key=True),
    sa.Column("trace", sa.String(36)),
    sa.Column("sent_at", sa.String(40), nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", sa.String(40), nullable=False, server_default="", index=True),
)
"""`trace` is the root run a thumb belongs to: NULL until it was looked up, empty where there is
none. `sent_at` is the `updated_at` of the thumb as it was sent last, empty where it never was."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thumb LangSmith has to be told about; without a `score` it was taken back."""

    feedback_id: str
    trace: str | None
    """None where nobody has looked it up yet."""
    known: bool
    """Whether LangSmith has been told of it before."""
    attempts: int
    analysis_id: str = ""
    score: int | None = None
    comment: str | None = None
    kind: str = ""
    generated_by: str = ""
    updated_at: str = ""


class FeedbackOutbox:
    """Finds what is due, gives each to one process at a time, and notes what became of it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_for(engine)

    async def due(self, limit: int = 50) -> list[Due]:
        """Thumbs given, changed or taken back since they were sent, oldest first."""
        thumb, sent = chat_feedback.c, feedback_outbox.c
        now = utc_now()
        given = (
            sa.select(chat_feedback, sent.trace, sent.sent_at, sent.attempts)
            .outerjoin(feedback_outbox, sent.feedback_id == thumb.id)
            .where(
                thumb.analysis_id.is_not(None),
                sa.or_(
                    sent.feedback_id.is_(None),
                    sa.and_(
                        sa.or_(sent.trace.is_(None), sent.trace != ""),
                        sent.sent_at < thumb.updated_at,
                        sent.not_before <= now,
                    ),
                ),
            )
            .order_by(thumb.updated_at)
            .limit(limit)
        )
        gone = (
            sa.select(feedback_outbox)
            .outerjoin(chat_feedback, sent.feedback_id == thumb.id)
            .where(thumb.id.is_(None), sent.not_before <= now)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            thumbs = (await connection.execute(given)).mappings().all()
            withdrawn = (await connection.execute(gone)).mappings().all()
        return [_given(row) for row in thumbs] + [
            Due(row["feedback_id"], row["trace"], bool(row["sent_at"]), row["attempts"])
            for row in withdrawn
        ]

    async def claim(self, due: Due) -> bool:
        """Take a thumb for this process; False where another has it."""
        until = utc_now(timedelta(seconds=_LEASE_SECONDS))
        new = self._insert(feedback_outbox).values(feedback_id=due.feedback_id)
        take = (
            sa.update(feedback_outbox)
            .where(
                feedback_outbox.c.feedback_id == due.feedback_id,
                feedback_outbox.c.not_before <= utc_now(),
            )
            .values(not_before=until)
        )
        async with self._engine.begin() as connection:
            await connection.execute(new.on_conflict_do_nothing(index_elements=["feedback_id"]))
            return bool((await connection.execute(take)).rowcount)

    async def keep_trace(self, due: Due, trace: str) -> None:
        """Note which root run a thumb belongs to; empty: none, so it is never due again."""
        await self._change(
            due,
            trace=trace,
            not_before="" if trace == "" else utc_now(timedelta(seconds=_LEASE_SECONDS)),
        )

    async def sent(self, due: Due) -> None:
        """Note that LangSmith has the thumb as it was; one taken back is forgotten."""
        if due.score is not None:
            await self._change(due, sent_at=due.updated_at, attempts=0, not_before="")
            return
        gone = sa.delete(feedback_outbox).where(feedback_outbox.c.feedback_id == due.feedback_id)
        async with self._engine.begin() as connection:
            await connection.execute(gone)

    async def later(self, due: Due) -> None:
        """Try again after a pause that doubles each time, up to an hour."""
        pause = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2 ** min(due.attempts, 20))
        await self._change(
            due, attempts=due.attempts + 1, not_before=utc_now(timedelta(seconds=pause))
        )

    async def _change(self, due: Due, **values: str | int) -> None:
        statement = (
            sa.update(feedback_outbox)
            .where(feedback_outbox.c.feedback_id == due.feedback_id)
            .values(**values)
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)


def _given(row: sa.RowMapping) -> Due:
    return Due(
        feedback_id=row["id"],
        trace=row["trace"],
        known=bool(row["sent_at"]),
        attempts=row["attempts"] or 0,
        analysis_id=row["analysis_id"],
        score=row["value"],
        comment=row["comment"],
        kind=row["turn_kind"] or "",
        generated_by=row["generated_by"],
        updated_at=row["updated_at"],
    )
