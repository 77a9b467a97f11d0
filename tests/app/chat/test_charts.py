"""Charts draw what can be compared, and every mark on them opens its page."""

from agent.domain import Analysis, CompanyAnalysis, KpiRecord, Normalised
from app.chat.charts import best_record, chart_view
from app.chat.sources import Sources


def with_figures(analysis: Analysis, *figures: KpiRecord) -> Analysis:
    company: CompanyAnalysis = analysis.companies[0].model_copy(update={"kpis": figures})
    return analysis.model_copy(update={"companies": (company, *analysis.companies[1:])})


def figure(analysis: Analysis, year: int, tonnes: float, **more: object) -> KpiRecord:
    changes = {
        "id": f"f{year}{more.get('boundary', '')}",
        "year": year,
        "normalised": Normalised(value=tonnes, unit="t CO2e", conversion="kt → t: × 1000"),
        **more,
    }
    return analysis.companies[0].kpis[0].model_copy(update=changes)


def test_bars_are_scaled_to_one_unit_and_open_their_page(analysis: Analysis) -> None:
    shown = with_figures(analysis, figure(analysis, 2022, 14_000), figure(analysis, 2023, 12_500))
    sources = Sources.of(shown)
    chart = chart_view(shown, sources)["emissions"][0]
    bars = chart["groups"][0]["bars"]
    assert chart["unit"] == "kt CO2e"
    assert [(bar["year"], bar["value"]) for bar in bars] == [(2022, 14.0), (2023, 12.5)]
    assert all(sources.rows[bar["source"]]["page"] == 7 for bar in bars)


def test_a_single_figure_is_no_chart(analysis: Analysis) -> None:
    shown = with_figures(analysis, figure(analysis, 2023, 12_500))
    assert chart_view(shown, Sources.of(shown))["emissions"] == []


def test_other_boundaries_and_superseded_figures_are_not_drawn(analysis: Analysis) -> None:
    shown = with_figures(
        analysis,
        figure(analysis, 2023, 12_500),
        figure(analysis, 2022, 1_000, boundary="site"),
        figure(analysis, 2021, 9_000, superseded_by="f2023"),
    )
    assert chart_view(shown, Sources.of(shown))["emissions"] == []


def test_targets_stand_at_the_year_they_are_due(analysis: Analysis) -> None:
    rows = chart_view(analysis, Sources.of(analysis))["targets"]
    assert [(row["company"], row["points"][0]["year"]) for row in rows] == [("Nordwerk", 2030)]
    assert rows[0]["points"][0]["label"] == "30 %"


def test_coverage_tells_a_figure_from_each_kind_of_silence(analysis: Analysis) -> None:
    coverage = chart_view(analysis, Sources.of(analysis))["coverage"]
    assert [square["state"] for square in coverage["rows"][0]["squares"]] == [
        "verified",
        "not_disclosed",
    ]


def test_the_newest_and_surest_figure_stands_for_a_kpi(analysis: Analysis) -> None:
    old = figure(analysis, 2021, 1.0)
    new = figure(analysis, 2023, 1.0, status="candidate", id="unsure")
    sure = figure(analysis, 2023, 1.0, id="sure")
    assert best_record([old, new, sure], "scope_1") == sure
    assert best_record([old], "scope_3") is None
