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


def _checked(pattern: str) -> str:
    """The pattern, known to compile in small letters too."""
    if re.search(r"\\[A-Z]", pattern):
        raise ValueError(f"{pattern!r}: classes in capitals (\\W, \\D, \\S, \\B) cannot be used")
    re.compile(pattern.lower())
    return pattern


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
        return _checked(value)

    @field_validator("terms")
    @classmethod
    def _compile(cls, value: dict[str, float]) -> dict[str, float]:
        return {_checked(pattern): weight for pattern, weight in value.items()}


class _LexiconFile(_Strict):
    topics: list[_TopicEntry] = Field(min_length=1)
    cues: dict[str, float]
    penalties: dict[str, float]

    @field_validator("cues", "penalties")
    @classmethod
    def _compile(cls, value: dict[str, float]) -> dict[str, float]:
        return {_checked(pattern): weight for pattern, weight in value.items()}


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic with its compiled patterns, for text in small letters; an empty one is None."""

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
    # Small letters on both sides: an order of magnitude quicker than matching without case.
    return re.compile(pattern.lower())


def _optional(pattern: str) -> re.Pattern[str] | None:
    return _compile(pattern) if pattern else None


def _weights(patterns: Mapping[str, float]) -> dict[re.Pattern[str], float]:
    return {_compile(pattern): weight for pattern, weight in patterns.items()}
