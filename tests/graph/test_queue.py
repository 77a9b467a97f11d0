"""Runs that go through the queue to workers, on a real Postgres."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.domain import AnalysisRequest
from agent.memory.database import upgrade
from agent.metrics import exposition
from agent.settings import Settings
from app.worker import work
from graph.queue import open_queue
from graph.runner import open_research
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply
from tests.graph.storage import settings_over
from tests.graph.test_research import INDUSTRY, until


@pytest.fixture
def settings(tmp_path: Path, postgres_url: str) -> Settings:
    made = settings_over(tmp_path / "data", postgres_url, worker_heartbeat=0.5, drain_seconds=5)
    upgrade(made.resolved_database_url)
    return made


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[asyncio.Event]:
    """A worker in this process; told to stop at the end."""
    stop = asyncio.Event()
    worker = asyncio.create_task(work(settings, stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(worker, 30)


async def test_a_web_process_only_enqueues_and_follows(settings: Settings) -> None:
    async with open_research(settings) as web:
        analysis_id = await web.start(AnalysisRequest(industry=INDUSTRY, limit=1))
        async with working(settings):
            await until(web, analysis_id, "proposed", "failed")
            await web.confirm(analysis_id, await web.proposal(analysis_id))
            events = await until(web, analysis_id, "published", "failed")
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        analysis = await web.result(analysis_id)
    assert [row.status for row in analysis.companies] == ["done"]


async def test_the_queue_is_counted_where_no_worker_runs(settings: Settings) -> None:
    """What starts the first worker."""
    url = settings.resolved_database_url
    async with open_queue(url, measure_seconds=0.05) as queue, asyncio.timeout(30):
        await queue.submit("an-analysis", "interactive")
        while not re.search(rb"^isra_queue_depth\S* 1\.0$", exposition()[0], re.MULTILINE):
            await asyncio.sleep(0.05)


async def test_a_run_cancelled_in_one_process_stops_in_another(settings: Settings) -> None:
    async with open_research(settings) as web, working(settings):
        analysis_id = await web.start(AnalysisRequest(industry=INDUSTRY, unattended=True))
        await until(web, analysis_id, "stage", "failed")
        await web.cancel(analysis_id)
        events = await until(web, analysis_id, "cancelled")
        await asyncio.sleep(1.5)
        assert (await web.status(analysis_id)).last_seq == events[-1].seq


async def test_a_stopped_worker_hands_its_run_back_and_the_next_goes_on(
    settings: Settings,
) -> None:
    async with open_research(settings) as web:
        analysis_id = await web.start(AnalysisRequest(industry=INDUSTRY, unattended=True))
        async with working(settings):
            await until(web, analysis_id, "company_done", "failed")
        assert (await web.status(analysis_id)).state == "running"
        async with working(settings):
            events = await until(web, analysis_id, "published", "failed")
        assert events[-1].kind == "published", events[-1]
        done = [event.company_id for event in events if event.kind == "company_done"]
        assert len(set(done)) == len(done), "a finished company was worked on again"


def company(call: Call) -> str:
    named = re.search(r"^Company: (.+)$", call.user, re.MULTILINE)
    return named[1] if named else ""


@pytest.mark.parametrize("prompt", ["chosen", "not_found"])
async def test_a_model_that_asks_for_a_pause_puts_the_run_off_and_nothing_fails(
    settings: Settings, prompt: str
) -> None:
    """In the choice of companies the whole run waits, in a summary one company does."""
    refused: list[Call] = []

    def busy_at_first(call: Call) -> Reply:
        asked = prompt in call.wanted.get("properties", {}) and len(refused) < 4
        # As often as one call is tried, so all of one company.
        if asked and (not refused or company(call) == company(refused[0])):
            refused.append(call)
            return Reply(status=429, retry_after=0.5)
        return careful(call)

    with serve(FakeModels(busy_at_first)) as address:
        patient = settings_over(
            settings.data_dir, settings.database_url, address, worker_heartbeat=0.5
        )
        async with open_research(patient) as web, working(patient):
            analysis_id = await web.start(
                AnalysisRequest(industry=INDUSTRY, limit=2, unattended=True)
            )
            events = await until(web, analysis_id, "failed", "published")
            analysis = await web.result(analysis_id)
    kinds = [event.kind for event in events]
    assert "postponed" in kinds
    assert not {"failed", "company_failed"} & set(kinds)
    done = [row for row in analysis.companies if row.status == "done"]
    assert len(done) == 2
    assert all("openai:careful" in row.summary.generated_by for row in done)


async def test_interactive_runs_go_before_batches(settings: Settings) -> None:
    async with open_research(settings) as web:
        request = AnalysisRequest(industry="qqzzxx", unattended=True)
        batch = [await web.start(request, priority="batch") for _ in range(3)]
        asked = await web.start(request)
        one_at_a_time = settings.model_copy(update={"worker_concurrency": 1})
        async with working(one_at_a_time):
            for analysis_id in (*batch, asked):
                await until(web, analysis_id, "failed")
        ended = {id_: [event.at async for event in web.events(id_)][-1] for id_ in (*batch, asked)}
    assert min(ended, key=lambda id_: ended[id_]) == asked
