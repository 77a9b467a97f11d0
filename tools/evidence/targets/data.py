"""How targets are worded, read from `targets.yaml` and compiled."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

Kind = Literal[
    "net_zero", "reduction_absolute", "reduction_intensity", "renewable", "sbti_status", "other"
]


def _any(patterns: list[str]) -> re.Pattern[str]:
    joined = "|".join(rf"(?:{p})" for p in patterns)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE | re.DOTALL)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Topic(_Strict):
    """What a target is about and which kind of target that makes it."""

    name: str
    kind: Kind
    words: re.Pattern[str]

    @field_validator("words", mode="before")
    @classmethod
    def _compiled(cls, value: list[str]) -> re.Pattern[str]:
        return _any(value)


class Status(_Strict):
    """A status of science-based targets and the words that tell it."""

    word: str
    pattern: re.Pattern[str]

    @field_validator("pattern", mode="before")
    @classmethod
    def _compiled(cls, value: str) -> re.Pattern[str]:
        return _any([value])


class Wording(_Strict):
    """The compiled file."""

    aims: re.Pattern[str]
    list_verbs: re.Pattern[str]
    results: re.Pattern[str]
    foreign: re.Pattern[str]
    topics: tuple[Topic, ...]
    not_topics: re.Pattern[str]
    neutrality: re.Pattern[str]
    neutrality_not: re.Pattern[str]
    sbti: re.Pattern[str]
    sbti_status: tuple[Status, ...]
    status_words: re.Pattern[str]

    @field_validator(
        "aims",
        "list_verbs",
        "results",
        "foreign",
        "not_topics",
        "neutrality",
        "neutrality_not",
        "sbti",
        "status_words",
        mode="before",
    )
    @classmethod
    def _compiled(cls, value: list[str]) -> re.Pattern[str]:
        return _any(value)


@lru_cache(maxsize=1)
def wording() -> Wording:
    """Read and check `targets.yaml`; a mistake in it raises pydantic's ValidationError."""
    text = files(__package__).joinpath("targets.yaml").read_text(encoding="utf-8")
    return Wording.model_validate(yaml.safe_load(text))
