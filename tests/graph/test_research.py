import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from langgraph._internal._constants import ERROR, ERROR_SOURCE_NODE

from agent.domain import Analysis, AnalysisRequest, Company, ProposedCompany
from agent.errors import ConflictError
from agent.memory.database import make_engine, upgrade
from agent.memory.tables import run_events
from agent.settings import Settings
from graph.checkpoint import open_checkpoints
from graph.events import RunEvent
from graph.research import build_research_graph
from graph.runner import Research, open_research
from tests.graph.loopwatch import watch_loop
from tools.library.samples import sample_files

INDUSTRY = "sample cement industry"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path / "data", _env_file=None)  # type: ignore[call-arg]
    upgrade(made.resolved_database_url)
    return made


@pytest.fixture
async def research(settings: Settings) -> AsyncIterator[Research]:
    async with open_research(settings) as opened:
        yield opened


async def until(research: Research, analysis_id: str, *kinds: str) -> list[RunEvent]:
    """The events up to the first one of these kinds."""
    seen: list[RunEvent] = []
    async with asyncio.timeout(240):
        async for event in research.events(analysis_id):
            seen.append(event)
            if event.kind in kinds:
                return seen
    return seen


async def run(research: Research, request: AnalysisRequest) -> tuple[Analysis, list[RunEvent]]:
    """Run an analysis, taking the list as proposed."""
    analysis_id = await research.start(request)
    await until(research, analysis_id, "proposed", "failed")
    await research.confirm(analysis_id, await research.proposal(analysis_id))
    events = await until(research, analysis_id, "published", "failed")
    return await research.result(analysis_id), events


async def test_the_sample_industry_gives_a_cited_analysis(research: Research) -> None:
    analysis, events = await run(research, AnalysisRequest(industry=INDUSTRY))
    assert analysis.industry.fictional
    assert len(analysis.companies) >= 4
    for company in analysis.companies:
        assert company.status == "done", company.reason
        assert company.fictional
        assert company.kpis
        assert company.summary.claims
        assert all(claim.status == "verified" for claim in company.summary.claims)
        assert all(claim.evidence for claim in company.summary.claims)
    assert analysis.table.rows
    assert analysis.synthesis.claims
    assert "[1]" in analysis.synthesis.markdown
    stages = {event.data.get("stage") for event in events if event.kind == "stage"}
    assert {"search_report", "read_pdf", "extract_kpis", "summarize", "verify_summary"} <= stages


async def test_a_run_never_holds_up_the_event_loop(settings: Settings) -> None:
    async with open_research(settings) as research:
        with watch_loop(["agent", "graph", "tools"]) as watch:
            await run(research, AnalysisRequest(industry=INDUSTRY))
    assert watch.slow == []


async def test_only_the_confirmed_companies_are_analysed(research: Research) -> None:
    analysis_id = await research.start(AnalysisRequest(industry=INDUSTRY))
    await until(research, analysis_id, "proposed")
    first, *rest = await research.proposal(analysis_id)
    edited = [first, *(row.model_copy(update={"selected": False}) for row in rest)]
    added = ProposedCompany(company=Company(id="unheard", name="Unheard Of"), reason="added")
    await research.confirm(analysis_id, [*edited, added])
    await until(research, analysis_id, "published", "failed")
    rows = (await research.result(analysis_id)).companies
    assert [(row.name, row.status) for row in rows] == [
        (first.company.name, "done"),
        ("Unheard Of", "no_report"),
    ]
    assert "upload" in rows[1].reason


async def test_a_second_confirmation_is_refused(research: Research) -> None:
    analysis_id = await research.start(AnalysisRequest(industry=INDUSTRY, limit=1))
    await until(research, analysis_id, "proposed")
    companies = await research.proposal(analysis_id)
    outcomes = await asyncio.gather(
        *(research.confirm(analysis_id, companies) for _ in range(3)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes].count(ConflictError) == 2
    await until(research, analysis_id, "published")
    with pytest.raises(ConflictError):
        await research.confirm(analysis_id, companies)


async def test_one_bad_file_is_a_row_with_its_reason_and_the_others_go_on(
    research: Research, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    shutil.copy(sample_files()[0], folder)
    (folder / "page.pdf").write_text("<!doctype html><html><body>Not found</body></html>")
    (folder / "empty.pdf").write_bytes(b"")
    analysis, _ = await run(
        research, AnalysisRequest(industry="sample cement industry", library=str(folder))
    )
    rows = {row.name: row for row in analysis.companies}
    assert [row.status for row in analysis.companies].count("done") == 1
    assert rows["page.pdf"].status == "failed"
    assert "web page" in rows["page.pdf"].reason
    assert "empty" in rows["empty.pdf"].reason


async def test_a_report_is_never_written_from_nothing(research: Research, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "page.pdf").write_text("<html></html>")
    analysis_id = await research.start(AnalysisRequest(industry="cement", library=str(folder)))
    events = await until(research, analysis_id, "proposed", "failed")
    if events[-1].kind == "proposed":
        await research.confirm(analysis_id, await research.proposal(analysis_id))
        await until(research, analysis_id, "failed", "published")
    status = await research.status(analysis_id)
    assert status.state == "failed"
    assert "page.pdf" in status.what
    with pytest.raises(ConflictError):
        await research.result(analysis_id)


async def test_an_unknown_industry_suggests_the_nearest(research: Research) -> None:
    analysis_id = await research.start(AnalysisRequest(industry="qqzzxx"))
    await until(research, analysis_id, "failed")
    status = await research.status(analysis_id)
    assert status.state == "failed"
    assert "qqzzxx" in status.what
    assert "Nearest" in status.do


async def test_an_empty_library_says_so(research: Research, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    analysis_id = await research.start(AnalysisRequest(industry="cement", library=str(folder)))
    await until(research, analysis_id, "failed")
    assert "no PDF" in (await research.status(analysis_id)).what


async def test_a_run_that_was_cut_off_goes_on_at_the_next_start(settings: Settings) -> None:
    async with open_research(settings) as first:
        analysis_id = await first.start(AnalysisRequest(industry=INDUSTRY))
        await until(first, analysis_id, "proposed")
        await first.confirm(analysis_id, await first.proposal(analysis_id))
        await until(first, analysis_id, "company_done")
    async with open_research(settings) as second:
        assert await second.recover() == [analysis_id]
        events = await until(second, analysis_id, "published", "failed")
        assert events[-1].kind == "published"
        done = [event.company_id for event in events if event.kind == "company_done"]
        assert len(set(done)) == len(done), "a finished company was worked on again"


async def test_a_company_whose_error_was_left_behind_by_a_killed_process_is_tried_again(
    settings: Settings,
) -> None:
    """A checkpoint keeps of an error only its words: they say neither what to do nor whether."""
    async with open_research(settings) as first:
        analysis_id = await first.start(
            AnalysisRequest(industry=INDUSTRY, limit=2, unattended=True)
        )
        await until(first, analysis_id, "stage")
    async with open_checkpoints(settings) as saver:
        graph = build_research_graph().compile(checkpointer=saver)
        state = await graph.aget_state({"configurable": {"thread_id": analysis_id}})
        waiting = [task.id for task in state.tasks if task.name == "company" and not task.error]
        left_behind = [(ERROR, ConnectionError("away")), (ERROR_SOURCE_NODE, "company")]
        await saver.aput_writes(state.config, left_behind, waiting[0])
    async with open_research(settings) as second:
        assert await second.recover() == [analysis_id]
        events = await until(second, analysis_id, "published", "failed")
        assert events[-1].kind == "published"
        result = await second.result(analysis_id)
    assert [company.status for company in result.companies] == ["done", "done"]


async def test_news_of_a_company_that_an_outage_swallowed_are_told_before_the_end(
    settings: Settings,
) -> None:
    async with open_research(settings) as first:
        analysis_id = await first.start(
            AnalysisRequest(industry=INDUSTRY, limit=2, unattended=True)
        )
        lost = (await until(first, analysis_id, "company_done"))[-1]
    engine = make_engine(settings.resolved_database_url)
    async with engine.begin() as connection:
        await connection.execute(sa.delete(run_events).where(run_events.c.seq == lost.seq))
    await engine.dispose()
    async with open_research(settings) as second:
        await second.recover()
        events = await until(second, analysis_id, "published", "failed")
    assert events[-1].kind == "published"
    done = [event for event in events if event.kind == "company_done"]
    assert len({event.company_id for event in done}) == len(done) == 2
    assert lost.data in [event.data for event in done]


async def test_a_waiting_review_survives_a_restart(settings: Settings) -> None:
    async with open_research(settings) as first:
        analysis_id = await first.start(AnalysisRequest(industry=INDUSTRY, limit=1))
        await until(first, analysis_id, "proposed")
    async with open_research(settings) as second:
        companies = await second.proposal(analysis_id)
        assert companies
        await second.confirm(analysis_id, companies)
        assert (await until(second, analysis_id, "published", "failed"))[-1].kind == "published"


async def test_a_cancelled_run_stays_cancelled(research: Research) -> None:
    analysis_id = await research.start(AnalysisRequest(industry=INDUSTRY))
    await until(research, analysis_id, "proposed")
    await research.confirm(analysis_id, await research.proposal(analysis_id))
    await research.cancel(analysis_id)
    assert (await research.status(analysis_id)).state == "cancelled"
    assert await research.recover() == []


async def test_a_follow_up_is_answered_from_the_reports_or_not_at_all(research: Research) -> None:
    analysis, _ = await run(research, AnalysisRequest(industry=INDUSTRY, limit=2))
    answer = await research.ask(analysis.analysis_id, "What are the Scope 1 emissions?")
    assert answer.found
    assert answer.claims
    assert all(claim.status == "verified" and claim.evidence for claim in answer.claims)
    nothing = await research.ask(analysis.analysis_id, "Who won the chess championship?")
    assert not nothing.found
    assert nothing.claims == ()
