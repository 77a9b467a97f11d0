"""What a question asks for: concepts of the field, other words, and whether it wants a figure."""

import re
from dataclasses import dataclass

from tools.library.lexicon import Concept, Lexicon
from tools.library.stems import stems

_YEAR = re.compile(r"\b(?:FY\s*)?(?:19|20)\d\d\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*")
_ASKS, _SAYS, _HINTS = 1.0, 0.9, 0.25
_OVERSHADOWED = 0.35
"""Weight of a concept named only inside the longer name of another ("emissions" in "Scope 1
emissions")."""
_WORD_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to look for: phrases as stems, each with its weight."""

    weight: float
    phrases: tuple[tuple[tuple[str, ...], float], ...]
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question taken apart."""

    wanted: tuple[Wanted, ...]
    for_figures: bool
    for_index: bool
    """Asks about a framework's content index, which other questions must not be led to."""


def analyse(question: str, lexicon: Lexicon) -> Query:
    """Take a question apart; years do not tell pages of one report apart and are left out."""
    text = _YEAR.sub(" ", question)
    asked = stems(text)
    named = {
        concept: hits
        for concept in lexicon.concepts
        if (hits := [phrase for phrase in map(stems, concept.asks) if _within(phrase, asked)])
    }
    wanted = [_concept(concept, hits, named) for concept, hits in named.items()]
    covered = {stem for hits in named.values() for phrase in hits for stem in phrase}
    for word in dict.fromkeys(_WORD.findall(text)):
        parts = stems(word)
        if word.lower() in lexicon.ignore or len(word) < 2 or covered.issuperset(parts):
            continue
        wanted.append(Wanted(_WORD_WEIGHT, ((parts, _ASKS),)))
    return Query(
        wanted=tuple(wanted),
        for_figures=any(want.figures and want.weight > _OVERSHADOWED for want in wanted)
        or any(_within(stems(words), asked) for words in lexicon.figure_words),
        for_index=any(concept.id == "frameworks" for concept in named),
    )


def _concept(
    concept: Concept,
    hits: list[tuple[str, ...]],
    named: dict[Concept, list[tuple[str, ...]]],
) -> Wanted:
    longest = max(hits, key=len)
    overshadowed = any(
        len(phrase) > len(longest) and _within(longest, phrase)
        for other, phrases in named.items()
        if other is not concept
        for phrase in phrases
    )
    lists = ((concept.asks, _ASKS), (concept.says, _SAYS), (concept.hints, _HINTS))
    weights: dict[tuple[str, ...], float] = {}
    for phrases, weight in lists:
        for phrase in phrases:
            weights.setdefault(stems(phrase), weight)
    return Wanted(
        _OVERSHADOWED if overshadowed else 1.0, tuple(weights.items()), figures=concept.figures
    )


def _within(phrase: tuple[str, ...], text: tuple[str, ...]) -> bool:
    size = len(phrase)
    return size > 0 and any(
        text[start : start + size] == phrase for start in range(len(text) - size + 1)
    )
