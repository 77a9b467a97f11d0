"""Where checkpoints live: SQLite in the data folder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from graph.state import STATE_NOUNS


@asynccontextmanager
async def open_checkpoints(path: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """The saver over one SQLite file; only our own nouns are revived from it."""
    async with aiosqlite.connect(path) as connection:
        for pragma in ("journal_mode=WAL", "busy_timeout=10000", "synchronous=NORMAL"):
            await connection.execute(f"PRAGMA {pragma}")
        saver = AsyncSqliteSaver(
            connection, serde=JsonPlusSerializer(allowed_msgpack_modules=list(STATE_NOUNS))
        )
        await saver.setup()
        yield saver
