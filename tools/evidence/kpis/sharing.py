"""Values that a sentence deals out in order: "Scope 1 and 2 emissions were 5 t and 7 t,
respectively".

Each value is read by itself first, and then speaks of what was named last. Here the values get
what they stand for, or are given up where the sentence does not tell in one way only.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from tools.evidence.kpis.labels import Basis, tokens
from tools.evidence.kpis.observation import Observation
from tools.evidence.kpis.sentences import YEAR

Group = list[Observation]
"""A value and the values of other years in brackets behind it."""

_RESPECTIVELY = re.compile(r"\brespec\W{0,5}tively\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^)]*\)")
_BASES = re.compile(r"\b(market|location)[- ](?:based|oriented)", re.IGNORECASE)
_SUMS = ("scope_1_2", "scope_1_2_3")


def dealt_out(groups: Sequence[Group], text: str, first: int) -> list[Observation]:
    """The sightings of a sentence; `first` is where its first value begins.

    Values of the same thing and year that differ cannot all be right: they are kept only where
    the sentence says "respectively" and names as many scopes, bases or years as it has values.
    """
    everything = [observation for group in groups for observation in group]
    mains = [group[0] for group in groups if group]
    said = _RESPECTIVELY.search(text) is not None
    if len(mains) == 1:
        return [] if said and mains[0].kpi in _SUMS else everything
    if not said or len({_what(main) for main in mains}) == len(mains):
        return everything
    count = len(mains)
    plain = _BRACKETS.sub(" ", text)
    scopes = _scopes(text[:first]) if all(m.kpi.startswith("scope_") for m in mains) else []
    bases = [_basis(found) for found in _BASES.findall(plain)]
    years = [int(year) for year in dict.fromkeys(YEAR.findall(plain))]
    lists = [found for found in (scopes, bases, years) if len(found) == len(set(found)) == count]
    if len(lists) != 1 or len({main.kpi for main in mains}) > 1:
        return []
    if lists[0] is years:
        return [replace(m, year=y, year_stated=True) for m, y in zip(mains, years, strict=True)]
    if lists[0] is scopes:
        pairs = zip(groups, scopes, strict=True)
        return [_of_scope(o, scope) for group, scope in pairs for o in group]
    return [
        replace(o, basis=basis) for group, basis in zip(groups, bases, strict=True) for o in group
    ]


def _what(observation: Observation) -> tuple[str, int, Basis | None, str]:
    return observation.kpi, observation.year, observation.basis, observation.boundary


def _scopes(text: str) -> list[str]:
    """The single scopes a text lists, in its order ("Scope 1, 2 and 3", "Scope 1 and Scope 2")."""
    found = [word for word, _, _ in tokens(text) if re.fullmatch(r"scope_[123]+", word)]
    return [f"scope_{digit}" for word in found for digit in word.removeprefix("scope_")]


def _basis(word: str) -> Basis:
    return "market" if word.casefold() == "market" else "location"


def _of_scope(observation: Observation, scope: str) -> Observation:
    basis = observation.basis if scope == "scope_2" else None
    return replace(observation, kpi=scope, label=scope.replace("scope_", "Scope "), basis=basis)
