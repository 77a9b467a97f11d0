"""One engine a process, for SQLite and Postgres, and the migrations that shape it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from agent import metrics
from agent.errors import ConfigurationError, StorageError
from agent.memory.addresses import async_url


def iso_utc(moment: datetime) -> str:
    """A moment of UTC as an ISO string that sorts as text."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def utc_now(later: timedelta = timedelta()) -> str:
    """The time now, or so much later, as `iso_utc` writes it."""
    return iso_utc(datetime.now(UTC) + later)


def insert_for(engine: AsyncEngine) -> Callable[..., Any]:
    """`insert` with `on_conflict_do_update`, for SQLite or Postgres."""
    return sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert


def make_engine(url: str) -> AsyncEngine:
    """An async engine; SQLite gets WAL, foreign keys and a busy time-out."""
    url = async_url(url)
    if not url.startswith("sqlite"):
        engine = create_async_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10)
        _measured(engine)
        return engine
    # SQLite lets one write at a time and is not fair to those that wait: of many connections
    # one may starve. The pool's queue is fair, so few connections wait for the file itself.
    engine = create_async_engine(url, pool_size=2, max_overflow=0, pool_timeout=120)
    sa.event.listen(engine.sync_engine, "connect", _sqlite_pragmas)
    _measured(engine)
    return engine


def _measured(engine: AsyncEngine) -> None:
    """Let the engine's statements be timed and its failures counted."""

    def before(
        _connection: Any, _cursor: Any, _text: Any, _values: Any, context: Any, _m: Any
    ) -> None:
        context.isra_begun = time.perf_counter()

    def after(
        _connection: Any, _cursor: Any, _text: Any, _values: Any, context: Any, _m: Any
    ) -> None:
        metrics.observe("DatabaseSeconds", time.perf_counter() - context.isra_begun)

    def failed(context: sa.engine.ExceptionContext) -> None:
        # Rows that break a rule of the schema are how two callers find out which came first.
        if not isinstance(context.sqlalchemy_exception, sa.exc.IntegrityError):
            metrics.count("DatabaseErrors")

    sa.event.listen(engine.sync_engine, "before_cursor_execute", before)
    sa.event.listen(engine.sync_engine, "after_cursor_execute", after)
    sa.event.listen(engine.sync_engine, "handle_error", failed)


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "synchronous=NORMAL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the migrations inside this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = async_url(url)
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to the newest schema. Blocking: call it before the event loop.

    Two processes may call it at once. Raises:
        StorageError: the database cannot be opened or changed.
        ConfigurationError: its driver is not installed.
    """
    if url.startswith("sqlite"):
        path = sa.make_url(url).database
        if path and path != ":memory:":
            _make_folder(Path(path).parent)
    try:
        command.upgrade(alembic_config(url), revision)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"Postgres needs the package {error.name}.",
            "pip install 'industry-sustainability-agent[postgres]'",
        ) from error
    except (
        sa.exc.OperationalError,
        sa.exc.InterfaceError,
        asyncpg.PostgresError,
        OSError,
    ) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StorageError(
            f"The database cannot be opened or changed: {reason}.",
            "Check ISRA_DATABASE_URL, or that ISRA_DATA_DIR is a folder you may write to.",
        ) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The data folder {folder} cannot be made: {error.strerror}.",
            "Set ISRA_DATA_DIR to a folder you may write to.",
        ) from error
