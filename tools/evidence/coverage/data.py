"""Reporting frameworks and the look of their indexes, read from `frameworks.yaml`."""

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, field_validator


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Framework(_Strict):
    """One framework (see the head of `frameworks.yaml`)."""

    name: str
    heading: re.Pattern[str]
    columns: str
    code: re.Pattern[str] | None = None
    entries: tuple[str, ...] = ()
    prose: bool = False

    @field_validator("heading", mode="before")
    @classmethod
    def _headings(cls, value: list[str]) -> re.Pattern[str]:
        joined = "|".join(rf"(?:{pattern})" for pattern in value)
        return re.compile(rf"(?:[\dA-Z]{{1,2}}(?:\.\d+)*\.?\s+)?(?:{joined})", re.IGNORECASE)

    @field_validator("code", mode="before")
    @classmethod
    def _code(cls, value: str | None) -> re.Pattern[str] | None:
        return re.compile(value) if value else None


class Frameworks(_Strict):
    """The whole file, compiled."""

    frameworks: tuple[Framework, ...]
    head_words: frozenset[str]
    status: dict[str, re.Pattern[str]]

    @field_validator("status", mode="before")
    @classmethod
    def _status(cls, value: dict[str, list[str]]) -> dict[str, re.Pattern[str]]:
        return {
            name: re.compile("|".join(rf"(?<!\w)(?:{p})(?!\w)" for p in words), re.IGNORECASE)
            for name, words in value.items()
        }


@lru_cache(maxsize=1)
def frameworks() -> Frameworks:
    """Read and check `frameworks.yaml`; a mistake in it raises pydantic's ValidationError."""
    text = files(__package__).joinpath("frameworks.yaml").read_text(encoding="utf-8")
    return Frameworks.model_validate(yaml.safe_load(text))
