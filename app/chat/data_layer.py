"""The chat's memory: users, threads, steps, elements and feedback in our own database.

One layer on SQLAlchemy Core for SQLite and Postgres. Chainlit hands every write over as a
detached task, so the writes of one thread are queued behind a lock: a step's first version
can never overwrite its last.
"""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

import sqlalchemy as sa
from chainlit.data.base import BaseDataLayer
from chainlit.data.utils import queue_until_user_message
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import (
    Feedback,
    PageInfo,
    PaginatedResponse,
    Pagination,
    ThreadDict,
    ThreadFilter,
)
from chainlit.user import PersistedUser, User
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.errors import NotFoundError
from agent.memory.chat_tables import (
    chat_elements,
    chat_feedback,
    chat_steps,
    chat_threads,
    chat_users,
)
from agent.memory.database import insert_for, utc_now
from app.chat.feedback import FeedbackStore

_NAME_LENGTH = 255
Method = TypeVar("Method", bound=Callable[..., Any])
# Chainlit's decorator carries no types: it holds writes back until the user's first message.
queued = cast(Callable[[Method], Method], queue_until_user_message())


class ChatDataLayer(BaseDataLayer):
    """Keeps conversations; one instance a process, over the process's engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_for(engine)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._feedback = FeedbackStore(engine)

    @property
    def engine(self) -> AsyncEngine:
        """The database, for what reads across conversations."""
        return self._engine

    async def get_user(self, identifier: str) -> PersistedUser | None:
        rows = await self._read(sa.select(chat_users).where(chat_users.c.identifier == identifier))
        if not rows:
            return None
        row = rows[0]
        return PersistedUser(
            id=row["id"],
            identifier=identifier,
            createdAt=row["created_at"],
            metadata=row["metadata"],
        )

    async def create_user(self, user: User) -> PersistedUser | None:
        statement = self._insert(chat_users).values(
            id=str(uuid.uuid4()),
            identifier=user.identifier,
            metadata=user.metadata or {},
            created_at=utc_now(),
        )
        await self._write(
            statement.on_conflict_do_update(
                index_elements=["identifier"], set_={"metadata": statement.excluded["metadata"]}
            )
        )
        return await self.get_user(user.identifier)

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Store or change a thumb of the thread's owner.

        Raises:
            NotFoundError: the step is not stored.
        """
        step = await self.get_step_place(feedback.forId)
        if step is None:
            raise NotFoundError("This message is not stored.", "Reload the page and try again.")
        thread_id, owner = step
        return await self._feedback.save(feedback, thread_id, owner)

    async def delete_feedback(self, feedback_id: str) -> bool:
        return await self._feedback.delete(feedback_id)

    async def get_feedback_owner(self, feedback_id: str) -> str | None:
        """Who gave the feedback; None where there is no such row."""
        return await self._feedback.owner(feedback_id)

    @queued
    async def create_element(self, element: Element) -> None:
        # Only our own elements are kept; the file of an upload dies with the chat session.
        if not element.for_id or not element.thread_id or element.type != "custom":
            return
        body = {k: v for k, v in element.to_dict().items() if v is not None}
        statement = self._insert(chat_elements).values(
            id=element.id,
            thread_id=element.thread_id,
            for_id=element.for_id,
            created_at=utc_now(),
            body=body,
        )
        async with self._lock(element.thread_id):
            await self._ensure_thread(element.thread_id)
            await self._write(
                statement.on_conflict_do_update(
                    index_elements=["id"],
                    set_={"body": statement.excluded["body"]},
                    # An element never moves to another thread, whatever the client claims.
                    where=chat_elements.c.thread_id == element.thread_id,
                )
            )

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        rows = await self._read(
            sa.select(chat_elements.c.body).where(
                chat_elements.c.id == element_id, chat_elements.c.thread_id == thread_id
            )
        )
        return rows[0]["body"] if rows else None

    @queued
    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        statement = sa.delete(chat_elements).where(chat_elements.c.id == element_id)
        if thread_id:
            statement = statement.where(chat_elements.c.thread_id == thread_id)
        await self._write(statement)

    @queued
    async def create_step(self, step_dict: StepDict) -> None:
        await self._save_step(step_dict)

    @queued
    async def update_step(self, step_dict: StepDict) -> None:
        await self._save_step(step_dict)

    @queued
    async def delete_step(self, step_id: str) -> None:
        await self._write(
            sa.delete(chat_feedback).where(chat_feedback.c.for_id == step_id),
            sa.delete(chat_elements).where(chat_elements.c.for_id == step_id),
            sa.delete(chat_steps).where(chat_steps.c.id == step_id),
        )

    async def get_step_place(self, step_id: str) -> tuple[str, str] | None:
        """The thread a step stands in and that thread's owner, or None."""
        rows = await self._read(
            sa.select(chat_steps.c.thread_id, chat_users.c.identifier)
            .join(chat_threads, chat_threads.c.id == chat_steps.c.thread_id)
            .join(chat_users, chat_users.c.id == chat_threads.c.user_id)
            .where(chat_steps.c.id == step_id)
        )
        return (str(rows[0]["thread_id"]), str(rows[0]["identifier"])) if rows else None

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        rows = await self._read(
            sa.select(chat_steps.c.body)
            .join(chat_threads, chat_threads.c.id == chat_steps.c.thread_id)
            .where(chat_threads.c.user_id == user_id, chat_steps.c.favorite.is_(True))
            .order_by(chat_steps.c.created_at.desc())
        )
        return [row["body"] for row in rows]

    async def get_thread_author(self, thread_id: str) -> str:
        rows = await self._read(
            sa.select(chat_users.c.identifier)
            .join(chat_threads, chat_threads.c.user_id == chat_users.c.id)
            .where(chat_threads.c.id == thread_id)
        )
        return str(rows[0]["identifier"]) if rows else ""

    async def delete_thread(self, thread_id: str) -> None:
        async with self._lock(thread_id):
            await self._write(sa.delete(chat_threads).where(chat_threads.c.id == thread_id))

    async def list_threads(
        self, pagination: Pagination, filters: ThreadFilter
    ) -> PaginatedResponse[ThreadDict]:
        """The user's threads, last changed first, without their steps."""
        threads = chat_threads
        query = sa.select(threads, chat_users.c.identifier.label("user_identifier")).join(
            chat_users, chat_users.c.id == threads.c.user_id
        )
        query = query.where(threads.c.user_id == filters.userId, threads.c.name.is_not(None))
        if filters.search:
            query = query.where(threads.c.name.icontains(filters.search, autoescape=True))
        if filters.feedback is not None:
            rated = sa.select(chat_feedback.c.thread_id).where(
                chat_feedback.c.value == int(filters.feedback)
            )
            query = query.where(threads.c.id.in_(rated))
        if pagination.cursor:
            changed = (
                sa.select(threads.c.updated_at)
                .where(threads.c.id == pagination.cursor)
                .scalar_subquery()
            )
            query = query.where(
                sa.or_(
                    threads.c.updated_at < changed,
                    sa.and_(threads.c.updated_at == changed, threads.c.id < pagination.cursor),
                )
            )
        query = query.order_by(threads.c.updated_at.desc(), threads.c.id.desc())
        rows = await self._read(query.limit(pagination.first + 1))
        data = [_thread(row) for row in rows[: pagination.first]]
        return PaginatedResponse(
            pageInfo=PageInfo(
                hasNextPage=len(rows) > pagination.first,
                startCursor=data[0]["id"] if data else None,
                endCursor=data[-1]["id"] if data else None,
            ),
            data=data,
        )

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        rows = await self._read(
            sa.select(chat_threads, chat_users.c.identifier.label("user_identifier"))
            .outerjoin(chat_users, chat_users.c.id == chat_threads.c.user_id)
            .where(chat_threads.c.id == thread_id)
        )
        if not rows:
            return None
        feedback = await self._feedback.of_thread(thread_id)
        steps: list[StepDict] = []
        for row in await self._read(
            sa.select(chat_steps.c.id, chat_steps.c.body)
            .where(chat_steps.c.thread_id == thread_id)
            .order_by(chat_steps.c.created_at, chat_steps.c.id)
        ):
            step = cast(StepDict, dict(row["body"]))
            if given := feedback.get(row["id"]):
                step["feedback"] = given
            steps.append(step)
        elements = await self._read(
            sa.select(chat_elements.c.body)
            .where(chat_elements.c.thread_id == thread_id)
            .order_by(chat_elements.c.created_at, chat_elements.c.id)
        )
        return _thread(rows[0], steps, [row["body"] for row in elements])

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        values: dict[str, Any] = {}
        if name is not None:
            values["name"] = " ".join(name.split())[:_NAME_LENGTH]
        if user_id is not None:
            values["user_id"] = user_id
        if tags is not None:
            values["tags"] = tags
        async with self._lock(thread_id):
            await self._ensure_thread(thread_id)
            if metadata is not None:
                values["metadata"] = await self._merge_metadata(thread_id, metadata)
            if values:
                await self._write(
                    sa.update(chat_threads).where(chat_threads.c.id == thread_id).values(**values)
                )

    async def build_debug_url(self) -> str:
        return ""

    async def close(self) -> None:
        """Nothing to do: the engine belongs to the server's lifespan."""

    async def _save_step(self, step: StepDict) -> None:
        thread_id = step["threadId"]
        now = utc_now()
        body = {k: v for k, v in step.items() if k != "feedback" and v is not None}
        statement = self._insert(chat_steps).values(
            id=step["id"],
            thread_id=thread_id,
            created_at=step.get("createdAt") or now,
            favorite=bool((step.get("metadata") or {}).get("favorite")),
            body=body,
        )
        changed = ("created_at", "favorite", "body")
        async with self._lock(thread_id):
            await self._ensure_thread(thread_id)
            await self._write(
                statement.on_conflict_do_update(
                    index_elements=["id"],
                    set_={name: statement.excluded[name] for name in changed},
                    where=chat_steps.c.thread_id == thread_id,
                ),
                sa.update(chat_threads)
                .where(chat_threads.c.id == thread_id)
                .values(updated_at=now),
            )

    async def _ensure_thread(self, thread_id: str) -> None:
        await self._write(
            self._insert(chat_threads)
            .values(id=thread_id, metadata={}, created_at=utc_now(), updated_at=utc_now())
            .on_conflict_do_nothing(index_elements=["id"])
        )

    async def _merge_metadata(self, thread_id: str, new: dict[str, Any]) -> dict[str, Any]:
        rows = await self._read(
            sa.select(chat_threads.c.metadata).where(chat_threads.c.id == thread_id)
        )
        old: dict[str, Any] = (rows[0]["metadata"] if rows else None) or {}
        return {key: value for key, value in {**old, **new}.items() if value is not None}

    def _lock(self, thread_id: str) -> asyncio.Lock:
        lock = self._locks.get(thread_id)
        if lock is None:
            lock = self._locks[thread_id] = asyncio.Lock()
        return lock

    async def _read(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        async with self._engine.connect() as connection:
            result = await connection.execute(query)
            return [dict(row) for row in result.mappings()]

    async def _write(self, *statements: sa.Executable) -> int:
        changed = 0
        async with self._engine.begin() as connection:
            for statement in statements:
                result = await connection.execute(statement)
                changed = result.rowcount
        return changed


def _thread(
    row: dict[str, Any],
    steps: list[StepDict] | None = None,
    elements: list[ElementDict] | None = None,
) -> ThreadDict:
    return {
        "id": row["id"],
        # The client groups and orders its history by this field.
        "createdAt": row["updated_at"],
        "name": row["name"],
        "userId": row["user_id"],
        "userIdentifier": row["user_identifier"],
        "tags": row["tags"] or [],
        "metadata": row["metadata"] or {},
        "steps": steps or [],
        "elements": elements or [],
    }
