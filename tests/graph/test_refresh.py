from agent.domain import Analysis, AnalysisRequest, CompanyAnalysis, Industry
from graph.refresh import changes_since
from tests.builders import company, figure, target


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
