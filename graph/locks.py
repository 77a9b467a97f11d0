"""An exclusive lock on each run, held for as long as it runs: nothing else stops two runners.

Two runners of one thread would work on the same companies and fork its chain of checkpoints.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import asyncpg
from filelock import AsyncFileLock, Timeout

from agent.errors import ConflictError, StorageError
from agent.memory.addresses import is_postgres, libpq_url
from agent.settings import Settings


class RunBusyError(ConflictError):
    """Another runner, here or in another process, holds the run."""


class HeldLock:
    """A lock one holds; `lost` is set when it is gone without having been given back."""

    def __init__(self) -> None:
        self.lost = asyncio.Event()


class RunLocks(Protocol):
    """Where the locks are kept."""

    def hold(self, analysis_id: str) -> AbstractAsyncContextManager[HeldLock]:
        """Hold the lock of a run. Raises RunBusyError at once where another holds it."""
        ...


class FileLocks:
    """Locks as locked files, for processes of one machine; a killed process lets go of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def hold(self, analysis_id: str) -> AsyncIterator[HeldLock]:
        """Hold the lock. Raises RunBusyError, StorageError."""
        name = hashlib.sha256(analysis_id.encode()).hexdigest()[:32]
        path = self._folder / f"{name}.lock"
        lock = AsyncFileLock(path, blocking=False, preserve_lock_file=True)
        try:
            await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
            await lock.acquire()
        except Timeout:
            raise busy() from None
        except OSError as error:
            raise StorageError(
                f"The lock of an analysis cannot be written: {error.strerror}.",
                "Check the free space and the rights of ISRA_DATA_DIR.",
            ) from error
        try:
            yield HeldLock()
        finally:
            await lock.release()


class AdvisoryLocks:
    """Locks of Postgres, each on a connection of its own: they end with it, however it ends.

    A process that is only stopped keeps its connection and so its locks; when a machine
    disappears, the server notices after half a minute.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    @asynccontextmanager
    async def hold(self, analysis_id: str) -> AsyncIterator[HeldLock]:
        """Hold the lock. Raises RunBusyError, and asyncpg's errors where there is no server."""
        connection = await asyncpg.connect(
            self._url,
            timeout=10,
            server_settings={
                "application_name": "isra run",
                "tcp_keepalives_idle": "10",
                "tcp_keepalives_interval": "5",
                "tcp_keepalives_count": "4",
            },
        )
        held = HeldLock()
        try:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _key(analysis_id)):
                raise busy()
            connection.add_termination_listener(lambda _: held.lost.set())
            yield held
        finally:
            # Closing lets go of the lock; a server that is away must not hold the end up.
            connection.terminate() if held.lost.is_set() else await _close(connection)


def busy() -> RunBusyError:
    """The error of a lock that another holds."""
    return RunBusyError("This analysis is running already.", "Wait for it, or stop it.")


def make_locks(settings: Settings) -> RunLocks:
    """The locks of this set-up."""
    url = settings.resolved_database_url
    if is_postgres(url):
        return AdvisoryLocks(libpq_url(url))
    return FileLocks(settings.data_dir / "locks")


def _key(analysis_id: str) -> int:
    digest = hashlib.sha256(f"isra run {analysis_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


async def _close(connection: "asyncpg.Connection") -> None:
    try:
        await connection.close(timeout=5)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        connection.terminate()
