"""Keys from AWS Secrets Manager, against moto's server."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from agent.errors import ConfigurationError
from agent.models.secrets import with_secrets
from agent.models.settings import ModelSettings
from tests.fakes.llm.providers import pretend_aws

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def secrets_manager() -> Iterator[str]:
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch, secrets_manager: str) -> None:
    pretend_aws(monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets_manager)


def keep(name: str, text: str) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name=name, SecretString=text)


def settings(name: str, **more: str) -> ModelSettings:
    return ModelSettings(secrets_name=name, bedrock_region=REGION, **more)


async def test_fills_in_the_keys_that_are_not_set() -> None:
    keep("keys", json.dumps({"GOOGLE_API_KEY": "g-1", "ISRA_OPENAI_API_KEY": "o-1"}))
    filled = await with_secrets(settings("keys", openai_api_key="o-own"))
    assert filled.gemini_api_key is not None
    assert filled.gemini_api_key.get_secret_value() == "g-1"
    assert filled.openai_api_key is not None
    assert filled.openai_api_key.get_secret_value() == "o-own"
    assert "g-1" not in repr(filled)


async def test_a_missing_secret_is_said_without_a_trace_of_aws() -> None:
    with pytest.raises(ConfigurationError) as error:
        await with_secrets(settings("absent"))
    assert "ISRA_SECRETS_NAME could not be read (ResourceNotFoundException)" in str(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize("text", ("sk-naked-key", "[]", '{"a": 1}'))
async def test_a_secret_of_another_form_is_refused_and_not_repeated(text: str) -> None:
    keep(f"form-{len(text)}", text)
    with pytest.raises(ConfigurationError) as error:
        await with_secrets(settings(f"form-{len(text)}"))
    assert "JSON object of strings" in str(error.value)
    assert "naked" not in str(error.value)


async def test_nothing_is_fetched_where_nothing_is_missing() -> None:
    complete = settings("absent", gemini_api_key="g", openai_api_key="o")
    assert await with_secrets(complete) is complete
    assert await with_secrets(ModelSettings()) == ModelSettings()
