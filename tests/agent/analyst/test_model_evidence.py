"""What a model is shown of a report, and within how many tokens."""

from agent.analyst.model_evidence import answer_sheet, material_sheet, synthesis_sheet
from agent.domain import KpiRecord, Passage
from agent.models.tokens import estimate_tokens
from tests.fakes.reports import sample

FIRST, SECOND = sample("Nordkalk Cement"), sample("Alpenzement", scale=0.5)


def test_ids_are_short_and_no_page_or_address_is_shown() -> None:
    sheet = material_sheet(FIRST.material, 4000)
    assert list(sheet.items)[:2] == ["K1", "K2"]
    assert {name[0] for name in sheet.items} == {"K", "T", "P"}
    assert "K1 | Emissions | Scope 1 emissions | year 2023 | 4,120,300 t CO2e" in sheet.text
    assert "page" not in sheet.text.lower()
    assert FIRST.material.report.sha256[:8] not in sheet.text


def figures(*records: KpiRecord) -> list[str]:
    sheet = material_sheet(FIRST.material.model_copy(update={"kpis": records}), 4000)
    return [item.line for item in sheet.items.values() if item.id[0] == "K"]


def test_only_figures_in_force_are_shown_and_candidates_only_where_nothing_better() -> None:
    scope_1, _, scope_2, *_ = FIRST.material.kpis
    candidate = scope_1.model_copy(update={"status": "candidate", "value": 1.0})
    restated = scope_1.model_copy(update={"superseded_by": scope_1.id, "value": 2.0})
    site = scope_1.model_copy(update={"boundary": "Germany", "value": 3.0})
    assert len(figures(scope_1, candidate, restated, site)) == 1
    assert figures(site) == ["Emissions | Scope 1 emissions | year 2023 | 3 t CO2e | for: Germany"]
    [line] = figures(candidate)
    assert line.endswith("candidate, not confirmed a second way")
    assert len(figures(candidate, scope_2)) == 2


def test_only_the_two_latest_years_of_a_figure_are_shown() -> None:
    years = [r.model_copy(update={"year": y}) for y, r in zip(
        (2019, 2020, 2021, 2022), [FIRST.material.kpis[0]] * 4, strict=True)]  # fmt: skip
    found = FIRST.material.model_copy(update={"kpis": tuple(years)})
    text = material_sheet(found, 4000).text
    assert "2021" in text
    assert "year 2020" not in text


def test_topics_take_turns_so_that_none_is_crowded_out() -> None:
    place = FIRST.material.passages[0].evidence
    loud = tuple(
        Passage(id=f"x{n}", topic="Energy", text=f"Kiln {n} ran. " * 20, evidence=place, score=9.0)
        for n in range(80)
    )
    passages = (*loud, *FIRST.material.passages)
    sheet = material_sheet(FIRST.material.model_copy(update={"passages": passages}), 2500)
    shown = [item.line.split(" | ")[0] for item in sheet.items.values() if item.id[0] == "P"]
    assert {"Climate targets", "Energy", "Water and waste", "People", "Governance"} <= set(shown)


def test_the_sheet_stays_within_its_tokens_whatever_is_found() -> None:
    many = tuple(f"Site {n} cut dust by {n} mg per m3 in 20{n % 90 + 10}." for n in range(900))
    found = sample("Nordkalk Cement", extra=many)
    for limit in (500, 2000, 4000):
        sheet = material_sheet(found.material, limit)
        assert estimate_tokens(sheet.text) <= limit
        assert sheet.items


def test_every_company_has_its_share_and_those_without_a_report_are_named() -> None:
    crowd = [sample(f"Company {n}").analysed for n in range(30)]
    lost = crowd[0].model_copy(update={"name": "Lost", "status": "failed", "kpis": ()})
    sheet = synthesis_sheet((*crowd, lost), 6000)
    assert len(sheet.companies) == 30
    assert "No report could be used of: Lost" in sheet.text
    assert estimate_tokens(sheet.text) <= 6000 + 30 * 8


def test_sentences_that_did_not_hold_are_not_passed_on() -> None:
    row = FIRST.analysed
    doubtful = row.summary.claims[0].model_copy(update={"status": "unverified", "text": "Doubt."})
    summary = row.summary.model_copy(update={"claims": (doubtful, *row.summary.claims[1:])})
    assert (
        "Doubt." not in synthesis_sheet((row.model_copy(update={"summary": summary}),), 4000).text
    )


def test_a_passage_of_a_report_outside_the_analysis_is_not_shown() -> None:
    sheet = answer_sheet((FIRST.analysed,), SECOND.material.passages, 4000)
    assert not [name for name in sheet.items if name[0] == "P"]


def test_a_smaller_part_keeps_ids_and_what_is_asked_for_first() -> None:
    sheet = material_sheet(FIRST.material, 4000)
    part = sheet.within(60, first=["P3", "P99"])
    assert "P3" in part.items
    assert 1 <= len(part.items) < len(sheet.items)
    assert part.items["P3"] is sheet.items["P3"]
