"""Where checkpoints live: SQLite in the data folder, or the Postgres of everything else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosqlite
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from agent.memory.addresses import is_postgres, libpq_url
from agent.settings import Settings
from graph.state import STATE_NOUNS

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

_SETUP_LOCK = 7341593
_POOL_SIZE = 8


@asynccontextmanager
async def open_checkpoints(settings: Settings) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """The saver of this set-up; only our own nouns are revived from it."""
    url = settings.resolved_database_url
    if is_postgres(url):
        async with _postgres(libpq_url(url)) as saver:
            yield saver
    else:
        async with _sqlite(settings.data_dir / "checkpoints.db") as saver:
            yield saver


def _serializer() -> JsonPlusSerializer:
    return JsonPlusSerializer(allowed_msgpack_modules=list(STATE_NOUNS))


@asynccontextmanager
async def _sqlite(path: Path) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    async with aiosqlite.connect(path) as connection:
        for pragma in ("journal_mode=WAL", "busy_timeout=10000", "synchronous=NORMAL"):
            await connection.execute(f"PRAGMA {pragma}")
        saver = AsyncSqliteSaver(connection, serde=_serializer())
        await saver.setup()
        yield saver


@asynccontextmanager
async def _postgres(url: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    # These come with the extra `postgres`; upgrading the database has asked for it.
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    from psycopg.rows import dict_row
    from psycopg_pool import AsyncConnectionPool

    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=_POOL_SIZE,
        open=False,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
        check=AsyncConnectionPool.check_connection,
    )
    async with pool:
        saver = AsyncPostgresSaver(pool, serde=_serializer())
        await _set_up(pool, saver.setup())
        yield saver


async def _set_up(pool: "AsyncConnectionPool[Any]", setup: Any) -> None:
    """Make the saver's tables, one process at a time.

    Asked for again and again instead of waited for: its indexes are made concurrently, which
    waits for every statement under way, one that waits for a lock among them.
    """
    async with pool.connection() as connection:
        while True:
            cursor = await connection.execute(
                "SELECT pg_try_advisory_lock(%s) AS got", (_SETUP_LOCK,)
            )
            row = await cursor.fetchone()
            if row and row["got"]:
                break
            await asyncio.sleep(0.2)
        try:
            await setup
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%s)", (_SETUP_LOCK,))
