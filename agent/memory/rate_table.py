"""Counts of calls in the database, for rate limits that several processes share."""

import time
from typing import Any

import sqlalchemy as sa
from limits.aio.storage import Storage
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.database import insert_for
from agent.memory.tables import metadata

rate_counts = sa.Table(
    "rate_counts",
    metadata,
    sa.Column("key", sa.String(600), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False, index=True),
)


class SqlCounters(Storage):
    """A storage of the library `limits`: one row a window, gone some time after its end."""

    STORAGE_SCHEME = None

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__()
        self._engine = engine

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What the library may meet below: errors go on to the caller as they are."""
        return sa.exc.SQLAlchemyError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to the window of the key, or begin one of `expiry` seconds; gives its count."""
        now = time.time()
        over = rate_counts.c.expires_at <= now
        statement = (
            insert_for(self._engine)(rate_counts)
            .values(key=key, count=amount, expires_at=now + expiry)
            .on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "count": sa.case((over, amount), else_=rate_counts.c.count + amount),
                    "expires_at": sa.case((over, now + expiry), else_=rate_counts.c.expires_at),
                },
            )
            .returning(rate_counts.c.count)
        )
        async with self._engine.begin() as connection:
            count = int((await connection.execute(statement)).scalar_one())
        if count == amount:
            await self._forget(now)
        return count

    async def get(self, key: str) -> int:
        """The count of the key's window; 0 where none is open."""
        row = await self._row(key)
        return int(row.count_) if row else 0

    async def get_expiry(self, key: str) -> float:
        """When the key's window ends, in seconds since 1970; now where none is open."""
        row = await self._row(key)
        return float(row.expires_at) if row else time.time()

    async def check(self) -> bool:
        """Whether the database answers."""
        async with self._engine.connect() as connection:
            return bool((await connection.execute(sa.select(1))).scalar_one())

    async def reset(self) -> int | None:
        """Forget all windows; gives how many there were."""
        async with self._engine.begin() as connection:
            return int((await connection.execute(sa.delete(rate_counts))).rowcount)

    async def clear(self, key: str) -> None:
        """Forget the key's window."""
        async with self._engine.begin() as connection:
            await connection.execute(sa.delete(rate_counts).where(rate_counts.c.key == key))

    async def _row(self, key: str) -> Any:
        query = sa.select(rate_counts.c.count.label("count_"), rate_counts.c.expires_at).where(
            rate_counts.c.key == key, rate_counts.c.expires_at > time.time()
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).first()

    async def _forget(self, now: float) -> None:
        """Names and addresses are not kept for longer than they are counted."""
        async with self._engine.begin() as connection:
            await connection.execute(sa.delete(rate_counts).where(rate_counts.c.expires_at <= now))
