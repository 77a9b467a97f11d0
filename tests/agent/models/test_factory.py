"""A model that cannot be built says in one sentence what is missing."""

import importlib.util
from typing import Any

import pytest

from agent.errors import ConfigurationError
from agent.models.factory import ModelFactory, openai_address
from agent.models.settings import ModelSettings
from agent.models.shaping import structured_method
from tests.fakes.llm.providers import (
    BEDROCK,
    BEDROCK_BY_TOOL,
    GEMINI,
    OLLAMA,
    OPENAI,
    pretend_aws,
    settings_for,
)


def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not-for-us")
    for model, variable in ((GEMINI, "ISRA_GEMINI_API_KEY"), (OPENAI, "ISRA_OPENAI_API_KEY")):
        with pytest.raises(ConfigurationError) as error:
            ModelFactory(ModelSettings(model=model)).check()
        assert f"Set {variable}" in str(error.value)
        assert "ISRA_SECRETS_NAME" in str(error.value)


def test_a_missing_region_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_aws(monkeypatch)
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(ConfigurationError, match="ISRA_BEDROCK_REGION"):
        ModelFactory(ModelSettings(model=BEDROCK)).check()


def test_an_unknown_profile_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_aws(monkeypatch)
    settings = ModelSettings(model=BEDROCK, bedrock_region="eu-central-1", bedrock_profile="none")
    with pytest.raises(ConfigurationError, match="ISRA_BEDROCK_PROFILE"):
        ModelFactory(settings).check()


@pytest.mark.parametrize(
    ("model", "module", "extra"),
    ((OLLAMA, "langchain_ollama", "ollama"), (OPENAI, "langchain_openai", "openai")),
)
def test_a_missing_package_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, model: str, module: str, extra: str
) -> None:
    real = importlib.util.find_spec

    def without(name: str, package: str | None = None) -> Any:
        return None if name == module else real(name, package)

    monkeypatch.setattr("agent.models.factory.find_spec", without)
    with pytest.raises(ConfigurationError, match=rf"\[{extra}\]"):
        ModelFactory(settings_for(model, "http://127.0.0.1:9")).check()


def test_a_server_of_ones_own_needs_no_key() -> None:
    ModelFactory(ModelSettings(model="openai:local", base_url="http://127.0.0.1:9/v1")).check()


def test_a_bare_host_gets_the_usual_path() -> None:
    assert openai_address("http://h:8000") == "http://h:8000/v1"
    assert openai_address("http://h:8000/api/v3") == "http://h:8000/api/v3"
    assert openai_address(None) == "https://api.openai.com/v1"


def test_a_model_is_built_once_whatever_its_limit() -> None:
    factory = ModelFactory(settings_for(GEMINI, "http://127.0.0.1:9"))
    [spec] = factory._settings.specs
    one, two = factory.build(spec, 100), factory.build(spec, 200)
    assert one.client is two.client  # type: ignore[attr-defined]
    assert two.max_output_tokens == 200 + 8192  # type: ignore[attr-defined]


def test_a_shape_is_asked_for_natively_only_where_the_model_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pretend_aws(monkeypatch)
    methods = {}
    for model in (GEMINI, BEDROCK, BEDROCK_BY_TOOL, OLLAMA, "bedrock:eu.unheard.of-v1:0"):
        settings = settings_for(model, "http://127.0.0.1:9")
        [spec] = settings.specs
        methods[model] = structured_method(spec, ModelFactory(settings).build(spec, 1))
    assert [*methods.values()] == [
        "json_schema", "json_schema", "function_calling", "json_schema", "function_calling",
    ]  # fmt: skip
