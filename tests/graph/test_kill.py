"""A process killed at any point loses no finished company and pays for no kept reply twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent.domain import Analysis
from agent.memory.database import upgrade
from agent.settings import Settings
from graph.runner import open_research
from tests.conftest import REPOSITORY
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply
from tests.graph.storage import environment_of, settings_over
from tests.graph.test_research import INDUSTRY

COMPANIES = 3
LATENCY = 0.15
PATIENCE = 120.0


class Bench:
    """A fake model that counts, and processes that run the analysis against it."""

    def __init__(self, models: FakeModels, settings: Settings) -> None:
        self.models = models
        self.settings = settings
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def calls(self) -> int:
        """Model calls that arrived so far."""
        return len(self.models.calls)

    def kept_replies(self) -> int:
        """Replies a killed process had put away."""
        return len(list((self.settings.data_dir / "replies").rglob("*.json")))

    def start(self, analysis_id: str) -> subprocess.Popen[bytes]:
        """Begin the analysis, or go on with it, in a process of its own."""
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.graph.run_once", analysis_id, INDUSTRY, str(COMPANIES)],
            cwd=REPOSITORY,
            env={**keep, **environment_of(self.settings)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    async def result(self, analysis_id: str) -> Analysis:
        """What was published."""
        async with open_research(self.settings, "here") as research:
            return await research.result(analysis_id)

    async def companies_done(self, analysis_id: str) -> list[str]:
        """The companies whose end was told, as often as it was told."""
        async with open_research(self.settings, "here") as research:
            if await research.last_event(analysis_id) == 0:
                return []
            log = research.event_log
            told = await log.read(analysis_id)
        return [event.company_id or "" for event in told if event.kind == "company_done"]

    def close(self) -> None:
        """End what is still alive."""
        for process in self._processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def slow(call: Call) -> Reply:
    reply = careful(call)
    return Reply(text=reply.text, delay=LATENCY)


@pytest.fixture(params=["sqlite", "postgres"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    models = FakeModels(slow)
    with serve(models) as address:
        settings = settings_over(tmp_path / "data", url, address, log_level="error")
        upgrade(settings.resolved_database_url)
        made = Bench(models, settings)
        try:
            yield made
        finally:
            made.close()


def essence(analysis: Analysis) -> dict[str, object]:
    """All of a result but what tells one run from another."""
    return analysis.model_dump(mode="json", exclude={"analysis_id", "seconds", "usage"})


async def finished(process: subprocess.Popen[bytes]) -> None:
    assert await asyncio.to_thread(process.wait, PATIENCE) == 0


async def test_killed_at_ten_points_the_result_is_that_of_an_undisturbed_run(
    bench: Bench,
) -> None:
    seed = 20261122
    dice = random.Random(seed)
    began = time.monotonic()
    await finished(bench.start("undisturbed"))
    usual_seconds, usual_calls = time.monotonic() - began, bench.calls
    expected = essence(await bench.result("undisturbed"))
    assert usual_calls >= COMPANIES + 1

    # The replies of the undisturbed run must not help the disturbed one.
    for path in (bench.settings.data_dir / "replies").rglob("*.json"):
        path.unlink()
    before = bench.calls
    lost = 0
    for point in range(10):
        process = bench.start("disturbed")
        # Later points reach further in, for all that is kept between them.
        await asyncio.sleep(usual_seconds * dice.uniform(0.25, 0.9))
        if process.poll() is not None:
            break
        os.killpg(process.pid, signal.SIGKILL)
        await asyncio.to_thread(process.wait)
        lost = bench.calls - before - bench.kept_replies()
        assert lost <= COMPANIES * (point + 1)
    await finished(bench.start("disturbed"))

    assert essence(await bench.result("disturbed")) == expected
    # A call is repeated only if it was under way when the process was killed.
    assert bench.calls - before <= usual_calls + max(lost, 0)
    done = await bench.companies_done("disturbed")
    assert sorted(set(done)) == sorted(done), "a finished company was worked on again"


async def test_killed_in_the_middle_finished_companies_ask_no_model_again(bench: Bench) -> None:
    process = bench.start("run")
    async with open_research(bench.settings, "here") as watching:
        while not await watching.known("run"):
            await asyncio.sleep(0.05)
        async for event in watching.events("run"):
            if event.kind == "company_done":
                break
    os.killpg(process.pid, signal.SIGKILL)
    await asyncio.to_thread(process.wait)
    finished_before = await bench.companies_done("run")
    asked = {call.user for call in bench.models.calls}
    await finished(bench.start("run"))
    done = await bench.companies_done("run")
    assert sorted(set(done)) == sorted(done)
    assert finished_before
    assert len(done) == COMPANIES
    assert asked
