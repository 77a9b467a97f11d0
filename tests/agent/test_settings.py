from pathlib import Path

import pytest

from agent.errors import ConfigurationError
from agent.settings import Settings, env_example, load_settings
from tests.conftest import REPOSITORY


@pytest.fixture(autouse=True)
def _no_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_need_no_environment() -> None:
    settings = load_settings()
    assert settings.model == "extractive"
    assert settings.resolved_database_url.startswith("sqlite+aiosqlite:///")


def test_a_variable_changes_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISRA_PORT", "9001")
    assert load_settings().port == 9001


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ISRA_PORT", "eighty", "integer"),
        ("ISRA_PORT", "0", "greater than or equal to 1"),
        ("ISRA_MODEL", "gpt", "gemini:<name>"),
        ("ISRA_LOG_FORMAT", "xml", "json"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    message = str(caught.value)
    assert name in message
    assert says in message
    assert "\n" not in message


def test_a_wrong_value_is_not_repeated_for_it_may_be_a_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ISRA_PORT", "sk-secret-key")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert "sk-secret-key" not in str(caught.value)


def test_env_example_is_made_from_the_settings() -> None:
    assert (REPOSITORY / ".env.example").read_text(encoding="utf-8") == env_example()


def test_every_setting_has_a_description() -> None:
    assert all(field.description for field in Settings.model_fields.values())
