"""Workers that stop, a database that goes away, a disk that is full."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.domain import AnalysisRequest
from agent.errors import StorageError
from agent.memory.database import make_engine, upgrade
from agent.settings import Settings
from app.worker import work
from evals.environment import environment_of
from graph.events import EventLog
from graph.runner import open_research
from tests.conftest import REPOSITORY, need
from tests.graph.storage import settings_over
from tests.graph.test_research import INDUSTRY, until
from tests.postgres import PostgresServer

_BEAT = 0.5


@contextmanager
def worker_process(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """`isra worker` in a process of its own."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.cli.main import main; main()", "worker"],
        cwd=REPOSITORY,
        env={**keep, **environment_of(settings)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


async def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    engine = make_engine(settings.resolved_database_url)
    try:
        async with engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(sa.text(query))]
    finally:
        await engine.dispose()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("then", [signal.SIGCONT, signal.SIGKILL])
async def test_a_silent_workers_run_is_never_driven_twice_and_goes_on(
    tmp_path: Path, postgres_url: str, then: signal.Signals
) -> None:
    """Stopped past its heartbeat a worker keeps its run; killed, another goes on with it."""
    settings = settings_over(tmp_path / "data", postgres_url, worker_heartbeat=_BEAT)
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    stop = asyncio.Event()
    async with open_research(settings) as web:
        analysis_id = await web.start(AnalysisRequest(industry=INDUSTRY, unattended=True))
        with worker_process(settings) as first:
            await until(web, analysis_id, "stage", "failed")
            os.kill(first.pid, signal.SIGSTOP)
            second = asyncio.create_task(work(settings, stop))
            # The queue has given the job to the second worker, which finds the run held.
            while (
                await rows(
                    settings,
                    "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'run' AND attempts >= 2",
                )
                == []
            ):
                await asyncio.sleep(0.1)
            assert (await web.status(analysis_id)).state == "running"
            os.kill(first.pid, then)
            events = await until(web, analysis_id, "published", "failed")
            stop.set()
            await second
    assert events[-1].kind == "published"
    kinds = [event.kind for event in events]
    assert kinds.count("published") == 1
    done = [event.company_id for event in events if event.kind == "company_done"]
    assert len(done) == len(set(done))
    forks = await rows(
        settings,
        "SELECT parent_checkpoint_id FROM checkpoints WHERE checkpoint_ns = ''"
        " GROUP BY parent_checkpoint_id HAVING count(*) > 1",
    )
    assert forks == []


async def test_a_run_goes_on_when_postgres_comes_back(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    need(postgres.can_restart, "a PostgreSQL that the tests may restart")
    settings = settings_over(tmp_path / "data", postgres_url)
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    async with open_research(settings, "here") as research:
        analysis_id = await research.start(
            AnalysisRequest(industry=INDUSTRY, limit=2, unattended=True)
        )
        await until(research, analysis_id, "stage", "failed")
        await asyncio.to_thread(postgres.restart)
        events = await until(research, analysis_id, "published", "failed")
    assert events[-1].kind == "published", events[-1]
    done = [event.company_id for event in events if event.kind == "company_done"]
    assert len(done) == len(set(done)) == 2


async def test_a_company_whose_end_was_told_and_whose_result_was_lost_is_not_told_again(
    tmp_path: Path,
) -> None:
    settings = settings_over(tmp_path / "data")
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    engine = make_engine(settings.resolved_database_url)
    try:
        async with open_research(settings, "here") as research:
            analysis_id = await research.start(AnalysisRequest(industry=INDUSTRY, limit=2))
            before = len(await until(research, analysis_id, "proposed"))
            proposal = await research.proposal(analysis_id)
            company = proposal[0].company.id
            await EventLog(engine).append(analysis_id, "company_done", company)
            await research.confirm(analysis_id, proposal[:2])
            events = await until(research, analysis_id, "published", "failed")
            result = await research.result(analysis_id)
    finally:
        await engine.dispose()
    later = [event.kind for event in events[before:] if event.company_id == company]
    assert later == ["company_done"]
    assert company in {row.company_id for row in result.companies if row.status == "done"}


def test_a_full_disk_is_a_clear_error_and_the_database_stays_whole(tmp_path: Path) -> None:
    settings = settings_over(tmp_path / "data")
    upgrade(settings.resolved_database_url)
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # No file may grow beyond this: to a program that is what a full disk looks like.
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000));"
        "from app.cli.main import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", limited, "research", INDUSTRY, "--yes", "--json", "-"],
        cwd=REPOSITORY,
        env={**keep, **environment_of(settings), "ISRA_LOG_LEVEL": "error"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("isra: ")
    assert "Traceback" not in last
    assert "ISRA_DATA_DIR" in last or "PDF" in last
    for name in ("isra.db", "checkpoints.db"):
        with sqlite3.connect(settings.data_dir / name) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_data_folder_that_cannot_be_written_is_a_clear_error() -> None:
    # The kernel's own folder takes files from nobody, not even from root.
    settings = settings_over(Path("/proc/isra"))
    with pytest.raises(StorageError) as caught:
        upgrade(settings.resolved_database_url)
    assert "ISRA_DATA_DIR" in str(caught.value)
