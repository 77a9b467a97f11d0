"""API keys kept in AWS Secrets Manager, fetched by the name of the secret."""

import asyncio
import json

from pydantic import SecretStr

from agent.errors import ConfigurationError
from agent.models.settings import ModelSettings

_FIELDS = {
    "gemini_api_key": ("ISRA_GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "openai_api_key": ("ISRA_OPENAI_API_KEY", "OPENAI_API_KEY"),
}


async def with_secrets(settings: ModelSettings) -> ModelSettings:
    """The settings with keys from the named secret; a key that is set already stays.

    Without `secrets_name`, or with every key set, nothing is fetched.
    Raises ConfigurationError where the secret cannot be read or is not a JSON object of strings.
    """
    missing = [field for field in _FIELDS if getattr(settings, field) is None]
    if settings.secrets_name is None or not missing:
        return settings
    held = await asyncio.to_thread(
        _read, settings.secrets_name, settings.bedrock_region, settings.bedrock_profile
    )
    found = {
        field: SecretStr(held[name]) for field in missing for name in _FIELDS[field] if name in held
    }
    return settings.model_copy(update=found)


def _read(name: str, region: str | None, profile: str | None) -> dict[str, str]:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    config = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 3})
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        client = session.client("secretsmanager", config=config)
        text = client.get_secret_value(SecretId=name).get("SecretString", "")
    except (BotoCoreError, ClientError) as error:
        raise ConfigurationError(
            f"The secret named by ISRA_SECRETS_NAME could not be read ({_code(error)}).",
            "Check its name, the region (ISRA_BEDROCK_REGION or AWS_REGION) and the permission "
            "secretsmanager:GetSecretValue.",
        ) from None
    try:
        held = json.loads(text)
    except ValueError:
        held = None
    if not isinstance(held, dict) or not all(isinstance(v, str) for v in held.values()):
        raise ConfigurationError(
            "The secret named by ISRA_SECRETS_NAME does not hold a JSON object of strings.",
            'It takes {"ISRA_GEMINI_API_KEY": "…", "ISRA_OPENAI_API_KEY": "…"}.',
        )
    return held


def _code(error: Exception) -> str:
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code") or type(error).__name__)
