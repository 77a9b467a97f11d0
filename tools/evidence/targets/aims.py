"""What tells an aim of the company itself: its words, its subject and its topic."""

import re
from dataclasses import dataclass

from tools.evidence.targets.data import Kind, wording
from tools.evidence.targets.statements import Statement
from tools.evidence.verify.mentions import Mentions

OWN = re.compile(
    r"\band (?:will|aims?|wants?|plans?)\b|\bthe company\b|"
    r"\b(?:we|our|us|ourselves|itself|group|wir|uns|unsere?[rsnm]?)\b"
)
TARGET_NOUN = re.compile(r"\b(?:target|goal|ambition|objective|ziel)s?\b")
_LIST_HEAD = re.compile(
    r"\b(?:targets?|goals?|objectives?|ambitions?|commitments?|roadmap|milestones?|ziele?)\b"
)
_ITEM = re.compile(r"[\d>≥<]|scopes? \d|(?:\w+ ){1,3}(?:division|segment|group): ")
_BRACKET = re.compile(r"[(\[](?:before |by |until )?20[2-9]\d[)\]]")
_OTHERS = re.compile(r"scenario|law|would")
_MARKS = "–-•> "
_HEAD = 170
"""Characters before a statement in which a heading is looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement with the numbers, years and scopes it mentions.

    `report_year` is about the year the report is on; `in_list` tells that the page holds a list
    of targets, whose items need no word of aiming.
    """

    statement: Statement
    mentions: Mentions
    report_year: int
    in_list: bool

    @property
    def text(self) -> str:
        """The statement in small letters."""
        return self.statement.text

    @property
    def item(self) -> str:
        """The text without the mark of a list."""
        return self.text.lstrip(_MARKS)

    def is_aim(self) -> bool:
        """Whether the statement says that it is an aim, or is an item of a list of aims."""
        words = wording()
        if words.aims.search(self.text):
            return True
        if not self.in_list and not _LIST_HEAD.search(self.statement.before[-_HEAD:]):
            return False
        if not self.statement.sentence and _BRACKET.search(self.text):
            return True
        return bool(words.list_verbs.match(self.item) or _ITEM.match(self.item))

    def status(self) -> str | None:
        """The words on where the target stands."""
        found = wording().status_words.search(self.text)
        return found.group() if found else None

    def weight(self) -> float:
        """Prefers statements that name base year, scopes and aim, and short ones among them."""
        weight = 2.0 * any(year.role == "base" for year in self.mentions.years)
        weight += 1.5 * bool(self.mentions.scopes) + 0.5 * self.statement.sentence
        return weight + bool(wording().aims.search(self.text)) - len(self.text) / 300

    def kind(self, left: int, right: int) -> Kind | None:
        """By the topic of a clause, then of the statement, then of the words before it."""
        for part in (self.text[left:right], self.text):
            kind = wording().kind_of(part)
            if kind is not None:
                return _sharper(kind, self.text)
        if wording().beside.search(self.text):
            return None
        before = self.statement.before[-_HEAD:]
        kind = wording().kind_of(before)
        return None if kind in {None, "other"} else _sharper(kind, before)


def is_own(text: str, at: int) -> bool:
    """Whether what is said at `at` is the company's own, not of the law or of others."""
    foreign = list(wording().foreign.finditer(text, 0, at))
    if not foreign:
        return True
    last = foreign[-1]
    return bool(OWN.search(text, last.end(), at)) and not _OTHERS.search(last[0])


def is_intensity(text: str) -> bool:
    """Whether a text speaks of emissions for a unit of something."""
    intensity = next(t for t in wording().topics if t.kind == "reduction_intensity")
    return bool(intensity.words.search(text)) and "absolute" not in text


def _sharper(kind: Kind | None, text: str) -> Kind | None:
    if kind == "reduction_absolute" and is_intensity(text):
        return "reduction_intensity"
    return kind
