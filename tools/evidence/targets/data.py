"""How targets are worded, read from `targets.yaml` and compiled for text in small letters."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from agent.errors import ConfigurationError

Kind = Literal[
    "net_zero", "reduction_absolute", "reduction_intensity", "renewable", "sbti_status", "other"
]

_FILE = Path(__file__).with_name("targets.yaml")


def _compiled(value: str | list[str]) -> re.Pattern[str]:
    parts = [value] if isinstance(value, str) else value
    joined = "|".join(parts)
    if re.search(r"\\[A-Z]", joined) or joined != joined.lower():
        raise ValueError("write small letters only; classes in capitals cannot be used")
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Topic(_Strict):
    """What a target may be about, and the kind that makes it."""

    kind: Kind
    words: re.Pattern[str]

    @field_validator("words", mode="before")
    @classmethod
    def _words(cls, value: str | list[str]) -> re.Pattern[str]:
        return _compiled(value)


class Wording(_Strict):
    """The compiled file; see its comments for the fields."""

    cues: re.Pattern[str]
    aims: re.Pattern[str]
    list_verbs: re.Pattern[str]
    results: re.Pattern[str]
    achieved: re.Pattern[str]
    foreign: re.Pattern[str]
    partners: re.Pattern[str]
    neutrality: re.Pattern[str]
    neutrality_not: re.Pattern[str]
    topics: tuple[Topic, ...] = Field(min_length=1)
    beside: re.Pattern[str]
    sbti: re.Pattern[str]
    sbti_status: tuple[re.Pattern[str], ...]
    sbti_not: re.Pattern[str]
    status_words: re.Pattern[str]

    @field_validator("cues", mode="before")
    @classmethod
    def _cues(cls, value: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(value))

    @field_validator(
        "aims",
        "list_verbs",
        "results",
        "achieved",
        "foreign",
        "partners",
        "neutrality",
        "neutrality_not",
        "beside",
        "sbti",
        "sbti_not",
        "status_words",
        mode="before",
    )
    @classmethod
    def _patterns(cls, value: str | list[str]) -> re.Pattern[str]:
        return _compiled(value)

    @field_validator("sbti_status", mode="before")
    @classmethod
    def _ranked(cls, value: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(_compiled(one) for one in value)

    def kind_of(self, text: str) -> Kind | None:
        """The kind of target by the first topic a text in small letters names."""
        return next((topic.kind for topic in self.topics if topic.words.search(text)), None)


@cache
def wording() -> Wording:
    """The wording of targets. Raises ConfigurationError where the file does not hold."""
    try:
        data: Any = yaml.safe_load(_FILE.read_text("utf-8"))
        return Wording.model_validate(data)
    except (ValidationError, yaml.YAMLError, re.error) as error:
        raise ConfigurationError(
            f"{_FILE.name} is not valid: {error}", "Correct the file."
        ) from error
