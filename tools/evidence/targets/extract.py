"""Finding the targets a statement states."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.evidence.targets.data import Kind, wording
from tools.evidence.targets.statements import Statement
from tools.evidence.verify.mentions import Mentions, Quantity, Year, read_mentions
from tools.evidence.verify.vocabulary import vocabulary

_DOWN = re.compile(
    r"\b(?:reduc\w+|decreas\w+|cut(?:s|ting)?|lower\w*|less|fewer|halv\w+|minus|savings?|sav(?:e|ing)|declin\w+|"
    r"senk\w+|reduzier\w+)\b",
    re.IGNORECASE,
)
_UP = re.compile(r"\b(?:increas\w+|rais\w+|grow\w*|expand\w*|higher|improv\w+)\b", re.IGNORECASE)
_PER_YEAR = re.compile(
    r"\b(?:per year|a year|annually|each year|every year|per annum|p\.a\.|pro jahr|jährlich|"
    r"compared (?:to|with) the previous year)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|our|us|ourselves|the (?:company|group)(?:'s|’s)?|wir|unsere?r?)\b", re.IGNORECASE
)
_BRACKET_YEAR = re.compile(r"(?<!term )[(\[](?:before |by |until )?(20[2-9]\d)[)\]]")
_ATTACHED_BEFORE = re.compile(
    r"(?:\bby|\bof|\bto|\bemissions?|\bleast|\bover|\btarget:?|[-–−>≥:,]|\baround|\bup to|\(\s?[-–−])\s*(?:an? |about |at least |more than |some |total of |\d+(?:[.,]\d+)?\s?%?\s?(?:-|–|to)\s?)*$",
    re.IGNORECASE,
)
_ATTACHED_AFTER = re.compile(
    r"^\s*(?:%|percent|per cent)?\)?\s*(?:absolute |linear |average |further )*(?:reduc\w+|lower|less|decreas\w+|cut|savings?|by\b|until\b|on average|compared)",
    re.IGNORECASE,
)
_FORMERLY = re.compile(
    r"\b(?:previous(?:ly)?|formerly|originally|instead of|up from|raised from|before)\b[^%]{0,12}$",
    re.IGNORECASE,
)
_UNSETTLED = re.compile(
    r"\b(?:defin\w+|develop\w*|finali[sz]\w+|publish\w*|prepar\w+|submit\w*|measures?)\b",
    re.IGNORECASE,
)
_HEAD_YEAR = re.compile(
    r"(?:near|short|medium|long)[- ]term\s*[(\[]?\s*(?:before |by |until )?(20[2-9]\d)[)\]]?"
    r"|targets? (?:for|by|until) (20[2-9]\d)\s*:?",
    re.IGNORECASE,
)
_HEAD_BASE = re.compile(
    r"\b(?:compared (?:with|to)|base(?:line)?(?: year)?|versus|vs\.?)\s*(?:in )?(20[01]\d|202\d)",
    re.IGNORECASE,
)
_HEAD_AIM = re.compile(
    r"\b(?:targets?|goals?|objectives?|ambitions?|commitments?|strategic goal|roadmap|ziele?)\b",
    re.IGNORECASE,
)
_SUPPLIERS = re.compile(
    r"\b(?:suppliers?|partners?|customers?|tenants?|banks?|companies)\b.{0,60}\b(?:SBTi|science[- ]based|net[- ]?zero|neutral)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%\s?)?(?:-|–|to)\s?$")
_FIRM = re.compile(
    r"\b(?:targets?|goals?|aim\w*|commit\w*|ambition\w*|pledge\w*|is to become)\b", re.IGNORECASE
)
_WORTH = re.compile(
    r"%|per ?cent|\b(?:by|until|to|in|before|fiscal|bis) (?:\w+ ){0,4}20[2-9]\d|net[- ]?zero|neutral|SBTi|"
    r"science[- ]based|submitted|zero (?:net )?emissions|share of|[(\[]20[2-9]\d[)\]]",
    re.IGNORECASE,
)
"""What a statement must hold to be looked at closely."""
_ENVIRONMENT = re.compile(
    r"emission|carbon|\bCO2|CO₂|greenhouse|neutral|net[- ]?zero|renewabl|green (?:electr|power|energy)|"
    r"clean energy|science[- ]based|SBTi|refrigerant|methane|flaring|electric (?:vehicle|car)|\bEVs?\b|"
    r"energy (?:consumption|use|saving|efficiency)|erneuerbar|klima",
    re.IGNORECASE,
)
_PAST_TARGET = re.compile(
    r"\btargets?\b[^.]{0,80}\b(?:achieved|met|reached)\b[^.]{0,60}\b(?:reduction|by|of)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:continuously |steadily |further )?(?:increas\w+|rais\w+|expand\w*)\b.{0,30}\bshare of\b",
    re.IGNORECASE,
)
_NEAR_HEAD = 160
_SENTENCE = 420


@dataclass(frozen=True, slots=True)
class Found:
    """A target with the statement it stands in; `start` and `end` bound it inside the text."""

    statement: Statement
    kind: Kind
    scopes: str | None = None
    base_year: int | None = None
    target_year: int | None = None
    percent: float | None = None
    per_year: bool = False
    status: str | None = None
    start: int = 0
    end: int = 0
    topic: str = ""
    """The words that tell what a target of kind "other" is about."""
    weight: float = 0.0
    """How complete the statement is; the best of several statements is kept."""


def may_state_target(text: str) -> bool:
    """Whether a page is worth cutting into statements."""
    return bool(_WORTH.search(text) and _ENVIRONMENT.search(text))


class Finder:
    """Finds targets in the statements of one report."""

    def __init__(self, report_year: int, names: Sequence[str]) -> None:
        self._year = report_year
        self._names = [name for name in names if len(name) > 1]

    def targets(self, statement: Statement) -> Iterator[Found]:
        """All targets a statement states."""
        text = statement.text
        words = wording()
        if not 12 <= len(text) <= 1200 or not _WORTH.search(text) or not self._own(text):
            return
        mentions = read_mentions(text)
        percents = [
            q for q in mentions.quantities if q.unit and q.unit.name == "%" and not q.points
        ]
        if words.neutrality.search(text):
            yield from self._neutrality(statement, mentions)
        for index, percent in enumerate(percents):
            found = self._percent(statement, mentions, percents, index, percent)
            if found is not None:
                yield found
        if not percents:
            yield from self._without_number(statement, mentions)
        if words.sbti.search(text) or words.sbti.search(statement.before[-_SENTENCE:]):
            yield from self._science_based(statement)

    def _own(self, text: str) -> bool:
        """Whether a statement is the company's own, not of the law or of a scenario."""
        if not wording().foreign.search(text):
            return True
        folded = text.casefold()
        own = _OWN.search(text) or any(name.casefold() in folded for name in self._names)
        return bool(own) and not re.search(r"\bscenario|\bIEA\b|\bNZE\b|\blaw\b", text)

    def _aimed(self, statement: Statement, years: Sequence[Year]) -> bool:
        """Whether a statement tells of an aim: it says so, or a list of targets holds it."""
        if wording().aims.search(statement.text):
            return True
        if any(y.role == "target" and y.value > self._year for y in years):
            return True
        if any(int(m.group(1)) > self._year for m in _BRACKET_YEAR.finditer(statement.text)):
            return True
        head = _HEAD_AIM.search(statement.before[-_NEAR_HEAD:])
        begins = wording().list_verbs.match(statement.text.lstrip("–-• "))
        return bool(head and begins)

    def _percent(
        self,
        statement: Statement,
        mentions: Mentions,
        percents: Sequence[Quantity],
        index: int,
        percent: Quantity,
    ) -> Found | None:
        text = statement.text
        left = percents[index - 1].end if index else 0
        right = percents[index + 1].start if index + 1 < len(percents) else len(text)
        kind = self._kind(statement, left, right)
        if kind is None or _FORMERLY.search(text[: percent.start]):
            return None
        year, explicit = self._target_year(statement, mentions, percent, left, right)
        yearly = bool(_PER_YEAR.search(text[left:right]))
        past = _PAST_TARGET.search(text[: percent.start])
        if year is None and not (yearly and self._aimed(statement, ())) and not past:
            return None
        if not self._is_aim(statement, mentions, year, percent.start, explicit=explicit):
            return None
        if kind in {"reduction_absolute", "reduction_intensity"}:
            if not self._is_reduction(statement, percent, left, right):
                return None
        elif kind == "renewable" and percent.value < 10:
            return None
        share = self._low(percent, text) if self._is_cut(kind, text, percent, left, right) else None
        return Found(
            statement,
            kind,
            scopes=self._scopes(statement, mentions, percent),
            base_year=self._base_year(statement, mentions, percent),
            target_year=year,
            percent=share,
            per_year=yearly,
            status=self._status(text),
            start=left,
            end=right,
            topic=self._about(text),
            weight=self._weight(statement, mentions),
        )

    @staticmethod
    def _is_cut(kind: Kind, text: str, percent: Quantity, left: int, right: int) -> bool:
        """Whether the per cent says how much less, which other targets may leave out."""
        if kind in {"reduction_absolute", "reduction_intensity"}:
            return True
        clause = text[left:right]
        if kind == "renewable" or (_UP.search(clause) and not _DOWN.search(clause)):
            return False
        by = re.search(r"\bby\s+(?:about |at least )?$", text[: percent.start])
        behind = _ATTACHED_AFTER.match(text[percent.end :])
        return bool(percent.signed == "-" or (_DOWN.search(text) and (by or behind)))

    @staticmethod
    def _is_reduction(statement: Statement, percent: Quantity, left: int, right: int) -> bool:
        """Whether the per cent is how much less there is to be, and not a share of something."""
        text = statement.text
        clause = text[left:right]
        lead = statement.before[-_NEAR_HEAD:] + text
        if percent.value < 1 or (percent.value == 100 and wording().neutrality.search(lead)):
            return False
        if re.search(r"\bwith an?\s*$", text[: percent.start]):
            return False
        if _UP.search(clause) and not _DOWN.search(clause):
            return False
        down = _DOWN.search(text) or percent.signed == "-" or _DOWN.search(statement.before[-200:])
        before, after = text[: percent.start], text[percent.end :]
        attached = _ATTACHED_BEFORE.search(before) or _ATTACHED_AFTER.match(after)
        shared = re.match(r"\s*of\b", after) and not re.search(r"\bby\s*$", before)
        return bool(down and attached and not shared)

    def _low(self, percent: Quantity, text: str) -> float:
        """The number itself, or the lower end of a range ("3-4%" is 3)."""
        ranged = _RANGE.search(text[: percent.start])
        return float(ranged.group(1).replace(",", ".")) if ranged else percent.value

    def _kind(self, statement: Statement, left: int, right: int) -> Kind | None:
        """The kind by topic: of the clause first, then of the sentence, then of what leads to it."""
        text = statement.text
        if wording().not_topics.search(text):
            return None
        lead = statement.before[-_NEAR_HEAD:] if len(text) < _NEAR_HEAD else ""
        for part in (text[left:right], text, lead):
            for topic in wording().topics:
                if topic.words.search(part) and (part != lead or topic.kind != "other"):
                    if topic.kind == "reduction_absolute" and self._is_intensity(text):
                        return "reduction_intensity"
                    return topic.kind
        return None

    @staticmethod
    def _is_intensity(text: str) -> bool:
        return any(
            topic.kind == "reduction_intensity" and topic.words.search(text)
            for topic in wording().topics
        )

    def _target_year(
        self,
        statement: Statement,
        mentions: Mentions,
        percent: Quantity,
        left: int,
        right: int,
    ) -> tuple[int | None, bool]:
        """The year by which, and whether the statement itself names it as such."""
        due = [y for y in mentions.years if y.role == "target" and y.value]
        for year in due:
            if percent.end <= year.start < right:
                return year.value, True
        bracket = _BRACKET_YEAR.search(statement.text, percent.start, right)
        if bracket and int(bracket.group(1)) > self._year:
            return int(bracket.group(1)), True
        for year in due:
            if left <= year.start < percent.start:
                return year.value, True
        if len({y.value for y in due}) == 1:
            return due[0].value, True
        ahead = [y.value for y in mentions.years if y.role == "plain" and y.value > self._year]
        if len(set(ahead)) == 1 and wording().aims.search(statement.text):
            return ahead[0], True
        head = list(_HEAD_YEAR.finditer(statement.before[-_NEAR_HEAD:]))
        if head and not due:
            return int(head[-1].group(1) or head[-1].group(2)), False
        return None, False

    def _is_aim(
        self,
        statement: Statement,
        mentions: Mentions,
        year: int | None,
        at: int,
        *,
        explicit: bool,
    ) -> bool:
        text = statement.text
        if year is not None and year <= self._year:
            return bool(re.search(r"\b(?:target|goal|ambition)s?\b", text, re.IGNORECASE))
        if year is None and _PAST_TARGET.search(text[:at]):
            return True
        result = wording().results.search(text, 0, at)
        if result and not wording().aims.search(text, 0, at):
            return False
        return self._aimed(statement, mentions.years) or not explicit

    def _base_year(self, statement: Statement, mentions: Mentions, percent: Quantity) -> int | None:
        bases = [y for y in mentions.years if y.role == "base" and 1990 < y.value <= self._year + 1]
        after = [y for y in bases if y.start >= percent.start]
        if bases:
            return (after or bases)[0].value
        head = list(_HEAD_BASE.finditer(statement.before[-_NEAR_HEAD:]))
        return int(head[-1].group(1)) if head else None

    def _scopes(
        self, statement: Statement, mentions: Mentions, percent: Quantity | None
    ) -> str | None:
        marks = mentions.scopes
        if marks:
            if percent is None:
                return self._union([m.value for m in marks])
            before = [m for m in marks if m.end <= percent.start]
            behind = statement.text[percent.end : marks[0].start]
            if before or not re.search(r"\band\b", behind):
                return (before[-1] if before else marks[0]).value
        text = statement.text if percent is None else statement.text[: percent.end + 80]
        if re.search(
            r"\b(?:entire |whole )?value chain\b|wertschöpfungskette", text, re.IGNORECASE
        ):
            return "1+2+3"
        if re.search(r"\bsupply chain\b|\blieferkette\b", text, re.IGNORECASE):
            return "3"
        if re.search(
            r"\b(?:own|our|business) (?:business )?operations\b|\bproduction\b", text, re.IGNORECASE
        ):
            return "1+2"
        return None

    @staticmethod
    def _union(values: Sequence[str]) -> str:
        return "+".join(sorted({part for value in values for part in value.split("+")}))

    def _status(self, text: str) -> str | None:
        found = wording().status_words.search(text)
        return found.group() if found else None

    @staticmethod
    def _about(text: str) -> str:
        found = next((m for t in wording().topics if (m := t.words.search(text))), None)
        return found.group().casefold() if found else ""

    def _weight(self, statement: Statement, mentions: Mentions) -> float:
        """Prefer whole sentences that name base year, scopes and aim; not much longer ones."""
        text = statement.text
        weight = 2.0 * any(y.role == "base" for y in mentions.years)
        weight += 1.5 * bool(mentions.scopes) + 1.0 * bool(wording().aims.search(text))
        weight += 0.5 * text.endswith(".") - len(text) / 400
        return weight - statement.page / 10_000

    def _neutrality(self, statement: Statement, mentions: Mentions) -> Iterator[Found]:
        words = wording()
        text = words.neutrality_not.sub(lambda m: " " * len(m.group()), statement.text)
        anchors = list(words.neutrality.finditer(text))
        if not anchors or _SUPPLIERS.search(text):
            return
        anchor = anchors[0]
        year = self._neutral_year(statement, mentions, anchor)
        strong = re.search(
            r"\b(?:to become|to be|target of|goal of|aim(?:s|ing)? (?:to|for|at)|achiev\w+|reach\w*|committed to|becom\w+)\b",
            text[max(0, anchor.start() - 70) : anchor.start()],
            re.IGNORECASE,
        )
        if not self._aimed(statement, mentions.years) or words.results.search(text):
            return
        if vocabulary().negations(text) and not re.search(r"\bnot yet\b", text):
            return
        if year is None and not (strong and _FIRM.search(text)):
            return
        yield Found(
            statement,
            "net_zero",
            scopes=self._scopes(statement, mentions, None),
            target_year=year,
            status=self._status(statement.text),
            end=len(statement.text),
            weight=self._weight(statement, mentions)
            + 2.0 * bool(strong)
            + 2.0 * (year is not None),
        )

    def _neutral_year(
        self, statement: Statement, mentions: Mentions, anchor: re.Match[str]
    ) -> int | None:
        """The year by which to be neutral: beside the word, or due after it with no per cent
        and no other step ("a roadmap is to be finalised by") in between."""
        text = statement.text
        percents = [q.start for q in mentions.quantities if q.unit and q.unit.name == "%"]
        near: list[tuple[int, int]] = []
        for year in mentions.years:
            if year.value <= self._year or year.role == "base":
                continue
            low, high = anchor.end(), year.start
            if year.end <= anchor.start():
                low, high = year.end, anchor.start()
            if any(low <= p < high for p in percents) or _UNSETTLED.search(text[low:high]):
                continue
            behind = year.start > anchor.start()
            if year.role == "target" or high - low <= (45 if behind else 3):
                near.append((high - low + (0 if behind or high - low <= 3 else 1000), year.value))
        if near:
            return min(near)[1]
        head = list(_HEAD_YEAR.finditer(statement.before[-80:]))
        return int(head[-1].group(1) or head[-1].group(2)) if head and len(text) < 120 else None

    def _without_number(self, statement: Statement, mentions: Mentions) -> Iterator[Found]:
        """Targets with a year but no per cent: "… to renewable energy by 2050"."""
        text = statement.text
        topics = [t for t in wording().topics if t.words.search(text)]
        if not topics or wording().not_topics.search(text):
            return
        topic = topics[0]
        if topic.kind == "renewable" and len(text) < _NEAR_HEAD and _VAGUE.match(text):
            yield Found(statement, topic.kind, end=len(text), weight=-1.0)
            return
        due = [y for y in mentions.years if y.role == "target" and y.value > self._year]
        if topic.name == "single sources":
            due = due or [y for y in mentions.years if y.role == "plain" and y.value > self._year]
        if not due or not wording().aims.search(text) or wording().neutrality.search(text):
            return
        if topic.name not in {"renewable energy", "single sources"}:
            return
        if not wording().list_verbs.search(text) and not re.search(
            r"\b(?:keep|kept|own|lease|build|phase|replace|install|equip|electrif\w+|will be)\b",
            text,
        ):
            return
        yield Found(
            statement,
            topic.kind,
            scopes=None,
            base_year=None,
            target_year=due[0].value,
            status=self._status(text),
            end=len(text),
            topic=self._about(text),
            weight=self._weight(statement, mentions),
        )

    def _science_based(self, statement: Statement) -> Iterator[Found]:
        text = statement.text
        named = wording().sbti.search(text)
        lead = "" if named else statement.before[-_SENTENCE:]
        own = (
            _OWN.search(lead + text)
            or re.search(r"\b(?:near|long)-term targets?\b|\bclimate targets?\b", text)
            or any(n.casefold() in (lead + text).casefold() for n in self._names)
        )
        if _SUPPLIERS.search(text) or not own:
            return
        for rank, status in enumerate(wording().sbti_status):
            match = status.pattern.search(text)
            if match is None or (not named and status.word != "not submitted"):
                continue
            hoped = re.search(
                r"\b(?:aim\w*|plan\w*|will|expect\w*|intend\w*|seek\w*|for|to)\b[^.]{0,40}$",
                text[: match.start()],
                re.IGNORECASE,
            )
            if rank == 0 and hoped:
                continue
            yield Found(
                statement,
                "sbti_status",
                status=match.group(),
                end=len(text),
                weight=10.0 - rank - statement.page / 1000,
            )
            return
