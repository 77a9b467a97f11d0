"""isra directory shows and checks the list."""

import json

import pytest
import typer
from typer.testing import CliRunner

from agent.errors import InputError, NotFoundError
from app.cli import directory as command


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    command.register(app)
    return app


def run(app: typer.Typer, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["directory", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_show_lists_every_industry_with_its_codes(app: typer.Typer) -> None:
    industries = json.loads(run(app, "show", "--json"))["industries"]
    cement = next(row for row in industries if row["id"] == "cement")
    assert (cement["isic"], cement["nace"], cement["naics"]) == (["2394"], ["23.51"], ["327310"])
    assert any(row["fictional"] for row in industries)


def test_show_takes_any_words_and_keeps_to_the_region(app: typer.Typer) -> None:
    shown = json.loads(run(app, "show", "cement and steel in India", "--json"))
    assert shown["region"] == "India"
    assert [row["id"] for row in shown["industries"]] == ["cement", "steel"]
    assert {member["country"] for row in shown["industries"] for member in row["members"]} == {"IN"}


def test_show_of_an_unknown_industry_names_the_nearest(app: typer.Typer) -> None:
    with pytest.raises(NotFoundError, match=r"Nearest: .*Steel"):
        run(app, "show", "stell")


def test_check_prints_no_problem_for_the_delivered_data(app: typer.Typer) -> None:
    assert json.loads(run(app, "check", "--json")) == {"problems": []}


def test_add_refuses_a_wrong_row_with_what_is_wrong(app: typer.Typer) -> None:
    with pytest.raises(InputError, match="alpha-2"):
        run(app, "add", "Nobody", "--industry", "cement", "--country", "UK", "--scale", "small")
