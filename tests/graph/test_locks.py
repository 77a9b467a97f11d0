"""One runner a run, on both databases."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from graph.locks import AdvisoryLocks, FileLocks, RunBusyError, RunLocks
from tests.conftest import REPOSITORY

_HOLDER = """
import asyncio, sys
from pathlib import Path
from graph.locks import AdvisoryLocks, FileLocks

async def main(kind, where):
    locks = FileLocks(Path(where)) if kind == "sqlite" else AdvisoryLocks(where)
    async with locks.hold("a"):
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    if request.param == "sqlite":
        return request.param, str(tmp_path / "locks")
    return request.param, request.getfixturevalue("postgres_url")


@pytest.fixture
def locks(place: tuple[str, str]) -> RunLocks:
    kind, where = place
    return FileLocks(Path(where)) if kind == "sqlite" else AdvisoryLocks(where)


async def test_a_run_is_held_once_and_free_again_afterwards(locks: RunLocks) -> None:
    async with locks.hold("a"):
        with pytest.raises(RunBusyError):
            async with locks.hold("a"):
                pass
        async with locks.hold("b"):
            pass
    async with locks.hold("a"):
        pass


async def test_of_many_callers_at_once_one_wins(locks: RunLocks) -> None:
    async def take() -> bool:
        try:
            async with locks.hold("a"):
                await asyncio.sleep(0.5)
        except RunBusyError:
            return False
        return True

    assert sum(await asyncio.gather(*(take() for _ in range(5)))) == 1


async def test_another_process_holds_it_until_it_is_killed(
    locks: RunLocks, place: tuple[str, str]
) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, *place], cwd=REPOSITORY, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert await asyncio.to_thread(holder.stdout.readline) == b"held\n"
        with pytest.raises(RunBusyError):
            async with locks.hold("a"):
                pass
    finally:
        holder.kill()
        holder.wait()
    async with asyncio.timeout(20):
        while True:
            try:
                async with locks.hold("a"):
                    return
            except RunBusyError:
                await asyncio.sleep(0.05)
