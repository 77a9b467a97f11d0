"""Only the companies that failed are tried again."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.domain import AnalysisRequest
from agent.errors import ConflictError
from agent.memory.database import upgrade
from agent.settings import Settings
from graph.runner import Research, open_research
from tests.bucket import Bucket
from tests.fakes.flaky import Flaky
from tests.fakes.llm.server import serve
from tests.graph.storage import settings_over
from tests.graph.test_research import INDUSTRY, until
from tools.library.samples import sample_files


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_over(tmp_path / "data")
    upgrade(made.resolved_database_url)
    return made


@pytest.fixture
async def research(settings: Settings) -> AsyncIterator[Research]:
    async with open_research(settings) as opened:
        yield opened


async def test_a_company_without_report_is_tried_again_and_the_others_rest(
    research: Research, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    first, second = sorted(sample_files())[:2]
    shutil.copy(first, folder)
    whole = await research.add_report(second, "somebody else")
    names = ((await research.add_report(first, "x")).company, whole.company)
    request = AnalysisRequest(
        industry=INDUSTRY, library=str(folder), companies=names, unattended=True
    )
    analysis_id = await research.start(request)
    before = await until(research, analysis_id, "published", "failed")
    result = await research.result(analysis_id)
    assert [row.status for row in result.companies] == ["done", "no_report"]

    shutil.copy(second, folder)
    assert await research.retry(analysis_id) == (names[1],)
    events = [event async for event in research.events(analysis_id, before[-1].seq)]
    assert events[-1].kind == "published"
    worked_on = {event.company_id for event in events if event.company_id}
    assert len(worked_on) == 1
    result = await research.result(analysis_id)
    assert [row.status for row in result.companies] == ["done", "done"]
    assert len(result.table.rows) == 2

    with pytest.raises(ConflictError, match="No company"):
        await research.retry(analysis_id)


async def test_an_analysis_of_which_nothing_came_can_be_tried_again(
    research: Research, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "page.pdf").write_text("<html></html>")
    path = sorted(sample_files())[0]
    name = (await research.add_report(path, "x")).company
    analysis_id = await research.start(
        AnalysisRequest(industry=INDUSTRY, library=str(folder), companies=(name,), unattended=True)
    )
    first = await until(research, analysis_id, "published", "failed")
    assert first[-1].kind == "failed"
    assert name in str(first[-1].data["what"])
    shutil.copy(path, folder)
    await research.retry(analysis_id)
    events = [event async for event in research.events(analysis_id, first[-1].seq)]
    assert events[-1].kind == "published"


async def test_what_runs_or_was_stopped_is_not_tried_again(research: Research) -> None:
    analysis_id = await research.start(AnalysisRequest(industry=INDUSTRY, limit=1))
    with pytest.raises(ConflictError):
        await research.retry(analysis_id)
    await research.cancel(analysis_id)
    with pytest.raises(ConflictError):
        await research.retry(analysis_id)


async def test_a_bucket_that_fails_for_long_costs_that_company_alone(
    bucket: Bucket, tmp_path: Path
) -> None:
    """The bundle of one company cannot be read; when it can, a retry completes the analysis."""
    flaky = Flaky(bucket.endpoint)
    with serve(flaky) as address:
        settings = settings_over(
            tmp_path / "data",
            blob_store=f"s3://{bucket.name}/isra",
            s3_region="eu-central-1",
            s3_endpoint=address,
        )
        await asyncio.to_thread(upgrade, settings.resolved_database_url)
        folder = tmp_path / "reports"
        folder.mkdir()
        for path in sorted(sample_files())[:2]:
            shutil.copy(path, folder)
        request = AnalysisRequest(industry=INDUSTRY, library=str(folder))
        async with open_research(settings) as research:
            analysis_id = await research.start(request)
            await until(research, analysis_id, "proposed", "failed")
            proposed = await research.proposal(analysis_id)
            assert len(proposed) == 2
            failing = (await research.add_report(sorted(folder.iterdir())[0], "x")).sha256
            shutil.rmtree(settings.data_dir / "cache")
            flaky.fails = lambda method, path: failing in path
            await research.confirm(analysis_id, proposed)
            events = await until(research, analysis_id, "published", "failed")
            assert events[-1].kind == "published"
            rows = (await research.result(analysis_id)).companies
            assert sorted(row.status for row in rows) == ["done", "failed"]
            [reason] = [row.reason for row in rows if row.status == "failed"]
            assert bucket.name in reason
            assert "ISRA_BLOB_STORE" in reason
            flaky.fails = lambda method, path: False
            await research.retry(analysis_id)
            after = [event async for event in research.events(analysis_id, events[-1].seq)]
            assert after[-1].kind == "published"
            rows = (await research.result(analysis_id)).companies
            assert [row.status for row in rows] == ["done", "done"]
