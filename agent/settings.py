"""Every setting of the agent: read from the environment (prefix ISRA_) or a .env file.

`.env.example` is made from this class (`make env-example`); a test keeps the two equal.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import ConfigurationError

PREFIX = "ISRA_"


class Settings(BaseSettings):
    """Settings with their meaning; a wrong value stops the start with one sentence."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    data_dir: Path = Field(
        default=Path("data"),
        description="Folder for the database, reports, checkpoints and caches.",
    )
    database_url: str = Field(
        default="",
        description="SQLAlchemy address of the database; empty means SQLite in the data folder.",
    )
    host: str = Field(default="127.0.0.1", description="Address the chat listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the chat listens on.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level of the log lines on stderr."
    )
    log_format: Literal["json", "console"] = Field(
        default="console", description="json for machines, console for people."
    )
    model: str = Field(
        default="extractive",
        description=(
            "The mind: extractive (no model, no key), gemini:<name>, bedrock:<id>, "
            "openai:<name> or ollama:<name>."
        ),
    )
    companies: int = Field(
        default=8, ge=1, le=50, description="Companies proposed for an analysis."
    )
    reader_memory_mb: int = Field(
        default=512, ge=256, le=16384, description="Memory limit of one PDF reader process in MB."
    )
    reader_seconds: int = Field(
        default=300, ge=5, le=3600, description="Time limit for reading one PDF in seconds."
    )
    max_pdf_mb: int = Field(default=150, ge=1, le=2000, description="Largest PDF accepted, in MB.")
    max_pdf_pages: int = Field(
        default=1000, ge=1, le=10000, description="Most pages a PDF may have."
    )
    pdf_password: SecretStr = Field(
        default=SecretStr(""), description="Password tried on PDFs that ask for one."
    )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        # Resolved once, so that nothing depends on the folder a process happens to be in later.
        return value.expanduser().resolve()

    @field_validator("model")
    @classmethod
    def _known_model(cls, value: str) -> str:
        kind, _, name = value.partition(":")
        if value == "extractive" or (kind in {"gemini", "bedrock", "openai", "ollama"} and name):
            return value
        raise ValueError(
            "takes extractive, gemini:<name>, bedrock:<id>, openai:<name> or ollama:<name>"
        )

    @property
    def resolved_database_url(self) -> str:
        """The database address, with the default filled in."""
        if self.database_url:
            return self.database_url
        return f"sqlite+aiosqlite:///{self.data_dir / 'isra.db'}"


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
        lines += [f"# {field.description}", f"# {PREFIX}{name.upper()}={default}", ""]
    return "\n".join(lines)
