"""A process killed at any point loses no finished company and pays for no kept reply twice."""

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain import Analysis
from agent.errors import NotFoundError
from agent.memory.database import make_engine, upgrade
from agent.settings import Settings
from evals.environment import environment_of
from graph.analyses import AnalysisTable
from graph.events import FINAL, EventLog, RunEvent
from graph.runner import open_research
from tests.conftest import REPOSITORY
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply
from tests.graph.storage import settings_over
from tests.graph.test_research import INDUSTRY
from tools.library.samples import sample_files

COMPANIES = 2
SEED = 20261122
POINTS = 10


class Bench:
    """A fake model that counts, and processes that run analyses against it."""

    def __init__(self, models: FakeModels, settings: Settings, engine: AsyncEngine) -> None:
        self.models = models
        self._library = settings.data_dir.parent / "reports"
        self._library.mkdir()
        for path in sorted(sample_files(), key=lambda path: path.stat().st_size)[:COMPANIES]:
            shutil.copy(path, self._library)
        self._settings = settings
        self._analyses = AnalysisTable(engine)
        self._log = EventLog(engine)
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.graph.zygote"],
            cwd=REPOSITORY,
            env={**keep, **environment_of(settings)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._running: set[int] = set()

    async def start(self, analysis_id: str) -> int:
        """Begin the analysis, or go on with it, in a process of its own; gives its id."""
        return await asyncio.to_thread(self._start, analysis_id)

    async def kill(self, process: int) -> None:
        """Kill the process and all it started, and let the model end what it is at."""
        os.killpg(process, signal.SIGKILL)
        self._running.discard(process)
        while _alive(process) or self.models.seen.active:
            await asyncio.sleep(0.02)

    async def finish(self, process: int) -> None:
        """Wait until the process has come to its end by itself."""
        async with asyncio.timeout(180):
            while _alive(process):
                await asyncio.sleep(0.05)
        self._running.discard(process)

    async def events(self, analysis_id: str) -> list[RunEvent]:
        """What the log holds now."""
        return await self._log.read(analysis_id)

    async def ended(self, analysis_id: str) -> bool:
        """Whether the analysis is closed."""
        try:
            status = await self._analyses.require(analysis_id)
        except NotFoundError:
            return False
        return status.state in FINAL

    async def result(self, analysis_id: str) -> Analysis:
        """What was published."""
        async with open_research(self._settings, "here") as research:
            return await research.result(analysis_id)

    def kept(self) -> list[Path]:
        """The replies that were put away."""
        return list((self._settings.data_dir / "replies").rglob("*.json"))

    def forget(self) -> None:
        """Let no reply of one analysis help the next."""
        for path in self.kept():
            path.unlink()
        self.models.calls.clear()

    def close(self) -> None:
        """End what is still alive."""
        for process in self._running:
            if _alive(process):
                os.killpg(process, signal.SIGKILL)
        assert self._zygote.stdin is not None
        self._zygote.stdin.close()
        self._zygote.wait(20)

    def _start(self, analysis_id: str) -> int:
        assert self._zygote.stdin is not None and self._zygote.stdout is not None
        self._zygote.stdin.write(json.dumps([analysis_id, INDUSTRY, str(self._library)]) + "\n")
        self._zygote.stdin.flush()
        process = int(self._zygote.stdout.readline())
        self._running.add(process)
        return process


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def slowly(call: Call) -> Reply:
    return Reply(text=careful(call).text, delay=0.15)


@pytest.fixture(params=["sqlite", "postgres"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    models = FakeModels(slowly)
    with serve(models) as address:
        settings = settings_over(tmp_path / "data", url, address, log_level="error")
        await asyncio.to_thread(upgrade, settings.resolved_database_url)
        engine = make_engine(settings.resolved_database_url)
        made = Bench(models, settings, engine)
        try:
            yield made
        finally:
            await asyncio.to_thread(made.close)
            await engine.dispose()


def essence(analysis: Analysis) -> dict[str, object]:
    """All of a result but what tells one run from another."""
    return analysis.model_dump(mode="json", exclude={"analysis_id", "seconds", "trace", "usage"})


@pytest.mark.timeout(900)
async def test_killed_at_ten_points_the_result_is_that_of_an_undisturbed_run(
    bench: Bench,
) -> None:
    await bench.finish(await bench.start("undisturbed"))
    usual_calls = len(bench.models.calls)
    expected = essence(await bench.result("undisturbed"))
    assert usual_calls > COMPANIES
    bench.forget()
    began = time.monotonic()
    await bench.finish(await bench.start("again"))
    usual_seconds = time.monotonic() - began

    dice = random.Random(SEED)
    points = kills = 0
    while points < POINTS:
        name = f"disturbed-{points}"
        bench.forget()
        lost = 0
        while not await bench.ended(name):
            process = await bench.start(name)
            if points == POINTS:
                await bench.finish(process)
                continue
            points += 1
            await asyncio.sleep(usual_seconds * dice.random())
            if _alive(process):
                await bench.kill(process)
                kills += 1
                # What was under way, or had not been put away, is asked for again.
                lost = len(bench.models.calls) - len(bench.kept())
        assert essence(await bench.result(name)) == expected
        assert len(bench.models.calls) <= usual_calls + lost
        done = [e.company_id for e in await bench.events(name) if e.kind == "company_done"]
        assert len(done) == len(set(done)) == COMPANIES
    assert kills >= POINTS / 3, "most processes had come to their end before"


async def test_killed_in_the_middle_the_finished_companies_are_not_worked_on_again(
    bench: Bench,
) -> None:
    process = await bench.start("run")
    finished: set[str | None] = set()
    while not finished:
        await asyncio.sleep(0.02)
        finished = {e.company_id for e in await bench.events("run") if e.kind == "company_done"}
    await bench.kill(process)
    before = await bench.events("run")
    finished = {e.company_id for e in before if e.kind == "company_done"}
    asked = len(bench.models.calls)
    kept = len(bench.kept())
    await bench.finish(await bench.start("run"))
    after = (await bench.events("run"))[len(before) :]
    assert after[-1].kind == "published"
    assert not finished & {event.company_id for event in after}
    assert len(bench.models.calls) == asked + len(bench.kept()) - kept
