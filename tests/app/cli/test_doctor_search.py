"""What isra doctor says of the search providers."""

import pytest

from agent.settings import Settings
from app.cli.doctor_search import search_checks


def settings(**values: object) -> Settings:
    return Settings(**{"offline": False, **values}, _env_file=None)  # type: ignore[arg-type]


def test_offline_says_so_and_asks_nobody() -> None:
    (check,) = search_checks(settings(offline=True, search="library,tavily"))
    assert (check.state, "ISRA_OFFLINE" in check.found) == ("off", True)


@pytest.mark.parametrize(
    ("provider", "setting"),
    [
        ("tavily", "ISRA_TAVILY_API_KEY"),
        ("brave", "ISRA_BRAVE_API_KEY"),
        ("exa", "ISRA_EXA_API_KEY"),
        ("searxng", "ISRA_SEARXNG_URL"),
    ],
)
def test_a_provider_without_its_key_is_broken_and_says_which(provider: str, setting: str) -> None:
    (check,) = search_checks(settings(search=provider))
    assert check.state == "broken"
    assert setting in check.found + check.do


def test_a_provider_that_is_away_is_off_with_the_reason() -> None:
    given = settings(search="library,searxng", searxng_url="http://127.0.0.1:9")
    library, searxng = search_checks(given)
    assert library.state == "works"
    assert (searxng.state, "cannot be reached" in searxng.found) == ("off", True)
