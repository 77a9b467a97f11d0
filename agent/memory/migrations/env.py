"""Alembic's environment: runs the migrations over the async engine of the given address."""

import asyncio

import sqlalchemy as sa
from alembic import context
from sqlalchemy.engine import Connection

from agent.memory.database import make_engine
from agent.memory.schema import metadata


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A changed table is made anew and the old one dropped, which would take with it the
        # rows of other tables that belong to its own.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        include_name=_ours,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Several machines may start at once: one migrates, the others wait and find it done.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7341592)"))
        context.run_migrations()


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the tables that the queue and the checkpoints look after themselves."""
    return kind != "table" or name in metadata.tables


async def _run() -> None:
    engine = make_engine(context.config.attributes["url"])
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_run())
