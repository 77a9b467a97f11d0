"""When the earlier result of a company serves a changed analysis."""

import pytest

from agent.domain import AnalysisRequest, ChosenReport, Company
from graph.carry import chosen_for, same_wish

BEFORE = AnalysisRequest(industry="cement", companies=("A",), year=2023, owner="ada")


def test_other_companies_and_another_limit_ask_for_the_same_of_each_company() -> None:
    now = BEFORE.model_copy(update={"companies": ("A", "B"), "limit": 3, "extends": "ref"})
    assert same_wish(BEFORE, now)


@pytest.mark.parametrize(
    "change",
    [
        {"year": 2022},
        {"without": ("scope_3",)},
        {"topics": ("Energy",)},
        {"model": "gemini:flash"},
        {"owner": "bob"},
        {"library": "/reports"},
    ],
)
def test_another_wish_is_worked_on_anew(change: dict[str, object]) -> None:
    assert not same_wish(BEFORE, BEFORE.model_copy(update=change))


def test_a_report_chosen_for_one_company_leaves_the_others_as_they_were() -> None:
    chosen = (ChosenReport(company="a", url="https://a.example/r.pdf"),)
    now = BEFORE.model_copy(update={"reports": chosen})
    assert same_wish(BEFORE, now)
    assert chosen_for(Company(id="a", name="A plc"), now) == ("https://a.example/r.pdf",)
    assert chosen_for(Company(id="b", name="B"), now) == ()
