"""The whole analysis against a small internet: the right report of each company, or a reason."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fpdf import FPDF

import graph.web
from agent.domain import Analysis, AnalysisRequest, ChosenReport, Company, ProposedCompany
from agent.memory.database import upgrade
from agent.settings import Settings
from graph.events import RunEvent
from graph.refresh import changes_since
from graph.runner import Research, open_research
from tests.fakes.internet import Internet, Reply, Site, html, open_internet, pdf, serve_plainly
from tests.fakes.internet.pdfs import report
from tests.fakes.internet.register import register_file
from tests.fakes.internet.world import LAST, build_world, company, link
from tests.graph.test_research import until
from tools.directory import load_directory


@pytest.fixture
async def net(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Internet]:
    async with open_internet() as opened:
        monkeypatch.setattr(graph.web, "make_network", lambda settings: opened.network())
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(  # type: ignore[call-arg]
        data_dir=tmp_path / "data",
        web_pause=0,
        max_pdf_mb=2,
        offline=False,
        sbti_url="https://register.test/companies-excel.xlsx",
        _env_file=None,
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
    listed = ("company_name", "near_term_status"), ("Alderquist AG", "Targets set")
    file = register_file(listed[1], heads=listed[0])
    net.site("register.test", {"/companies-excel.xlsx": file})
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
    assert [check.status for check in rows["alderquist"].target_checks] == ["validated"]
    assert [check.status for check in rows["brunnwald"].target_checks] == ["not listed"]
    assert net.sites["register.test"].paths().count("/companies-excel.xlsx") == 1
    assert net.inside == []
    assert net.refused_connections() == []
    left = [p.name for p in settings.data_dir.rglob("*") if p.suffix == ".part"]
    assert left == []


def reports_page(net: Internet, host: str, *years: int, name: str) -> Company:
    """A site with a page of reports of these years; the company it is of."""
    items = "".join(link(f"/report-{year}.pdf", f"Sustainability Report {year}") for year in years)
    pages = {f"/report-{year}.pdf": pdf(report(name, year)) for year in years}
    net.site(host, {"/reports": html(items), **pages})
    return company(name, host.removeprefix("www."), f"https://{host}/reports")


async def test_another_year_is_never_taken_in_place_of_the_one_asked_for(
    net: Internet, settings: Settings
) -> None:
    both = reports_page(net, "www.rosmarin.com", LAST, LAST - 1, name="Rosmarin")
    only = reports_page(net, "www.sandvoort.com", LAST, name="Sandvoort")
    async with open_research(settings) as research:
        analysis, _ = await analyse(research, [both, only], year=LAST - 1)
    first, second = analysis.companies
    assert first.report is not None
    assert first.report.fiscal_year == LAST - 1
    assert (second.status, second.report) == ("needs_choice", None)
    assert [choice.year for choice in second.choices] == [LAST]
    assert f"Asked for {LAST - 1}" in second.choices[0].warnings[0]
    assert "/report-" not in " ".join(net.sites["www.sandvoort.com"].paths())


async def test_what_the_user_chooses_is_fetched_and_still_has_to_be_the_report(
    net: Internet, settings: Settings
) -> None:
    files = {
        "/a.pdf": pdf(report("Tannenhof", LAST)),
        "/b.pdf": pdf(report("Ulmenried", LAST)),
    }
    net.site("files.elsewhere.org", files)
    address = "https://files.elsewhere.org"
    chosen = (
        ChosenReport(company="Tannenhof", url=f"{address}/a.pdf"),
        ChosenReport(company="Vogelsang", url=f"{address}/b.pdf"),
    )
    async with open_research(settings) as research:
        rows = [company("Tannenhof"), company("Vogelsang")]
        analysis, _ = await analyse(research, rows, reports=chosen)
    right, wrong = analysis.companies
    assert right.report is not None
    assert right.report.source == f"{address}/a.pdf"
    assert "files.elsewhere.org" in " ".join(right.warnings)
    assert wrong.status == "no_report"
    assert "by Ulmenried, not by Vogelsang" in wrong.reason


async def test_a_site_that_refuses_programs_says_to_upload_the_pdf(
    net: Internet, settings: Settings
) -> None:
    refusing = reports_page(net, "www.weidenau.com", LAST, name="Weidenau")
    net.sites["www.weidenau.com"].pages[f"/report-{LAST}.pdf"] = Reply(b"no robots", 403)
    other = reports_page(net, "www.yberg.com", LAST, name="Yberg")
    async with open_research(settings) as research:
        analysis, _ = await analyse(research, [refusing, other])
    assert analysis.companies[0].status == "no_report"
    assert "refuses automated downloads" in analysis.companies[0].reason
    assert "pload the PDF" in analysis.companies[0].reason
    assert analysis.companies[1].status == "done"


async def test_offline_and_for_samples_no_name_is_even_resolved(
    net: Internet, settings: Settings
) -> None:
    known = reports_page(net, "www.zirben.com", LAST, name="Zirben")
    offline = settings.model_copy(update={"offline": True})
    async with open_research(offline) as research:
        analysis, _ = await analyse(research, [known, *samples()])
    assert analysis.companies[0].status == "no_report"
    async with open_research(settings) as research:
        analysis, _ = await analyse(research, samples())
    assert analysis.companies[0].status == "done"
    assert net.resolved == []
    assert net.connected == []


async def test_a_second_analysis_asks_nothing_and_a_refresh_finds_the_newer_report(
    net: Internet, settings: Settings
) -> None:
    known = reports_page(net, "www.ahorn.com", LAST - 1, name="Ahornberg")
    known = known.model_copy(update={"domains": ("ahorn.com",)})
    async with open_research(settings) as research:
        first, _ = await analyse(research, [known])
        asked = len(net.resolved)
        again, _ = await analyse(research, [known])
        assert len(net.resolved) == asked
        assert again.companies[0].report == first.companies[0].report
        reports_page(net, "www.ahorn.com", LAST, LAST - 1, name="Ahornberg")
        fresh, _ = await analyse(research, [known], refresh=True)
    assert fresh.companies[0].report.fiscal_year == LAST
    said = " ".join(change.what for change in changes_since(first, fresh))
    assert f"sustainability report {LAST} in place of sustainability report {LAST - 1}" in said
    assert changes_since(first, again) == ()


async def test_a_search_engine_leads_past_copies_and_look_alikes_to_the_own_site(
    net: Internet, settings: Settings
) -> None:
    right = f"https://www.birkenau.com/deep/sustainability-report-{LAST}.pdf"
    wrong = {
        f"https://www.responsibilityreports.com/birkenau-{LAST}.pdf": "Birkenau",
        f"https://birkenau-reports.com/sustainability-report-{LAST}.pdf": "Birkenau",
    }
    net.site(
        "www.birkenau.com",
        {"/": html("hello"), f"/deep/{right.rpartition('/')[2]}": pdf(report("Birkenau", LAST))},
    )
    title = f"Birkenau Sustainability Report {LAST}"
    rows = [{"url": url, "title": title, "content": ""} for url in (*wrong, right)]
    engine = Site({"/search": Reply(json.dumps({"results": rows}).encode())})
    async with serve_plainly(engine) as base:
        with_engine = settings.model_copy(
            update={"search": "library,directory,searxng", "searxng_url": base}
        )
        async with open_research(with_engine) as research:
            analysis, _ = await analyse(research, [company("Birkenau", "birkenau.com")])
            unknown, _ = await analyse(research, [company("Birkenau"), *samples()])
    assert analysis.companies[0].report.source == right
    assert not any("responsibilityreports" in name for name in net.resolved)
    assert "birkenau-reports.com" not in net.resolved[: net.resolved.index("www.birkenau.com") + 1]
    assert unknown.companies[0].status == "done"


def samples() -> list[Company]:
    """One company of the sample library."""
    directory = load_directory()
    industry = next(item for item in directory.industries if item.fictional)
    return list(directory.companies(industry.id)[:1])


async def test_a_nameless_document_of_a_site_that_is_not_sure_is_left_to_the_user(
    net: Internet, settings: Settings
) -> None:
    nameless = FPDF()
    nameless.add_page()
    nameless.set_font("Helvetica", "B", 30)
    nameless.multi_cell(0, 16, f"Sustainability Report {LAST}")
    pages = {
        "/r": html(link("/r.pdf", f"Sustainability Report {LAST}")),
        "/r.pdf": pdf(bytes(nameless.output())),
    }
    net.site("www.cedarholm.com", pages)
    listed = company("Cedarholm", "cedarholm.com", "https://www.cedarholm.com/r")
    unsure = listed.model_copy(update={"domains_confirmed": False})
    async with open_research(settings) as research:
        analysis, _ = await analyse(research, [unsure, *samples()])
        sure, _ = await analyse(research, [listed, *samples()])
    row = analysis.companies[0]
    assert (row.status, [choice.url for choice in row.choices]) == (
        "needs_choice",
        ["https://www.cedarholm.com/r.pdf"],
    )
    assert "leave a doubt" in row.reason
    assert sure.companies[0].status == "done"
    assert "not certain" in " ".join(sure.companies[0].warnings)
