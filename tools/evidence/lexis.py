"""Small words by language, from `lexis.yaml`."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import ConfigurationError

_FILE = Path(__file__).with_name("lexis.yaml")


class _Lexis(BaseModel):
    model_config = ConfigDict(extra="forbid")

    function_words: dict[str, str]
    verbs: dict[str, str]
    question_fillers: dict[str, str]
    synonyms: list[str]


@cache
def function_words() -> frozenset[str]:
    """Articles, prepositions, auxiliaries of all languages listed."""
    return _words(_lexis().function_words)


@cache
def verbs() -> frozenset[str]:
    """Forms of common verbs of reports, of all languages listed."""
    return _words(_lexis().verbs)


@cache
def question_fillers() -> frozenset[str]:
    """Words of a question that do not say what it looks for."""
    return _words(_lexis().question_fillers)


@cache
def synonyms() -> tuple[frozenset[str], ...]:
    """Groups of words that mean the same in a question and in a report."""
    return tuple(frozenset(group.split()) for group in _lexis().synonyms)


@cache
def _lexis() -> _Lexis:
    try:
        return _Lexis.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"{_FILE.name} is not valid: {error}", "Correct the file."
        ) from error


def _words(by_language: dict[str, str]) -> frozenset[str]:
    return frozenset(word for text in by_language.values() for word in text.split())
