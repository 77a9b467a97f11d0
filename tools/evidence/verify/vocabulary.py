"""The words that decide what a sentence says, read from `vocabulary.yaml` and compiled."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict


class _Subject(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    kpis: tuple[str, ...]
    words: tuple[str, ...]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    directions: dict[str, tuple[str, ...]]
    negations: tuple[str, ...]
    harmless_negations: tuple[str, ...]
    contrasts: dict[str, dict[str, tuple[str, ...]]]
    only_for: dict[str, str]
    both_ways: tuple[str, ...]
    subjects: dict[str, _Subject]
    also_about: dict[str, tuple[str, ...]]
    needs: dict[str, tuple[str, ...]]
    counts: dict[str, int | None]
    small: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A deciding word in a text: its place and what it stands for."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The compiled vocabulary; texts are searched without regard to case."""

    data: _File
    direction_patterns: dict[str, re.Pattern[str]]
    contrast_patterns: dict[str, dict[str, re.Pattern[str]]]
    subject_patterns: dict[str, re.Pattern[str]]
    need_patterns: dict[str, re.Pattern[str]]
    negation: re.Pattern[str]
    harmless: re.Pattern[str]

    def directions(self, text: str) -> list[Mark]:
        """Words for up, down and unchanged, in order."""
        return _marks(self.direction_patterns, text)

    def contrasts(self, group: str, text: str) -> list[Mark]:
        """Words of one contrast group, in order; none where the text is about something else."""
        subject = self.data.only_for.get(group)
        if subject is not None and not self.subject_patterns[subject].search(text):
            return []
        return _marks(self.contrast_patterns[group], text)

    def subjects(self, text: str) -> frozenset[str]:
        """What a text is about: emissions, energy, water …"""
        return frozenset(n for n, p in self.subject_patterns.items() if p.search(text))

    def subjects_of(self, kpi: str) -> frozenset[str]:
        """What a KPI is about, by its id."""
        own = {
            name
            for name, subject in self.data.subjects.items()
            if any(fnmatchcase(kpi, pattern) for pattern in subject.kpis)
        }
        for pattern, more in self.data.also_about.items():
            if fnmatchcase(kpi, pattern):
                own |= set(more)
        return frozenset(own)

    def negations(self, text: str) -> list[Mark]:
        """Words that turn the statement round, without those that do not really."""
        plain = self.harmless.sub(lambda m: " " * len(m.group()), text)
        return [
            Mark(m.start(), m.end(), "negation")
            for m in self.negation.finditer(plain)
            if not (m.group().casefold() == "no" and plain[m.end() : m.end() + 1] == ".")
        ]

    def is_known(self, word: str) -> bool:
        """Whether a word is one of the vocabulary's own (small words, subjects, directions)."""
        if word in self.data.small or word in self.data.counts:
            return True
        patterns = [
            *self.subject_patterns.values(),
            *self.direction_patterns.values(),
            self.negation,
        ]
        return any(pattern.fullmatch(word) for pattern in patterns)


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Read and compile `vocabulary.yaml`; a mistake in it raises pydantic's ValidationError."""
    text = files(__package__).joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    data = _File.model_validate(yaml.safe_load(text))
    return Vocabulary(
        data=data,
        direction_patterns={k: _pattern(v) for k, v in data.directions.items()},
        contrast_patterns={
            group: {member: _pattern(words) for member, words in members.items()}
            for group, members in data.contrasts.items()
        },
        subject_patterns={k: _pattern(s.words) for k, s in data.subjects.items()},
        need_patterns={k: _pattern(v) for k, v in data.needs.items()},
        negation=_pattern(data.negations),
        harmless=_pattern(data.harmless_negations),
    )


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_word(word) for word in ordered), re.IGNORECASE)


def _word(word: str) -> str:
    body = re.sub(r"(?:\\ )+", r"[\\s-]+", re.escape(word.rstrip("*"))).replace(r"\*", r"\w*")
    before = r"(?<![\w])" if word[0].isalnum() else ""
    if word.endswith("*"):
        return rf"{before}{body}\w*"
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{before}{body}{after}"


def _marks(patterns: dict[str, re.Pattern[str]], text: str) -> list[Mark]:
    def every() -> Iterator[Mark]:
        for value, pattern in patterns.items():
            for match in pattern.finditer(text):
                yield Mark(match.start(), match.end(), value)

    return sorted(every(), key=lambda m: m.start)
