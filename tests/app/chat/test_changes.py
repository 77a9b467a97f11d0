"""What a message changes in an analysis, and what it leaves as it was."""

import pytest

from agent.analyst.extractive.intent import understand_message
from agent.domain import AnalysisRequest
from agent.errors import InputError
from app.chat.changes import Change, change_of, changed_companies

BEFORE = ("KION Group", "Palfinger", "Jungheinrich")
ASKED = AnalysisRequest(industry="machines", year=2023, limit=8)


def said(text: str, request: AnalysisRequest = ASKED) -> Change:
    intent = understand_message(text, has_analysis=True)
    assert intent.kind == "change"
    return change_of(text, intent, request, BEFORE, "ref")


@pytest.mark.parametrize(
    ("named", "text", "after"),
    [
        (("Manz",), "add Manz", (*BEFORE, "Manz")),
        (("KION",), "add KION", BEFORE),
        (("KION", "Palfinger"), "only KION and Palfinger, 2023", ("KION Group", "Palfinger")),
        (("KION",), "leave KION out", ("Palfinger", "Jungheinrich")),
        (("Palfinger",), "without Palfinger", ("KION Group", "Jungheinrich")),
        ((), "redo with 2022", BEFORE),
    ],
)
def test_the_other_companies_stay_as_they_were(
    named: tuple[str, ...], text: str, after: tuple[str, ...]
) -> None:
    assert changed_companies(BEFORE, named, text) == after


def test_a_company_is_added_to_the_result_that_is_there() -> None:
    change = said("add Manz")
    assert change.words == "Adding Manz."
    assert change.request.companies == (*BEFORE, "Manz")
    assert (change.request.extends, change.request.limit) == ("ref", None)
    assert change.request.year == 2023


def test_a_company_is_dropped_by_a_part_of_its_name_in_small_letters() -> None:
    change = said("drop jungheinrich")
    assert change.request.companies == ("KION Group", "Palfinger")
    assert change.words == "Leaving out Jungheinrich."


def test_another_year_changes_only_the_year() -> None:
    change = said("redo with 2022")
    assert (change.request.year, change.request.companies) == (2022, BEFORE)
    assert change.words == "Using the reports of 2022."


def test_a_figure_is_left_out_and_taken_in_again() -> None:
    change = said("leave Scope 3 out")
    assert change.request.without == ("scope_3",)
    assert change.words == "Leaving out Scope 3 emissions."
    back = said("include Scope 3", change.request)
    assert back.request.without == ()
    assert back.words == "Taking in Scope 3 emissions."


def test_topics_are_chosen_and_left_out() -> None:
    only = said("only emissions and energy")
    assert only.request.topics == ("Emissions", "Energy")
    assert "Water and waste" not in said("leave water out").request.topics


def test_doing_it_again_reads_anew() -> None:
    change = said("redo it")
    assert change.request.extends == ""
    assert change.request.companies == BEFORE


@pytest.mark.parametrize("text", ["instead", "add"])
def test_a_change_of_nothing_says_what_can_be_changed(text: str) -> None:
    with pytest.raises(InputError, match="what to change") as caught:
        said(text)
    assert "leave Scope 3 out" in caught.value.do


def test_the_last_company_cannot_be_dropped() -> None:
    intent = understand_message("drop KION", has_analysis=True)
    with pytest.raises(InputError, match="No company would be left"):
        change_of("drop KION", intent, ASKED, ("KION Group",))
