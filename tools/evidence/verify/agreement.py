"""Whether a number of a claim and a number of its quote are said of the same thing.

Beside value and unit everything that stands with the number is compared: "by" or "to", "at
least", scope, basis and other contrasts, subject, direction, years.
"""

import re
from functools import lru_cache
from itertools import pairwise

from tools.evidence.units import Unit, parse_unit
from tools.evidence.verify.binding import AMBIGUOUS, bound_value, bound_year
from tools.evidence.verify.mentions import (
    Mentions,
    Quantity,
    Year,
    equal_values,
    read_mentions,
    same_unit,
)
from tools.evidence.verify.outcome import NotBorneOutError, Outcome
from tools.evidence.verify.support import Support
from tools.evidence.verify.vocabulary import Mark, vocabulary
from tools.evidence.verify.words import stems

_NEAR = 28
_CLAUSE = re.compile(r"[;:]\s|,\s(?!\d)|\s(?:and|while|whereas|but|und|während)\s", re.IGNORECASE)
_TWO_ROLES = {"target": ("target", "plain"), "base": ("base", "plain"), "plain": ("plain",)}


def agree(ours: Quantity, claim: Mentions, theirs: Quantity, support: Support) -> None:
    same_print = ours.printed == theirs.printed
    unit = theirs.unit or _unit_elsewhere(ours, support)
    equal = equal_values(ours, theirs.value, unit, step=theirs.step)
    if not equal and not (same_print and _units_agree(ours, theirs)):
        outcome = Outcome.NUMBER_NOT_BORNE_OUT
        if same_print:
            outcome = Outcome.UNIT_NOT_BORNE_OUT
        raise NotBorneOutError(outcome, f"{ours.printed} has another unit or value in the quote.")
    if (ours.unit is not None) != (unit is not None) and not (ours.unit is None and _plain(unit)):
        raise NotBorneOutError(
            Outcome.UNIT_NOT_BORNE_OUT, f"The unit of {ours.printed} is not that of the quote."
        )
    if ours.points != theirs.points:
        raise NotBorneOutError(
            Outcome.UNIT_NOT_BORNE_OUT, "Per cent and percentage points are not the same."
        )
    counted = ours.unit is None and theirs.unit is None and ours.noun and theirs.noun
    if counted and ours.noun[:5] not in {theirs.noun[:5], *stems([support.text])}:
        raise NotBorneOutError(
            Outcome.WORD_NOT_BORNE_OUT, f"{ours.printed} counts something else in the quote."
        )
    _agree_lead(ours, theirs)
    _agree_bound(ours, claim, theirs, support)
    _agree_scope(ours, claim, theirs, support)
    _agree_contrasts(ours, claim, theirs, support)
    _agree_subject(ours, claim, theirs, support)
    _agree_direction(ours, claim, theirs, support)
    _agree_years(ours, claim, theirs, support)
    _agree_kept(ours, claim, theirs, support)


def _plain(unit: Unit | None) -> bool:
    return unit is not None and unit.dimension != "share"


def _units_agree(ours: Quantity, theirs: Quantity) -> bool:
    if ours.unit is None or theirs.unit is None:
        return ours.unit is None and theirs.unit is None
    return ours.unit.name == theirs.unit.name and ours.step == theirs.step


def _unit_elsewhere(ours: Quantity, support: Support) -> Unit | None:
    """The unit of a bare quoted number, where the quote prints one unit of its kind ("in kt")."""
    if ours.unit is None:
        return None
    found = {
        unit.name: unit
        for unit in _printed_units(support.text)
        if same_unit(unit, ours.unit) and unit.name != "%"
    }
    return next(iter(found.values())) if len(found) == 1 else None


@lru_cache(maxsize=1024)
def _printed_units(text: str) -> tuple[Unit, ...]:
    """Units in brackets, after "in", and behind numbers."""
    texts = re.findall(r"\(([^()]{1,40})\)", text)
    texts += re.findall(r"\bin\s+([^\s,;:()]+(?:\s[^\s,;:()\d]+)?)", text)
    units = [unit for found in texts for unit in [parse_unit(found.strip())] if unit]
    units += [q.unit for q in read_mentions(text).quantities if q.unit is not None]
    return tuple(units)


def _agree_lead(ours: Quantity, theirs: Quantity) -> None:
    if ours.lead == theirs.lead:
        return
    change = ours.points or (ours.unit is not None and ours.unit.name == "%")
    both = bool(ours.lead and theirs.lead)
    if (change and "to" in (ours.lead, theirs.lead)) or both or (not change and ours.lead == "by"):
        raise NotBorneOutError(
            Outcome.WORD_NOT_BORNE_OUT, f"A change by and a change to {ours.printed} differ."
        )


def comparators(text: str, at: int) -> set[str]:
    """“At least”, “over”, “about” and the like right before a number."""
    before = text[max(0, at - _NEAR) : at]
    marks = vocabulary().contrasts("bound", before)
    return {m.value for m in marks if not re.search(r"\d|[.;,:]", before[m.end :])}


def _agree_bound(ours: Quantity, claim: Mentions, theirs: Quantity, support: Support) -> None:
    said = comparators(claim.text, ours.start) - {"about"}
    printed = comparators(support.text, theirs.start) - {"about"}
    if said != printed:
        raise NotBorneOutError(
            Outcome.WORD_NOT_BORNE_OUT,
            f"“At least”, “up to” and the like differ before {ours.printed}.",
        )


def _agree_scope(ours: Quantity, claim: Mentions, theirs: Quantity, support: Support) -> None:
    said = bound_value(claim.scopes, ours, claim)
    printed = bound_value(support.mentions.scopes, theirs, support.mentions)
    if AMBIGUOUS in (said, printed) and claim.scopes:
        raise NotBorneOutError(
            Outcome.AMBIGUOUS, f"It is not clear which scope {ours.printed} belongs to."
        )
    if said is not None and said != printed:
        raise NotBorneOutError(
            Outcome.SCOPE_NOT_BORNE_OUT, f"{ours.printed} is not the figure of Scope {said}."
        )
    amount = ours.unit is not None and ours.unit.dimension in {"emissions", "mass"}
    if said is None and printed is not None and amount:
        raise NotBorneOutError(
            Outcome.AMBIGUOUS, f"{ours.printed} is of Scope {printed} only, which is not said."
        )


def _agree_contrasts(ours: Quantity, claim: Mentions, theirs: Quantity, support: Support) -> None:
    """Where a quote holds both sides ("women 23 %, men 77 %"), the number keeps its own."""
    words = vocabulary()
    for group in words.contrast_patterns:
        if group in {"bound", "progress", "quantity", "modal"}:
            continue
        said = bound_value(words.contrasts(group, claim.text), ours, claim)
        if said is None:
            continue
        marks = words.contrasts(group, support.text)
        printed = bound_value(marks, theirs, support.mentions)
        if printed is None or said == printed:
            continue
        outcome = Outcome.WORD_NOT_BORNE_OUT
        if group == "basis":
            outcome = Outcome.BASIS_NOT_BORNE_OUT
        if AMBIGUOUS in (said, printed):
            outcome = Outcome.AMBIGUOUS
        raise NotBorneOutError(outcome, f"{ours.printed} is not the figure of “{said}”.")


def _agree_subject(ours: Quantity, claim: Mentions, theirs: Quantity, support: Support) -> None:
    """The number is of the same thing: of water, of energy, of emissions …"""
    said = _clause_subjects(claim.text, ours.start)
    printed = _clause_subjects(support.text, theirs.start)
    if said and printed and not said & printed:
        raise NotBorneOutError(
            Outcome.SUBJECT_NOT_BORNE_OUT,
            f"{ours.printed} is about {', '.join(sorted(printed))} in the quote.",
        )


def _clause_subjects(text: str, at: int) -> frozenset[str]:
    """What the clause around a number is about, or the nearest clause before it that says so."""
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    clauses = [(a, b) for a, b in pairwise(cuts) if b > a]
    index = next((i for i, (_, end) in enumerate(clauses) if at < end), len(clauses) - 1)
    for start, end in reversed(clauses[: index + 1]):
        found = vocabulary().subjects(text[start:end])
        if found:
            return found
    return frozenset()


def directions(mentions: Mentions) -> list[Mark]:
    """Direction words and signs before numbers, in order."""
    signs = [
        Mark(q.start - 1, q.start, "down" if q.signed == "-" else "up")
        for q in mentions.quantities
        if q.signed
    ]
    return sorted([*vocabulary().directions(mentions.text), *signs], key=lambda m: m.start)


def _agree_direction(ours: Quantity, claim: Mentions, theirs: Quantity, support: Support) -> None:
    said = bound_value(directions(claim), ours, claim)
    if said is None:
        return
    printed = bound_value(directions(support.mentions), theirs, support.mentions)
    if AMBIGUOUS in (said, printed):
        raise NotBorneOutError(
            Outcome.AMBIGUOUS, f"It is not clear whether {ours.printed} is up or down."
        )
    if said != printed:
        raise NotBorneOutError(
            Outcome.DIRECTION_NOT_BORNE_OUT,
            f"“{said}” is not borne out for {ours.printed}.",
        )


def _agree_years(ours: Quantity, claim: Mentions, theirs: Quantity, support: Support) -> None:
    for role, printed_roles in _TWO_ROLES.items():
        said = bound_year(claim, ours, role)
        if not isinstance(said, Year) or said.value == 0:
            if said == AMBIGUOUS:
                raise NotBorneOutError(
                    Outcome.AMBIGUOUS, f"It is not clear which year {ours.printed} belongs to."
                )
            continue
        printed = next(
            (
                year
                for other in printed_roles
                if (year := bound_year(support.mentions, theirs, other)) is not None
            ),
            None,
        )
        if printed is None and role == "plain":
            printed = _only_year(support.mentions)
        if printed == AMBIGUOUS:
            raise NotBorneOutError(
                Outcome.AMBIGUOUS, f"It is not clear which year {ours.printed} belongs to."
            )
        if not isinstance(printed, Year) or said.value != year_meant(printed, support.mentions):
            raise NotBorneOutError(
                Outcome.YEAR_NOT_BORNE_OUT, f"{ours.printed} is not the figure of {said.value}."
            )


def _only_year(mentions: Mentions) -> Year | None:
    values = {year.value for year in mentions.years}
    return mentions.years[0] if len(values) == 1 else None


def year_meant(year: Year, mentions: Mentions) -> int:
    """The year itself; "the previous year" is the one before the newest plain year named."""
    if year.value:
        return year.value
    plain = [y.value for y in mentions.years if y.role == "plain" and y.value]
    return max(plain) - 1 if plain else 0


def _agree_kept(ours: Quantity, claim: Mentions, theirs: Quantity, support: Support) -> None:
    """Words that narrow a figure ("intensity", "hazardous") may not be lost on the way."""
    words = vocabulary()
    for group in words.data.both_ways:
        if group == "bound":
            continue
        printed = bound_value(words.contrasts(group, support.text), theirs, support.mentions)
        if printed is None or printed == AMBIGUOUS:
            continue
        if printed == "absolute" and ours.unit is not None:
            continue
        if printed not in {m.value for m in words.contrasts(group, claim.text)}:
            raise NotBorneOutError(
                Outcome.WORD_NOT_BORNE_OUT, f"{ours.printed} is {printed}, which is not said."
            )
