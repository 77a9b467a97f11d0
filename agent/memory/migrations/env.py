"""Alembic's environment: runs the migrations over the async engine of the given address."""

import asyncio

from alembic import context
from sqlalchemy.engine import Connection

from agent.memory.database import make_engine
from agent.memory.schema import metadata


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def _run() -> None:
    engine = make_engine(context.config.attributes["url"])
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_run())
