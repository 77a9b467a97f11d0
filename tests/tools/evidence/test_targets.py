"""Stated targets: what is one, what is none, and what it says."""

from pathlib import Path

import pytest

from agent.domain import Target
from evals.reading import read_report
from tests.tools.evidence.pages import document
from tools.evidence.quotes import stands_on
from tools.evidence.targets import extract_targets
from tools.evidence.targets.data import wording
from tools.library.samples import FOLDER
from tools.pdf.page import PageRecord, Row, Word

REPORT = "Sustainability report 2023. In 2023 we looked back on 2023 and on 2022."


def targets(*lines: str) -> tuple[Target, ...]:
    return extract_targets(document([REPORT], list(lines)), report="r")


def only(*lines: str) -> Target:
    found = targets(*lines)
    assert len(found) == 1, found
    return found[0]


def test_a_reduction_has_its_scopes_years_and_per_cent() -> None:
    found = only(
        "We have committed to reduce absolute Scope 1 and Scope 2 emissions by 42%",
        "by 2030 from a 2020 base year.",
    )
    assert (found.kind, found.scopes) == ("reduction_absolute", "1+2")
    assert (found.base_year, found.target_year, found.reduction_pct) == (2020, 2030, 42.0)
    assert found.evidence.page == 2


def test_emissions_for_a_unit_of_something_are_an_intensity() -> None:
    found = only("We aim to cut Scope 1 emissions by 21 % per tonne of product by 2032.")
    assert (found.kind, found.scopes, found.reduction_pct) == ("reduction_intensity", "1", 21.0)


def test_each_figure_of_a_list_gets_its_own_year() -> None:
    found = targets(
        "We have set targets to reduce the carbon intensity of our products. These are targets",
        "of 3-4% by 2024, 20% by 2030 and 45% by 2035, compared with 2016.",
    )
    assert [(t.target_year, t.reduction_pct) for t in found] == [
        (2024, 3.0),
        (2030, 20.0),
        (2035, 45.0),
    ]
    assert {t.base_year for t in found} == {2016}


@pytest.mark.parametrize(
    ("line", "year", "scopes"),
    [
        ("We aim for net zero emissions across the value chain by 2045.", 2045, "1+2+3"),
        ("The Group wants to be carbon neutral in its own operations by 2030.", 2030, "1+2"),
        ("Wir wollen bis 2040 klimaneutral sein.", 2040, None),
        ("We support the national goal of net zero by 2070 and will reach it by 2060.", 2060, None),
    ],
)
def test_net_zero_targets(line: str, year: int, scopes: str | None) -> None:
    found = only(line)
    assert (found.kind, found.target_year, found.scopes) == ("net_zero", year, scopes)


@pytest.mark.parametrize(
    "line",
    [
        "The EU aims to reduce greenhouse gas emissions by 55% by 2030 compared to 1990.",
        "Germany aims to be climate neutral by 2045.",
        "Under the NZE scenario, emissions are to fall by 40% by 2035.",
        "Our suppliers have committed to net zero by 2040.",
        "In 2023 we reduced our Scope 1 emissions by 12% compared to 2022.",
        "We plan to build stores to a net zero ready standard by 2028.",
        "93% of our portfolio companies set emission reduction goals up to the target year 2026.",
    ],
)
def test_what_others_aim_at_and_what_happened_is_no_target(line: str) -> None:
    assert targets(line) == ()


def test_renewable_energy_has_no_reduction() -> None:
    found = only("We will purchase 100% renewable electricity by 2027.")
    assert (found.kind, found.target_year, found.reduction_pct) == ("renewable", 2027, None)


def test_a_target_that_was_reached_says_so() -> None:
    found = only("We achieved our target of a 30% reduction in CO2 emissions by the end of 2022.")
    assert (found.target_year, found.reduction_pct, found.status_words) == (2022, 30.0, "achieved")


def test_items_of_a_list_take_the_year_in_brackets_and_stay_apart() -> None:
    found = targets(
        "Our targets",
        "DATA CENTRES 100% renewable electricity use (2030) 90% (2019) 95%",
        "OFFICES 100% renewable electricity use (2030) 60% (2019) 80%",
    )
    assert [(t.kind, t.target_year) for t in found] == [("renewable", 2030)] * 2


def test_a_yearly_reduction_under_a_heading_takes_its_year() -> None:
    found = only(
        "Targets: absolute reduction in GHG emissions compared with 2021",
        "Near-term [2030]:",
        "Scope 1+2 by 4.2 % per year (linear)",
    )
    assert (found.per_year, found.target_year, found.base_year) == (True, 2030, 2021)
    assert found.reduction_pct == pytest.approx(4.2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("The SBTi validated our near-term targets in March 2023.", "validated"),
        (
            "Our targets were submitted to the SBTi and have not yet been validated.",
            "have not yet been validated",
        ),
        ("In July, the Group formally committed to the SBTi.", "formally committed"),
    ],
)
def test_the_status_with_the_science_based_targets_initiative(line: str, words: str) -> None:
    found = only(line)
    assert (found.kind, found.status_words) == ("sbti_status", words)


def test_what_the_initiative_is_tells_no_status() -> None:
    assert targets("The SBTi is a partnership that has approved targets of companies.") == ()


def test_a_target_is_given_once_with_its_fullest_statement() -> None:
    pages = document(
        [REPORT],
        ["We want to reduce emissions by 42% by 2030."],
        ["We aim to reduce Scope 1 and 2 emissions by 42% by 2030 from a 2020 base year."],
    )
    (found,) = extract_targets(pages, report="r")
    assert (found.evidence.page, found.scopes, found.base_year) == (3, "1+2", 2020)
    assert found.id == extract_targets(pages, report="r")[0].id
    assert found.id != extract_targets(pages, report="another")[0].id


def test_columns_of_target_years_give_a_target_each() -> None:
    def row(top: float, *cells: tuple[str, float]) -> Row:
        return Row(tuple(Word(t, x, top, x + 30, top + 10, 10) for t, x in cells))

    rows = (
        row(10, ("Sustainability", 40), ("targets", 90)),
        row(30, ("2018", 250), ("(Base", 280), ("year)", 300), ("2025", 400), ("2035", 500)),
        row(50, ("GHG", 40), ("emissions", 70), ("(-35%)", 400), ("(-60%)", 500)),
    )
    text = "\n".join(r.text for r in rows)
    pages = [*document([REPORT]), PageRecord(2, 595, 842, text, rows)]
    found = extract_targets(pages, report="r")
    assert [(t.target_year, t.reduction_pct, t.base_year) for t in found] == [
        (2025, 35.0, 2018),
        (2035, 60.0, 2018),
    ]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        (
            "sample-beverages/three-larches-brewing-2023.pdf",
            ["reduction_absolute", "reduction_absolute", "renewable", "sbti_status"],
        ),
        ("sample-beverages/casa-verane-2024.pdf", []),
    ],
)
def test_targets_of_a_sample_report_stand_on_their_pages(name: str, kinds: list[str]) -> None:
    pages, _ = read_report(Path(FOLDER) / name)
    found = extract_targets(pages, report="r")
    assert sorted(t.kind for t in found) == kinds
    by_number = {page.number: page for page in pages}
    for target in found:
        place = target.evidence
        assert stands_on(place.quote, by_number[place.page]) is not None
        if place.start is not None:
            there = by_number[place.page].text[place.start : place.end]
            assert " ".join(there.split()) == place.quote


def test_the_wording_file_is_valid() -> None:
    assert wording().kind_of("scope 1 emissions") == "reduction_absolute"
