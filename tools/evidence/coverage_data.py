"""Frameworks and the words of content indexes, read from `coverage.yaml`."""

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from agent.errors import ConfigurationError

_FILE = Path(__file__).with_name("coverage.yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Framework(_Strict):
    """One framework; see the head of coverage.yaml for the fields."""

    name: str
    hints: tuple[str, ...] = Field(min_length=1)
    heading: re.Pattern[str]
    code: re.Pattern[str] | None = None
    bare: re.Pattern[str] | None = None
    phrases: dict[str, re.Pattern[str]] = {}

    @field_validator("heading", mode="before")
    @classmethod
    def _caseless(cls, value: str) -> re.Pattern[str]:
        return re.compile(value, re.IGNORECASE)

    @field_validator("code", "bare", mode="before")
    @classmethod
    def _cased(cls, value: str | None) -> re.Pattern[str] | None:
        return re.compile(rf"(?<![\w.,/–-])(?:{value})") if value else None

    @field_validator("phrases", mode="before")
    @classmethod
    def _compiled(cls, value: dict[str, str]) -> dict[str, re.Pattern[str]]:
        return {name: re.compile(one, re.IGNORECASE) for name, one in value.items()}


class Wording(_Strict):
    """All frameworks, and how a row tells the status of its disclosure."""

    frameworks: tuple[Framework, ...] = Field(min_length=1)
    omitted: dict[str, re.Pattern[str]]
    partial: re.Pattern[str]
    full: re.Pattern[str]

    @field_validator("omitted", mode="before")
    @classmethod
    def _reasons(cls, value: dict[str, str]) -> dict[str, re.Pattern[str]]:
        return {name: re.compile(one, re.IGNORECASE) for name, one in value.items()}

    @field_validator("partial", "full", mode="before")
    @classmethod
    def _marks(cls, value: str) -> re.Pattern[str]:
        return re.compile(value, re.IGNORECASE)


@cache
def wording() -> Wording:
    """The frameworks. Raises ConfigurationError where the file does not hold."""
    try:
        return Wording.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError, re.error) as error:
        raise ConfigurationError(
            f"{_FILE.name} is not valid: {error}", "Correct the file."
        ) from error
