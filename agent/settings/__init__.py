"""Every setting of the agent: read from the environment (prefix ISRA_) or a .env file.

`.env.example` is made from this class (`make env-example`); a test keeps the two equal.
"""

from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import ConfigurationError
from agent.memory.addresses import async_url, is_postgres
from agent.models.settings import EXTRACTIVE, ModelSettings
from agent.models.spec import ModelSpec
from agent.settings.finding import FindingFields
from agent.settings.models import ModelFields
from agent.settings.reading import ReadingFields
from agent.settings.serving import ServingFields
from agent.settings.storage import StorageFields

PREFIX = "ISRA_"


class Settings(
    FindingFields, ReadingFields, ModelFields, ServingFields, StorageFields, BaseSettings
):
    """Settings with their meaning; a wrong value stops the start with one sentence."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    @model_validator(mode="after")
    def _known_models(self) -> Self:
        # Parsed here, so that a wrong name stops the start and not the first call.
        self.models()
        self.offered_models()
        return self

    @model_validator(mode="after")
    def _known_database(self) -> Self:
        if self.runs_in_workers and not is_postgres(self.resolved_database_url):
            raise ConfigurationError(
                "ISRA_RUNS=workers needs a Postgres database.",
                "Set ISRA_DATABASE_URL, or leave ISRA_RUNS empty.",
            )
        return self

    def models(self) -> ModelSettings:
        """What the models need to know. Raises ConfigurationError."""
        return ModelSettings(
            model=self.model,
            summarize=self.model_summarize,
            synthesize=self.model_synthesize,
            fallback=self.model_fallback,
            base_url=self.model_base_url,
            bedrock_region=self.bedrock_region or None,
            bedrock_profile=self.bedrock_profile or None,
            gemini_api_key=self.gemini_api_key if self.gemini_api_key.get_secret_value() else None,
            openai_api_key=self.openai_api_key if self.openai_api_key.get_secret_value() else None,
            secrets_name=self.secrets_name or None,
            timeout_seconds=self.model_timeout,
            concurrency=self.model_concurrency,
            calls_per_minute=self.model_rpm,
            budget_tokens=self.budget_tokens,
            budget_usd=self.budget_usd,
        )

    def offered_models(self) -> tuple[str, ...]:
        """The models a user may choose from: the one set, the others offered, then none at all.

        Raises ConfigurationError where a name is not one of a model.
        """
        names = [self.model, *(name.strip() for name in self.models_offered.split(","))]
        specs = [ModelSpec.parse(name, "ISRA_MODELS_OFFERED") for name in names if name]
        return tuple(dict.fromkeys(str(spec) for spec in (*specs, EXTRACTIVE)))

    @property
    def resolved_users_file(self) -> Path:
        """The file of names and password hashes, with the default filled in."""
        return self.users_file or self.data_dir / "users.txt"

    @property
    def search_order(self) -> tuple[str, ...]:
        """The providers to ask, in order."""
        return tuple(self.search.split(",")) if self.search else ()

    @property
    def resolved_database_url(self) -> str:
        """The database address for SQLAlchemy, with the default filled in."""
        return async_url(self.database_url or f"sqlite:///{self.data_dir / 'isra.db'}")

    @property
    def runs_in_workers(self) -> bool:
        """Whether the chat leaves its analyses to workers."""
        if self.runs == "auto":
            return is_postgres(self.resolved_database_url)
        return self.runs == "workers"


def load_settings() -> Settings:
    """Settings from the environment.

    Raises:
        ConfigurationError: names the first wrong variable and what it takes.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        message = str(first["msg"]).removeprefix("Value error, ")
        description = Settings.model_fields[name].description if name else ""
        # The value is not repeated: it may be a secret put under the wrong name.
        raise ConfigurationError(
            f"{PREFIX}{name.upper()} has a wrong value: {message}.",
            f"It sets: {description}",
        ) from None


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()


def env_example() -> str:
    """The text of .env.example: every setting, its meaning and its default."""
    lines = ["# Settings of the Industry Sustainability Research Agent. All are optional.", ""]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        shown = "" if default is None else default
        lines += [f"# {field.description}", f"# {PREFIX}{name.upper()}={shown}".rstrip(), ""]
    return "\n".join(lines)
