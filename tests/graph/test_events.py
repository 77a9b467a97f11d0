import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.domain import AnalysisRequest
from agent.errors import ConflictError, NotFoundError
from agent.memory.database import make_engine, upgrade
from graph.analyses import AnalysisTable
from graph.events import EventLog


@pytest.fixture
async def tables(tmp_path: Path) -> AsyncIterator[tuple[AnalysisTable, EventLog]]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'isra.db'}"
    await asyncio.to_thread(upgrade, url)
    engine = make_engine(url)
    analyses = AnalysisTable(engine)
    await analyses.create("a", AnalysisRequest(industry="cement"))
    yield analyses, EventLog(engine)
    await engine.dispose()


async def test_events_are_numbered_from_one_without_gaps(
    tables: tuple[AnalysisTable, EventLog],
) -> None:
    _, log = tables
    await asyncio.gather(*(log.append("a", "stage", f"c{n}") for n in range(20)))
    assert [event.seq for event in await log.read("a")] == list(range(1, 22))


async def test_a_follower_sees_what_was_and_what_comes_and_ends_with_the_run(
    tables: tuple[AnalysisTable, EventLog],
) -> None:
    _, log = tables

    async def follow() -> list[str]:
        return [event.kind async for event in log.follow("a")]

    follower = asyncio.create_task(follow())
    await asyncio.sleep(0.05)
    await log.append("a", "comparing")
    await log.append("a", "published")
    assert await asyncio.wait_for(follower, 10) == ["started", "comparing", "published"]


async def test_a_follower_can_begin_behind_any_event(
    tables: tuple[AnalysisTable, EventLog],
) -> None:
    _, log = tables
    await log.append("a", "comparing")
    await log.append("a", "published")
    assert [event.kind async for event in log.follow("a", after=2)] == ["published"]


async def test_only_one_of_two_confirmations_wins(
    tables: tuple[AnalysisTable, EventLog],
) -> None:
    analyses, _ = tables
    assert await analyses.move("a", "running", "awaiting_review")
    moved = await asyncio.gather(
        *(analyses.move("a", "awaiting_review", "running") for _ in range(5))
    )
    assert sorted(moved) == [False, False, False, False, True]


async def test_an_id_is_taken_once_and_an_unknown_one_says_so(
    tables: tuple[AnalysisTable, EventLog],
) -> None:
    analyses, _ = tables
    with pytest.raises(ConflictError):
        await analyses.create("a", AnalysisRequest(industry="steel"))
    with pytest.raises(NotFoundError):
        await analyses.require("b")


async def test_a_published_analysis_is_not_failed_afterwards(
    tables: tuple[AnalysisTable, EventLog],
) -> None:
    analyses, _ = tables
    await analyses.publish("a", "ref")
    assert not await analyses.close_as("a", "failed", what="late")
    assert (await analyses.require("a")).state == "published"
