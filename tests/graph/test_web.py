"""The whole analysis against a small internet: the right report of each company, or a reason."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import graph.web
from agent.domain import Analysis, AnalysisRequest, Company, ProposedCompany
from agent.memory.database import upgrade
from agent.settings import Settings
from graph.events import RunEvent
from graph.runner import Research, open_research
from tests.fakes.internet import Internet, open_internet
from tests.fakes.internet.world import LAST, build_world
from tests.graph.test_research import until


@pytest.fixture
async def net(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Internet]:
    async with open_internet() as opened:
        monkeypatch.setattr(graph.web, "make_network", lambda settings: opened.network())
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(  # type: ignore[call-arg]
        data_dir=tmp_path / "data", web_pause=0, max_pdf_mb=2, offline=False, _env_file=None
    )
    upgrade(made.resolved_database_url)
    return made


async def analyse(
    research: Research, companies: list[Company], **request: object
) -> tuple[Analysis, list[RunEvent]]:
    """An analysis of these companies, put on the list in the review."""
    asked = AnalysisRequest(industry="sample cement industry", **request)  # type: ignore[arg-type]
    analysis_id = await research.start(asked)
    await until(research, analysis_id, "proposed", "failed")
    rows = [ProposedCompany(company=company, reason="You added it.") for company in companies]
    await research.confirm(analysis_id, rows)
    events = await until(research, analysis_id, "published", "failed")
    assert events[-1].kind == "published", events[-1].data
    return await research.result(analysis_id), events


async def test_the_right_report_of_every_company_is_found_and_every_trap_avoided(
    net: Internet, settings: Settings
) -> None:
    world = build_world(net)
    assert len(world) >= 12
    async with open_research(settings) as research:
        analysis, events = await analyse(research, [item.company for item in world])
    rows = {row.company_id: row for row in analysis.companies}
    for item in world:
        row = rows[item.company.id]
        assert row.status == "done", (item.company.name, row.reason)
        assert row.report is not None
        assert row.report.source == item.url, item.company.name
        assert row.report.fiscal_year == LAST
        assert row.report.retrieved_at
        assert row.summary.claims
        for path in item.avoid:
            assert path not in [p for site in net.sites.values() for p in site.paths()], path
    refused = {
        event.company_id: str(event.data["reason"])
        for event in events
        if event.kind == "report_refused"
    }
    assert "Foundation" in refused["ivarstad"]
    assert "Foundation" in " ".join(rows["ivarstad"].warnings)
    assert "packed" in refused["juniperfield"]
    assert "web page" in refused["kestrelby"]
    assert "larger than 2 MB" in refused["larkhollow"]
    assert "robots.txt" in refused["osterlund"]
    assert "public internet" in refused["pellworm"]
    assert "cdn.contentnet.net" in " ".join(rows["fenwickley"].warnings)
    assert net.inside == []
    assert net.refused_connections() == []
    left = [p.name for p in settings.data_dir.rglob("*") if p.suffix == ".part"]
    assert left == []
