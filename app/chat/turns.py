"""Which run step of the chat was about which analysis, so that feedback finds its subject."""

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.chat_tables import chat_threads, chat_turns
from agent.memory.database import insert_for, utc_now

_LONGEST = 500
TurnKind = Literal["request", "result", "answer"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One run step: the request that started an analysis, its result, or an answer from it."""

    run_step_id: str
    thread_id: str
    analysis_id: str
    kind: TurnKind
    generated_by: str = ""
    """Model, prompt, arm and sha behind what was shown; `extractive` where there is none."""


def program_thread(analysis_id: str) -> str:
    """The thread of what programs say of an analysis that no conversation asked for."""
    return f"api-{analysis_id}"[:64]


class TurnStore:
    """Reads and writes turns. A thread's latest analysis is what a follow-up is about."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_for(engine)

    async def save(self, turn: Turn) -> None:
        """Store a turn; storing the same again changes nothing."""
        now = utc_now()
        # Chainlit writes the thread in a task of its own, which may come later than this.
        thread = self._insert(chat_threads).values(
            id=turn.thread_id, metadata={}, created_at=now, updated_at=now
        )
        statement = self._insert(chat_turns).values(
            run_step_id=turn.run_step_id,
            thread_id=turn.thread_id,
            analysis_id=turn.analysis_id,
            kind=turn.kind,
            generated_by=turn.generated_by[:_LONGEST],
            created_at=now,
        )
        async with self._engine.begin() as connection:
            await connection.execute(thread.on_conflict_do_nothing(index_elements=["id"]))
            await connection.execute(
                statement.on_conflict_do_nothing(index_elements=["run_step_id"])
            )

    async def find(self, run_step_id: str) -> Turn | None:
        """The turn of a run step, if it was one."""
        return await self._first(
            sa.select(chat_turns).where(chat_turns.c.run_step_id == run_step_id)
        )

    async def latest_analysis(self, thread_id: str) -> str | None:
        """The id of the analysis last started in a thread."""
        turn = await self._first(
            sa.select(chat_turns)
            .where(chat_turns.c.thread_id == thread_id, chat_turns.c.kind == "request")
            .order_by(chat_turns.c.created_at.desc())
        )
        return turn.analysis_id if turn else None

    async def analyses(self, thread_id: str) -> list[str]:
        """The ids of all analyses started in a thread."""
        query = sa.select(chat_turns.c.analysis_id).where(
            chat_turns.c.thread_id == thread_id, chat_turns.c.kind == "request"
        )
        async with self._engine.connect() as connection:
            return list((await connection.execute(query.distinct())).scalars())

    async def _first(self, query: sa.Select[tuple[object, ...]]) -> Turn | None:
        async with self._engine.connect() as connection:
            row = (await connection.execute(query.limit(1))).mappings().first()
        if row is None:
            return None
        names = ("run_step_id", "thread_id", "analysis_id", "kind", "generated_by")
        return Turn(*(row[name] for name in names))
