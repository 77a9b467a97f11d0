"""Content indexes: found where they are, read row by row."""

from pathlib import Path

from agent.domain import FrameworkCoverage
from evals.reading import read_report
from tests.tools.evidence.pages import document
from tools.evidence.coverage import extract_coverage, find_indexes
from tools.evidence.quotes import stands_on
from tools.library.samples import FOLDER

INDEX = [
    "GRI content index",
    "Disclosure Title Page Remarks",
    "GRI 2-1 Organizational details 3",
    "GRI 302-1 Energy consumption within the organization 7",
    "GRI 303-3 Water withdrawal 9 Partly reported",
    "GRI 305-1 Direct (Scope 1) GHG emissions 6",
    "GRI 305-3 Other indirect GHG emissions – Omitted: information unavailable",
    "GRI 403-9 Work-related injuries –",
]
MORE = [
    "GRI 404-1 Average hours of training 11",
    "GRI 405-1 Diversity of governance bodies 11",
    "GRI 414-1 New suppliers screened – Omitted: confidentiality constraints",
]


def entries(*pages: list[str]) -> dict[str, FrameworkCoverage]:
    found = extract_coverage(document(*pages), report="r")
    return {entry.disclosure: entry for entry in found}


def test_rows_of_an_index_give_disclosure_title_status_and_page() -> None:
    found = entries(["A report."], INDEX)
    direct = found["305-1"]
    assert (direct.framework, direct.title) == ("GRI", "Direct (Scope 1) GHG emissions")
    assert direct.status == "disclosed"
    assert direct.evidence is not None
    assert (direct.evidence.page, direct.evidence.quote) == (2, INDEX[5])
    assert found["303-3"].status == "partial"
    assert (found["305-3"].status, found["305-3"].reason) == ("omitted", "information unavailable")
    assert found["403-9"].status == "not_found"


def test_an_index_goes_on_without_its_heading() -> None:
    (index,) = find_indexes(document(["A report."], INDEX, MORE, ["A last page."]))
    assert (index.framework, index.pages) == ("GRI", (2, 3))
    assert entries(["A report."], INDEX, MORE)["414-1"].reason == "confidential"


def test_a_page_that_cites_codes_in_its_text_is_no_index() -> None:
    page = [
        "Material topics were matched with GRI 305, GRI 302, GRI 303, GRI 306 and GRI 403.",
        "We report on energy (GRI 302-1), water (GRI 303-3) and emissions (GRI 305-1, GRI 305-2).",
    ]
    assert find_indexes(document(page)) == ()


def test_a_table_of_contents_that_names_the_index_is_no_index() -> None:
    assert find_indexes(document(["Contents", "Energy 7", "GRI content index 17"])) == ()


def test_standards_may_be_named_in_the_singular() -> None:
    standards = [f"Topic {n} GRI Standard {n}" for n in (302, 305, 306, 403)]
    (index,) = find_indexes(document(["GRI Standards – our key topics", *standards]))
    assert index.framework == "GRI"


def test_codes_behind_figures_are_disclosures_of_their_rows() -> None:
    found = entries(
        [
            "Emissions and energy",
            "Unit 2023 2022 2021 SASB GRI",
            "Direct emissions (Scope 1) kt CO2e 12 13 14 EM-IS-110a.1 305-1",
            "Scope 2 emissions - market-based kt CO2e 8 8 – – 305-2",
            "Energy use GWh 120 130 – EM-IS-130a.1 302-1",
            "For definitions see EM-IS-140a.1",
        ]
    )
    assert found["305-1"].status == found["EM-IS-110a.1"].status == "disclosed"
    assert found["305-1"].title == "Direct emissions (Scope 1) kt CO2e"
    assert found["305-2"].title == "Scope 2 emissions - market-based kt CO2e"
    assert set(found) == {"305-1", "305-2", "302-1", "EM-IS-110a.1", "EM-IS-130a.1"}


def test_one_code_in_the_only_column_of_references_makes_no_index() -> None:
    page = ["Unit 2023 2022 2021 GRI", "Energy use GWh 120 130 140 302-1", "Heat GWh 1 2 3"]
    assert find_indexes(document(page)) == ()


def test_two_frameworks_on_one_page_are_told_apart() -> None:
    page = [*INDEX, "IFRS S2 29(a) Greenhouse gas emissions 7", "IFRS S2 33 Climate targets 6"]
    assert [i.framework for i in find_indexes(document(page))] == ["GRI", "IFRS S2"]


def test_esrs_and_sasb_codes() -> None:
    esrs = [
        "ESRS index",
        "ESRS 2 GOV-1 Role of the bodies 12",
        "ESRS E1-1 Transition plan 5",
        "ESRS E1-6 Gross GHG emissions 6",
        "ESRS E1-8 Internal carbon pricing – Not reported",
        "ESRS S1-14 Health and safety 11",
    ]
    sasb = ["SASB index", *(f"RT-IG-{n}a.1 Metric of a kind 7" for n in (130, 320, 410, 440))]
    found = entries(esrs, sasb)
    assert found["E1-6"].framework == "ESRS"
    assert found["E1-8"].status == "omitted"
    assert found["RT-IG-130a.1"].framework == "SASB"


def test_quotes_of_a_sample_index_stand_on_its_page() -> None:
    pages, _ = read_report(Path(FOLDER) / "sample-cement/brennfels-zement-2024.pdf")
    found = extract_coverage(pages, report="r")
    assert {entry.framework for entry in found} == {"ESRS"}
    assert {entry.status for entry in found} == {"disclosed", "partial", "omitted"}
    by_number = {page.number: page for page in pages}
    for entry in found:
        assert entry.evidence is not None
        assert stands_on(entry.evidence.quote, by_number[entry.evidence.page]) is not None
