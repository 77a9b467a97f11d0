"""The topic lexicon: what belongs to a topic and what speaks for or against a sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from agent.errors import ConfigurationError

_FILE = Path(__file__).with_name("topics.yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _TopicEntry(_Strict):
    topic: str
    floor: float = Field(gt=0, lt=2)
    core: str
    context: str = ""
    terms: dict[str, float]
    avoid: str = ""
    wants: str = ""

    @field_validator("core", "context", "avoid", "wants")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value


class _LexiconFile(_Strict):
    topics: list[_TopicEntry] = Field(min_length=1)
    cues: dict[str, float]
    penalties: dict[str, float]

    @field_validator("cues", "penalties")
    @classmethod
    def _compile(cls, value: dict[str, float]) -> dict[str, float]:
        for pattern in value:
            re.compile(pattern)
        return value


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic with its compiled patterns; an empty pattern is None."""

    name: str
    floor: float
    core: re.Pattern[str]
    context: re.Pattern[str] | None
    terms: Mapping[re.Pattern[str], float]
    avoid: re.Pattern[str] | None
    wants: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All topics in reading order, and the cues and penalties they share."""

    topics: tuple[Topic, ...]
    any_core: re.Pattern[str]
    cues: Mapping[re.Pattern[str], float]
    penalties: Mapping[re.Pattern[str], float]


@cache
def topic_lexicon() -> Lexicon:
    """The lexicon of `topics.yaml`. Raises ConfigurationError where the file is not valid."""
    try:
        entries = _LexiconFile.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError, re.error) as error:
        raise ConfigurationError(
            f"{_FILE.name} is not valid: {error}", "Correct the file."
        ) from error
    any_core = "|".join(f"(?:{entry.core})" for entry in entries.topics)
    return Lexicon(
        tuple(
            Topic(
                entry.topic,
                entry.floor,
                _compile(entry.core),
                _optional(entry.context),
                _weights(entry.terms),
                _optional(entry.avoid),
                _optional(entry.wants),
            )
            for entry in entries.topics
        ),
        _compile(any_core),
        _weights(entries.cues),
        _weights(entries.penalties),
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _optional(pattern: str) -> re.Pattern[str] | None:
    return _compile(pattern) if pattern else None


def _weights(patterns: Mapping[str, float]) -> dict[re.Pattern[str], float]:
    return {_compile(pattern): weight for pattern, weight in patterns.items()}
