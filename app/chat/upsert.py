"""The insert of the database at hand, which knows how to meet a row that is there already."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine


def insert_for(engine: AsyncEngine) -> Callable[..., Any]:
    """`insert` with `on_conflict_do_update`, for SQLite or Postgres."""
    return sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
