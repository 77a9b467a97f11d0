"""Models by configuration alone: what is accepted, and what is said of what is not."""

import subprocess
import sys

import pytest

from agent.errors import ConfigurationError
from agent.models.settings import ModelSettings
from agent.models.spec import ModelSpec


@pytest.mark.parametrize(
    ("text", "provider", "name", "base_url"),
    (
        ("gemini:gemini-3.5-flash", "gemini", "gemini-3.5-flash", None),
        ("bedrock:eu.amazon.nova-pro-v1:0", "bedrock", "eu.amazon.nova-pro-v1:0", None),
        ("ollama:llama3.2:3b", "ollama", "llama3.2:3b", None),
        (" OpenAI:org/model ", "openai", "org/model", None),
        ("openai:m@http://localhost:8000/v1/", "openai", "m", "http://localhost:8000/v1"),
        ("extractive", "extractive", "", None),
    ),
)
def test_reads_provider_name_and_address(
    text: str, provider: str, name: str, base_url: str | None
) -> None:
    spec = ModelSpec.parse(text)
    assert (spec.provider, spec.name, spec.base_url) == (provider, name, base_url)


@pytest.mark.parametrize(
    "text", ("", "gpt-5", "gemini:", "anthropic:claude", "extractive:x", "openai:a b")
)
def test_names_the_variable_and_what_it_takes(text: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        ModelSpec.parse(text, "ISRA_MODEL_FALLBACK")
    assert "ISRA_MODEL_FALLBACK is" in str(error.value)
    assert "gemini:<name>, bedrock:<model or profile id>" in str(error.value)


@pytest.mark.parametrize(
    "address", ("ftp://x", "localhost:8000", "http://", "https://user:secret@host/v1")
)
def test_an_unusable_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        ModelSettings(model="openai:m", base_url=address)
    assert "ISRA_MODEL_BASE_URL" in str(error.value)
    assert "secret" not in str(error.value)


def test_a_role_has_its_own_model_and_the_rest_the_main_one() -> None:
    settings = ModelSettings(model="gemini:strong", summarize="ollama:cheap")
    assert str(settings.spec("summarize")) == "ollama:cheap"
    assert {str(settings.spec(role)) for role in ("synthesize", "answer")} == {"gemini:strong"}


def test_the_address_is_that_of_the_first_models_provider() -> None:
    settings = ModelSettings(
        model="openai:a", fallback="gemini:b", synthesize="openai:c@http://own/v1",
        base_url="http://server/v1",
    )  # fmt: skip
    assert settings.spec("answer").base_url == "http://server/v1"
    assert settings.spec("synthesize").base_url == "http://own/v1"
    assert settings.fallback_spec is not None
    assert settings.fallback_spec.base_url is None


def test_extractive_as_the_fallback_is_no_fallback_model() -> None:
    assert ModelSettings(model="gemini:a", fallback="extractive").fallback_spec is None


def test_empty_settings_name_no_model() -> None:
    settings = ModelSettings(model="", summarize="", fallback="", base_url="")
    assert settings.main.extractive
    assert settings.specs == ()


def test_no_provider_is_imported_before_one_is_used() -> None:
    script = """
import sys, agent.models.gateway, agent.analyst.model, agent.memory.ledger_table
heavy = "google.genai openai ollama boto3 langchain_aws langchain_google_genai genai_prices"
print([name for name in heavy.split() if name in sys.modules])
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
