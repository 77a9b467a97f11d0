"""Settings that send every provider's real client to the fake server."""

from typing import Any

import pytest

from agent.models.settings import ModelSettings
from agent.models.spec import ModelSpec

GEMINI = "gemini:gemini-3.5-flash"
BEDROCK = "bedrock:eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
BEDROCK_BY_TOOL = "bedrock:amazon.nova-lite-v1:0"
OPENAI = "openai:gpt-5-mini"
OLLAMA = "ollama:llama3.2"

EVERY_MODEL = (GEMINI, BEDROCK, BEDROCK_BY_TOOL, OPENAI, OLLAMA)
ONE_A_PROVIDER = (GEMINI, BEDROCK, OPENAI, OLLAMA)

GEMINI_KEY = "AIzaSecretGeminiKey0123456789"
OPENAI_KEY = "sk-secret-openai-key-0123456789"


def pretend_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials and nothing else of AWS in the environment."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "LANGSMITH_GATEWAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-access-key")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")


def settings_for(model: str, url: str, **more: Any) -> ModelSettings:
    """Settings for one model at the fake server; `more` overrides."""
    values: dict[str, Any] = {
        "model": model,
        "base_url": url,
        "bedrock_region": "eu-central-1",
        "gemini_api_key": GEMINI_KEY,
        "openai_api_key": OPENAI_KEY,
        "timeout_seconds": 20,
        **more,
    }
    return ModelSettings(**values)


def at(model: str, url: str) -> ModelSpec:
    """A model with the fake server as its own address."""
    return ModelSpec.parse(f"{model}@{url}")
