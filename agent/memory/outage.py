"""Tells a database that is away for a while from every other failure."""

import sqlite3
from collections.abc import Iterator
from traceback import walk_tb

import asyncpg
import sqlalchemy as sa
from tenacity import AsyncRetrying, retry_if_exception, stop_after_delay, wait_exponential

from agent.errors import StorageError

# By name: psycopg and its pool come with an extra that may not be installed.
_AWAY = {"OperationalError", "PoolTimeout", "PoolClosed", "ConnectorException"}
# psycopg puts them under the same class as a server that shuts down.
_NO_OUTAGE = {"DiskFull", "OutOfMemory"}
_AWAY_PACKAGES = ("psycopg", "psycopg_pool", "procrastinate")


def is_outage(error: BaseException | None) -> bool:
    """Whether the database could not be reached, went away during the call, or was too busy.

    A full disk is no outage: waiting does not mend it.
    """
    return any(_away(link) for link in _chain(error))


def _away(error: BaseException) -> bool:
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated or is_outage(error.orig)
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorcode", 0) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    if any(_names_outage(kind) for kind in type(error).__mro__):
        return type(error).__name__ not in _NO_OUTAGE
    if isinstance(error, OSError):
        return _of_asyncpg(error)
    if isinstance(error, asyncpg.InterfaceError):
        return "clos" in str(error) or "released" in str(error)
    return isinstance(
        error,
        asyncpg.PostgresConnectionError
        | asyncpg.CannotConnectNowError
        | asyncpg.AdminShutdownError
        | asyncpg.CrashShutdownError
        | asyncpg.TooManyConnectionsError,
    )


def _names_outage(kind: type) -> bool:
    return kind.__name__ in _AWAY and kind.__module__.partition(".")[0] in _AWAY_PACKAGES


def _of_asyncpg(error: OSError) -> bool:
    """Whether the operating system's error met asyncpg: a refused or absent socket of Postgres."""
    return any(
        frame.f_globals.get("__name__", "").startswith("asyncpg.")
        for frame, _line in walk_tb(error.__traceback__)
    )


def storage_error(error: BaseException) -> StorageError | None:
    """The failure of a database in words a user can act on; None where it is no such failure."""
    for link in _chain(error):
        if isinstance(link, sqlite3.Error):
            return StorageError(
                f"The database cannot be read or written: {link}.",
                "Check the free space and the rights of ISRA_DATA_DIR.",
            )
    if is_outage(error):
        return StorageError(
            "The database cannot be reached.",
            "Check ISRA_DATABASE_URL and the server; the analysis goes on when it is back.",
        )
    return None


def through_outages(seconds: float) -> AsyncRetrying:
    """Tries again while the database is away, for so long; then the last error is raised."""
    return AsyncRetrying(
        retry=retry_if_exception(is_outage),
        stop=stop_after_delay(seconds),
        wait=wait_exponential(multiplier=0.2, max=5),
        reraise=True,
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
