"""What ended analyses leave behind is taken away; what they found stays."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from agent.domain import AnalysisRequest
from agent.memory.database import upgrade
from agent.settings import Settings
from graph.prune import Pruned, prune
from graph.runner import open_research
from tests.graph.storage import settings_over
from tests.graph.test_research import INDUSTRY, until


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = settings_over(tmp_path / "data", url)
    upgrade(made.resolved_database_url)
    return made


async def test_ended_analyses_are_pruned_and_still_answer(settings: Settings) -> None:
    request = AnalysisRequest(industry=INDUSTRY, limit=1)
    async with open_research(settings, "here") as research:
        ended = await research.start(request.model_copy(update={"unattended": True}))
        await until(research, ended, "published", "failed")
        waiting = await research.start(request)
        await until(research, waiting, "proposed", "failed")
    old = settings.data_dir / "library" / "bundles" / f"{'a' * 64}-0.sqlite"
    old.write_bytes(b"x" * 1000)
    os.utime(old, (time.time() - 90000, time.time() - 90000))
    (newest,) = (settings.data_dir / "evidence").rglob("*.json")
    found_before = newest.with_name(f"0-{newest.name}")
    found_before.write_bytes(b"x" * 1000)
    os.utime(found_before, (time.time() - 90000, time.time() - 90000))
    os.utime(newest, (time.time() - 90000, time.time() - 90000))

    assert await prune(settings, 30, dry_run=False) == Pruned()
    assert old.exists()
    await asyncio.sleep(0.01)
    would = await prune(settings, 0, dry_run=True)
    assert (would.analyses, would.threads, would.bundles, would.evidence) == (1, 1, 1, 1)
    assert would.events > 0
    assert await prune(settings, 0, dry_run=True) == would, "a dry run removed something"
    assert await prune(settings, 0, dry_run=False) == would
    again = await prune(settings, 0, dry_run=False)
    assert (again.threads, again.events, again.bundles, again.evidence) == (0, 0, 0, 0)
    assert not old.exists()
    assert not found_before.exists()
    assert newest.exists()

    async with open_research(settings, "here") as research:
        events = [event async for event in research.events(ended)]
        assert [event.kind for event in events][-1] == "published"
        assert (await research.ask(ended, "What are the Scope 1 emissions?")).found
        await research.confirm(waiting, await research.proposal(waiting))
        assert (await until(research, waiting, "published", "failed"))[-1].kind == "published"
