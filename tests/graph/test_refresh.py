from pathlib import Path

import pytest

import graph.web
from agent.domain import Analysis, AnalysisRequest, CompanyAnalysis, IdentityVerdict, Industry
from agent.memory.database import make_engine, upgrade
from agent.settings import Settings
from graph.analyses import AnalysisTable
from graph.refresh import changes_since, due_analyses, look_for_newer
from graph.wiring import open_context
from tests.builders import company, figure, target
from tests.fakes.internet import html, open_internet
from tests.fakes.internet.world import LAST, link
from tools.directory import load_directory
from tools.search.known import KnownReport


def analysis(*rows: CompanyAnalysis) -> Analysis:
    return Analysis(
        analysis_id="a",
        industry=Industry(id="cement", name="Cement"),
        request=AnalysisRequest(industry="cement"),
        companies=rows,
    )


def newer(row: CompanyAnalysis, year: int) -> CompanyAnalysis:
    """The row as if read from another report, of this year."""
    assert row.report is not None
    report = row.report.model_copy(update={"sha256": f"sha-{year}", "fiscal_year": year})
    return row.model_copy(update={"report": report})


def said(before: Analysis, after: Analysis) -> list[str]:
    return [f"{change.company}: {change.what}" for change in changes_since(before, after)]


def test_a_new_report_is_compared_figure_by_figure_and_target_by_target() -> None:
    old = company("Alpha", figure("scope_1", 2023, 410), targets=(target("net_zero", "net zero"),))
    new = newer(
        company(
            "Alpha",
            figure("scope_1", 2024, 380),
            figure("ltifr", 2024, 2.1, "per million hours worked"),
            figure("waste_total", 2024, 7, "t", status="candidate"),
            targets=(target("reduction_absolute", "cut", reduction_pct=42, target_year=2030),),
        ),
        2024,
    )
    assert said(analysis(old), analysis(new)) == [
        "Alpha: New report: sustainability report 2024 in place of sustainability report 2023.",
        "Alpha: ltifr 2024: 2.1 per million hours worked (page 7), not found before.",
        "Alpha: scope_1: 380 t CO2e (page 7) for 2024, before 410 t CO2e (page 7) for 2023.",
        "Alpha: New target: reduction absolute 42% by 2030.",
        "Alpha: Target not found any more: net zero.",
    ]


def test_the_same_report_is_no_change() -> None:
    row = company("Alpha", figure("scope_1", 2023, 410))
    assert said(analysis(row), analysis(row)) == []


def test_companies_that_come_and_go_are_named() -> None:
    alpha, beta = company("Alpha"), company("Beta")
    assert said(analysis(alpha), analysis(beta)) == [
        "Beta: Not in the last analysis.",
        "Alpha: Not in this analysis any more.",
    ]


def test_a_report_that_was_found_since_is_named() -> None:
    none = CompanyAnalysis(company_id="alpha", name="Alpha", status="no_report", reason="None.")
    assert said(analysis(none), analysis(company("Alpha"))) == ["Alpha: A report was found."]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(  # type: ignore[call-arg]
        data_dir=tmp_path / "data", web_pause=0, offline=False, sbti_url="-", _env_file=None
    )
    upgrade(made.resolved_database_url)
    return made


async def test_a_job_learns_of_newer_reports_and_downloads_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = load_directory()
    listed = [
        one
        for industry in directory.industries[:3]
        for one in directory.companies(industry.id)
        if one.domains and not one.report_page and directory.find_company(one.name) == one
    ][:2]
    async with open_internet() as net:
        monkeypatch.setattr(graph.web, "make_network", lambda settings: net.network())
        for at, (one, newest) in enumerate(zip(listed, (LAST, LAST - 1), strict=True)):
            page = html(link(f"/{at}.pdf", f"Sustainability Report {newest}"))
            net.site(f"www.{one.domains[0]}", {"/": page})
        async with open_context(settings) as (context, _):
            for one in listed:
                verdict = IdentityVerdict(verdict="match", company=one.name, year=LAST - 1)
                known = KnownReport(one.id.ljust(64, "0"), f"{one.id}.pdf", verdict, "upload")
                await context.shelf.keep(known, "me")
            found = await look_for_newer(context, "me")
        assert [(item.company.id, item.held_year, item.choice.year) for item in found] == [
            (listed[0].id, LAST - 1, LAST)
        ]
        assert not any(
            path.endswith(".pdf") for site in net.sites.values() for path in site.paths()
        )


async def test_an_analysis_is_due_again_once_a_newer_report_is_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = next(
        one
        for industry in load_directory().industries
        for one in load_directory().companies(industry.id)
        if one.domains and not one.report_page and not one.fictional
    )
    row = company("Alpha").model_copy(update={"company_id": listed.id, "name": listed.name})
    asked = AnalysisRequest(industry="cement", owner="me", extends="r", thread="t", limit=3)
    engine = make_engine(settings.resolved_database_url)
    async with open_internet() as net:
        monkeypatch.setattr(graph.web, "make_network", lambda settings: net.network())
        page = html(link("/new.pdf", f"Sustainability Report {LAST}"))
        net.site(f"www.{listed.domains[0]}", {"/": page})
        async with open_context(settings) as (context, _):
            table = AnalysisTable(engine)
            await table.create("first", asked)
            ref = await context.artifacts.put(analysis(row).model_copy(update={"request": asked}))
            await table.publish("first", ref)
            assert await due_analyses(context, table, "me") == ()
            verdict = IdentityVerdict(verdict="match", company=listed.name, year=LAST - 1)
            await context.shelf.keep(KnownReport("a" * 64, "a.pdf", verdict, "upload"), "me")
            (due,) = await due_analyses(context, table, "me")
            assert await table.owners() == ["me"]
            assert await due_analyses(context, table, "someone else") == ()
    await engine.dispose()
    again = due.request()
    assert (again.companies, again.refresh, again.unattended) == ((listed.name,), True, True)
    assert (again.extends, again.thread, again.limit) == ("", "", None)
    assert due.newer[0].choice.year == LAST
