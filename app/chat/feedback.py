"""Thumbs and comments, each with the analysis and the kind of turn it is about."""

import uuid

import sqlalchemy as sa
from chainlit.types import Feedback, FeedbackDict
from sqlalchemy.ext.asyncio import AsyncEngine

from agent import metrics
from agent.memory.chat_tables import chat_feedback, chat_threads
from agent.memory.database import insert_for, utc_now
from app.chat.turns import TurnStore, program_thread


class FeedbackStore:
    """One row a user and run step; the row's id is ours, never the client's."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_for(engine)
        self._turns = TurnStore(engine)

    async def save(self, feedback: Feedback, thread_id: str, user: str) -> str:
        """Store or change the user's thumb on a run step; gives the row's id."""
        turn = await self._turns.find(feedback.forId)
        now = utc_now()
        statement = self._insert(chat_feedback).values(
            id=str(uuid.uuid4()),
            for_id=feedback.forId,
            thread_id=thread_id,
            user_identifier=user,
            analysis_id=turn.analysis_id if turn else None,
            turn_kind=turn.kind if turn else None,
            generated_by=turn.generated_by if turn else "",
            value=feedback.value,
            comment=feedback.comment,
            created_at=now,
            updated_at=now,
        )
        changed = ("value", "comment", "analysis_id", "turn_kind", "generated_by", "updated_at")
        statement = statement.on_conflict_do_update(
            index_elements=["for_id", "user_identifier"],
            set_={name: statement.excluded[name] for name in changed},
        )
        async with self._engine.begin() as connection:
            result = await connection.execute(statement.returning(chat_feedback.c.id))
            kept = str(result.scalar_one())
        ids = {"thread": thread_id, "analysis": turn.analysis_id if turn else ""}
        metrics.observe("FeedbackScore", feedback.value, ids=ids)
        return kept

    async def delete(self, feedback_id: str) -> bool:
        """Take a thumb back; whether there was one."""
        statement = sa.delete(chat_feedback).where(chat_feedback.c.id == feedback_id)
        async with self._engine.begin() as connection:
            return bool((await connection.execute(statement)).rowcount)

    async def forget(self, analysis_id: str) -> None:
        """Take away all thumbs and comments on an analysis that is gone."""
        about = sa.delete(chat_feedback).where(chat_feedback.c.analysis_id == analysis_id)
        thread = sa.delete(chat_threads).where(chat_threads.c.id == program_thread(analysis_id))
        async with self._engine.begin() as connection:
            await connection.execute(about)
            await connection.execute(thread)

    async def owner(self, feedback_id: str) -> str | None:
        """Who gave it; None where there is no such row."""
        query = sa.select(chat_feedback.c.user_identifier).where(chat_feedback.c.id == feedback_id)
        async with self._engine.connect() as connection:
            owner: str | None = (await connection.execute(query)).scalar_one_or_none()
            return owner

    async def of_thread(self, thread_id: str) -> dict[str, FeedbackDict]:
        """The thread's thumbs by the step they are on, as the client reads them."""
        query = sa.select(chat_feedback).where(chat_feedback.c.thread_id == thread_id)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return {
            row["for_id"]: {
                "id": row["id"],
                "forId": row["for_id"],
                "value": row["value"],
                "comment": row["comment"],
            }
            for row in rows
        }
