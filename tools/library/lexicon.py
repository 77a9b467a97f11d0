"""The synonym lexicon of the field: what a question names and how reports write about it."""

from functools import lru_cache
from importlib.resources import files
from typing import Self

import yaml
from pydantic import Field, field_validator, model_validator

from agent.domain.base import Noun

_FILE = "lexicon.yaml"


class Concept(Noun):
    """One concept: `asks` in a question bring it up, `asks`, `says` and `hints` on pages bear it.

    `figures` is true where the answer mostly stands in a table.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    asks: tuple[str, ...] = Field(min_length=1)
    says: tuple[str, ...] = Field(min_length=1)
    hints: tuple[str, ...] = ()
    figures: bool = False

    @field_validator("asks", "says", "hints")
    @classmethod
    def _phrases(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        for phrase in phrases:
            if phrase != phrase.strip().lower() or not phrase:
                raise ValueError(f"{phrase!r} is not a phrase in lower case")
        if len(set(phrases)) != len(phrases):
            raise ValueError("a phrase stands twice in one list")
        return phrases


class Lexicon(Noun):
    """All concepts, and the words of questions that carry no content or ask for a figure."""

    ignore: frozenset[str]
    figure_words: tuple[str, ...]
    concepts: tuple[Concept, ...]

    @field_validator("ignore", mode="before")
    @classmethod
    def _words(cls, words: str) -> frozenset[str]:
        return frozenset(words.split())

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [concept.id for concept in self.concepts]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"concepts stand twice: {', '.join(sorted(twice))}")
        return self


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon of the package. Raises pydantic.ValidationError where it is not well-formed."""
    text = files("tools.library").joinpath(_FILE).read_text(encoding="utf-8")
    return Lexicon.model_validate(yaml.safe_load(text))
