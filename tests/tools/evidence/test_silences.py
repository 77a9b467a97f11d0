"""Why there is no figure."""

from dataclasses import replace

import pytest

from agent.domain import Silence
from tests.builders import figure
from tests.tools.evidence.pages import document
from tools.evidence.silences import find_silences, main_kpis, wording


def silences(*pages: list[str]) -> dict[str, Silence]:
    return {s.kpi: s for s in find_silences(document(*pages), (), report="r")}


@pytest.mark.parametrize(
    ("sentence", "kpi"),
    [
        ("We do not yet disclose our Scope 3 emissions.", "scope_3"),
        ("No data on Scope 3 emissions has been collected to date.", "scope_3"),
        ("The share of women at Group level is not yet recognised.", "women_in_management"),
        ("It is not possible to present any results for waste at this time.", "waste_total"),
        ("Water consumption will be reported for the first time in 2026.", "water_consumption"),
        ("Der Energieverbrauch wird derzeit nicht erhoben.", "energy_total"),
    ],
)
def test_a_report_that_says_so_is_quoted(sentence: str, kpi: str) -> None:
    pages = document(["Another page."], ["Our work went on.", sentence, "More followed."])
    found = {s.kpi: s for s in find_silences(pages, (), report="r")}[kpi]
    assert found.kind == "not_disclosed"
    assert found.evidence is not None
    assert (found.evidence.page, found.evidence.quote) == (2, sentence)
    assert pages[1].text[found.evidence.start : found.evidence.end] == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "No data protection complaint about waste was recorded.",
        "Suppliers that do not report Scope 3 emissions are asked to.",
        "Scope 3 emissions were reduced.",
    ],
)
def test_other_denials_are_no_silence_of_the_report(sentence: str) -> None:
    assert {s.kind for s in silences([sentence]).values()} == {"not_found"}


def test_an_omission_of_the_content_index_counts() -> None:
    index = [
        "GRI content index",
        *(f"GRI {code} A title 7" for code in ("2-1", "302-1", "303-3", "305-1")),
        "GRI 305-3 Other indirect emissions – Omitted: information unavailable",
        "GRI 306-3 Waste generated – not material",
    ]
    found = silences(index)
    assert found["scope_3"].kind == "not_disclosed"
    assert found["waste_total"].kind == "not_found"


def test_an_unread_page_among_pages_on_the_subject_may_hold_the_figure() -> None:
    pages = document(["Water consumption and waste follow."], [""], ["A.", "B."], ["C."], ["D."])
    pages[1] = replace(pages[1], unreadable=True)
    found = {s.kpi: s for s in find_silences(pages, (), report="r")}
    assert found["water_consumption"].kind == "unreadable"
    assert found["water_consumption"].note == "Page 2 could not be read."
    assert found["ltifr"].kind == "not_found"


def test_a_figure_that_was_found_has_no_silence() -> None:
    pages = document(["We do not yet disclose our Scope 3 emissions."])
    found = find_silences(pages, (figure("scope_3", 2023, 5.0),), report="r")
    assert "scope_3" not in {s.kpi for s in found}
    assert len(found) == len(main_kpis()) - 1


def test_every_main_figure_has_a_subject() -> None:
    assert set(wording().subjects) == set(main_kpis())
