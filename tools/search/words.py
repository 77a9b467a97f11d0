"""The words of ranking.yaml, ready to be looked for."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from tools.search.letters import LETTERS


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sustainability: list[str] = Field(min_length=1)
    annual: list[str] = Field(min_length=1)
    report: list[str] = Field(min_length=1)
    other: list[str] = Field(min_length=1)
    aggregators: list[str] = Field(min_length=1)
    pages: list[str] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class RankingWords:
    """A pattern for each kind of word, over texts made plain."""

    sustainability: re.Pattern[str]
    annual: re.Pattern[str]
    report: re.Pattern[str]
    other: re.Pattern[str]
    aggregators: frozenset[str]
    pages: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def ranking_words() -> RankingWords:
    """The words of the file, read once a process."""
    text = (files("tools.search") / "ranking.yaml").read_text(encoding="utf-8")
    data = _File.model_validate(yaml.safe_load(text))
    return RankingWords(
        sustainability=_any_of(data.sustainability),
        annual=_any_of(data.annual),
        report=_any_of(data.report),
        other=_any_of(data.other),
        aggregators=frozenset(data.aggregators),
        pages=tuple(_any_of([word]) for word in data.pages),
    )


def plain(text: str) -> str:
    """Without case and accents."""
    return (
        unicodedata.normalize("NFKD", text.translate(LETTERS))
        .encode("ascii", "ignore")
        .decode()
        .casefold()
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    parts = (re.escape(word).replace(r"\ ", r"[\s_.%'-]*(?:20)?") for word in words)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(parts)})")
