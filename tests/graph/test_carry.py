"""When the earlier result of a company serves a changed analysis."""

import pytest

from agent.domain import AnalysisRequest
from graph.carry import same_wish

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
