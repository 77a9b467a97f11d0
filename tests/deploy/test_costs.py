"""What the price file says is summed up, and is in the range that is honest."""

import pytest
from pydantic import ValidationError

from deploy.costs import Sheet, load, month, table
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(
    ("profile", "least", "most"),
    [("dev", 35, 55), ("small", 60, 90), ("private", 95, 115), ("resilient", 160, 260)],
)
def test_each_profile_costs_about_what_the_runbook_says(
    profile: str, least: float, most: float
) -> None:
    sheet = load()
    assert least <= sum(month(sheet.profiles[profile], sheet).values()) <= most


def test_private_subnets_cost_their_gateway() -> None:
    sheet = load()
    small, private = (month(sheet.profiles[name], sheet)["NAT"] for name in ("small", "private"))
    assert small == 0
    assert private > 30


def test_the_runbook_shows_the_table_as_computed() -> None:
    assert table(load()) in (REPOSITORY / "deploy" / "README.md").read_text(encoding="utf-8")


def test_a_misspelled_price_is_refused() -> None:
    described = load().model_dump()
    described["prices"]["nat_our"] = described["prices"].pop("nat_hour")
    with pytest.raises(ValidationError, match="nat_our"):
        Sheet.model_validate(described)


def test_a_price_without_a_source_is_refused() -> None:
    described = load().model_dump()
    described["prices"]["nat_hour"]["source"] = "memory"
    with pytest.raises(ValidationError, match="no such source: memory"):
        Sheet.model_validate(described)


def test_what_every_account_gets_for_nothing_is_never_more_than_is_used() -> None:
    sheet = load()
    for profile in sheet.profiles.values():
        parts = month(profile, sheet)
        assert 0 <= -parts["free in every account"] <= parts["logs and alarms"]
