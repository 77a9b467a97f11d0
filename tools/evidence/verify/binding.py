"""Which scope, year, direction or basis belongs to which number of a sentence.

Sentences name these either before the numbers ("Scope 1: 111 kt, Scope 2: 35 kt") or after them
("111 kt in Scope 1 and 35 kt in Scope 2"). Which of the two a sentence does is told by what it
begins with; a mention right behind a number, in brackets or after "in", always belongs to it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tools.evidence.verify.mentions import Mentions, Quantity, Year
from tools.evidence.verify.vocabulary import Mark

AMBIGUOUS = "?"
_SENTENCE_END = re.compile(r"(?<=[a-z\d)%’'\"”][.!?])\s+(?=[A-Z“\"(])|[;\n]\s*")
_BEHIND = re.compile(
    r"^\s*(?:\(|in\s+(?:the\s+)?(?:fiscal\s+|financial\s+)?(?:year\s+)?(?:20\d\d\s+)?|for\s+|of\s+|"
    r"from\s+|reduction\s+(?:in|of)\s+|lower\s+|higher\s+|:\s*)?$",
    re.IGNORECASE,
)
_RESPECTIVELY = re.compile(r"\b(?:respectively|jeweils|beziehungsweise)\b", re.IGNORECASE)
_FAR = 400


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a text that is read as one statement."""

    start: int
    end: int


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Cut a text at full stops that are followed by a capital, at semicolons and line breaks."""
    cuts = [(m.start(), m.end()) for m in _SENTENCE_END.finditer(text)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    return tuple(Sentence(s, e) for s, e in zip(starts, ends, strict=True) if e > s)


def sentence_at(text: str, position: int) -> Sentence:
    """The sentence a character belongs to."""
    for sentence in sentences(text):
        if position < sentence.end:
            return sentence
    return Sentence(0, len(text))


def bound_value(marks: Sequence[Mark], number: Quantity, mentions: Mentions) -> str | None:
    """The value of the mark that belongs to a number; None without marks, "?" where unclear."""
    here = sentence_at(mentions.text, number.start)
    marks = _of_same_bracket(marks, number, mentions)
    inside = [m for m in marks if here.start <= m.start < here.end]
    values = {m.value for m in inside or marks}
    if len(values) <= 1:
        return values.pop() if values else None
    if not inside:
        before = [m for m in marks if m.end <= number.start and number.start - m.end < _FAR]
        return before[-1].value if before else AMBIGUOUS
    return _among(inside, number, mentions, here)


def _among(
    inside: Sequence[Mark], number: Quantity, mentions: Mentions, here: Sentence
) -> str | None:
    """Which of several marks of a sentence a number goes with."""
    if _RESPECTIVELY.search(mentions.text[here.start : here.end]):
        return AMBIGUOUS
    behind = [m for m in inside if m.start >= number.end]
    if behind and _BEHIND.match(mentions.text[number.end : behind[0].start]):
        return behind[0].value
    ahead = [m for m in inside if m.end <= number.start]
    numbers = [q for q in mentions.quantities if here.start <= q.start < here.end]
    numbers_first = numbers[0].start < inside[0].start
    order = [*behind[:1], *ahead[-1:]] if numbers_first else [*ahead[-1:], *behind[:1]]
    return order[0].value if order else AMBIGUOUS


def _of_same_bracket(marks: Sequence[Mark], number: Quantity, mentions: Mentions) -> Sequence[Mark]:
    """What stands in brackets with a number of its own is said of that number alone."""
    own = _bracket(mentions.text, number.start)
    if own is not None:
        within = [m for m in marks if own[0] <= m.start < own[1]]
        if within:
            return within
    kept = []
    for mark in marks:
        bracket = _bracket(mentions.text, mark.start)
        foreign = bracket is not None and bracket != own
        if (
            foreign
            and bracket
            and any(bracket[0] <= q.start < bracket[1] for q in mentions.quantities)
        ):
            continue
        kept.append(mark)
    return kept


def _bracket(text: str, at: int) -> tuple[int, int] | None:
    return next((span for span in _brackets(text) if span[0] <= at < span[1]), None)


@lru_cache(maxsize=4096)
def _brackets(text: str) -> tuple[tuple[int, int], ...]:
    return tuple((m.start(), m.end()) for m in re.finditer(r"\([^()]*\)", text))


def bound_year(mentions: Mentions, number: Quantity, role: str) -> Year | str | None:
    """The year of a role that belongs to a number: plain years, target years or base years."""
    years = [y for y in mentions.years if y.role == role]
    marks = [Mark(y.start, y.end, str(index)) for index, y in enumerate(years)]
    by_value: dict[int, str] = {}
    for index, year in enumerate(years):
        by_value.setdefault(year.value, str(index))
    merged = [Mark(m.start, m.end, by_value[years[int(m.value)].value]) for m in marks]
    found = bound_value(merged, number, mentions)
    if found is None or found == AMBIGUOUS:
        return found
    return years[int(found)]
