"""Sums a table bears out: Scope 1 + Scope 2, all three scopes, the categories of Scope 3."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tools.evidence.kpis.labels import Basis
from tools.evidence.kpis.observation import Observation

Place = tuple[int, int, int]
"""Page, table on the page, fiscal year."""


def check_sums(observations: Sequence[Observation]) -> list[Observation]:
    """The same observations; those whose sum holds in their own table say so.

    A sum of scopes whose own basis is not printed takes the basis of the Scope 2 it contains.
    """
    by_place: dict[Place, list[Observation]] = defaultdict(list)
    for observation in observations:
        if observation.kpi.startswith("scope"):
            by_place[observation.page, observation.table, observation.year].append(observation)
    changed: dict[int, Observation] = {}
    for group in by_place.values():
        _check(group, changed)
    return [changed.get(id(observation), observation) for observation in observations]


def check_across(observations: Sequence[Observation]) -> list[Observation]:
    """Scope 1 + Scope 2 anywhere in the report equals a total whose basis is not printed.

    Only one basis may fit; the total then takes it.
    """
    parts: dict[tuple[str, int], list[Observation]] = defaultdict(list)
    for observation in observations:
        if observation.kpi in ("scope_1", "scope_2") and observation.exact and observation.clean:
            parts[observation.kpi, observation.year].append(observation)
    result = []
    for observation in observations:
        if observation.kpi == "scope_1_2" and observation.basis is None:
            fitting = {
                two.basis
                for one in parts["scope_1", observation.year]
                for two in parts["scope_2", observation.year]
                if _same_boundary(one, two, observation) and _adds_up((one, two), observation)
            }
            if len(fitting) == 1 and (basis := fitting.pop()) is not None:
                check = f"Scope 1 + Scope 2 ({basis}-based) of the report = {observation.printed}"
                observation = replace(observation, basis=basis).with_check(check)  # noqa: PLW2901 - the checked one takes its place
        result.append(observation)
    return result


def _same_boundary(*observations: Observation) -> bool:
    return len({o.boundary for o in observations if o.boundary}) <= 1


def _check(group: Sequence[Observation], changed: dict[int, Observation]) -> None:
    of: dict[str, list[Observation]] = defaultdict(list)
    for observation in group:
        of[observation.kpi].append(observation)
    for parts, whole, words in (
        (("scope_1", "scope_2"), "scope_1_2", "Scope 1 + Scope 2 = {} on the same table"),
        (
            ("scope_1_2", "scope_3"),
            "scope_1_2_3",
            "Scopes 1 and 2 + Scope 3 = {} on the same table",
        ),
        (
            ("scope_1", "scope_2", "scope_3"),
            "scope_1_2_3",
            "Scope 1 + Scope 2 + Scope 3 = {} on the same table",
        ),
    ):
        for total in of[whole]:
            for members in _choices([of[kpi] for kpi in parts]):
                if _adds_up(members, total):
                    check = words.format(total.printed)
                    basis = next((m.basis for m in members if m.basis), None)
                    _note(total, check, changed, basis)
                    for member in members:
                        _note(
                            member, check, changed, total.basis if member.kpi == "scope_2" else None
                        )
    categories = [o for kpi in of if kpi.startswith("scope_3_") for o in of[kpi]]
    for total in of["scope_3"]:
        if len(categories) >= 3 and _adds_up(categories, total):
            check = f"the {len(categories)} categories add up to {total.printed}"
            for member in [total, *categories]:
                _note(member, check, changed, None)


def _choices(lists: Sequence[Sequence[Observation]]) -> Iterable[tuple[Observation, ...]]:
    """One of each list; few in number because they share table and year."""
    if not lists:
        yield ()
        return
    for first in lists[0][:6]:
        for rest in _choices(lists[1:]):
            yield (first, *rest)


def _adds_up(members: Sequence[Observation], total: Observation) -> bool:
    if total.base <= 0 or any(member.unit is None for member in [*members, total]):
        return False
    if len({m.basis for m in members if m.basis} | ({total.basis} if total.basis else set())) > 1:
        return False
    tolerance = sum(member.precision for member in members) + total.precision
    return abs(sum(member.base for member in members) - total.base) <= tolerance * 1.02


def _note(
    observation: Observation, check: str, changed: dict[int, Observation], basis: Basis | None
) -> None:
    current = changed.get(id(observation), observation).with_check(check)
    if basis is not None and current.basis is None and current.kpi in ("scope_2", "scope_1_2"):
        current = replace(current, basis=basis)
    changed[id(observation)] = current


def fits_sum(parts: Sequence[Observation], total: float, precision: float) -> bool:
    """Whether a printed total is the sum of the parts, up to rounding, in base units."""
    tolerance = sum(part.precision for part in parts) + precision
    return total > 0 and abs(sum(part.base for part in parts) - total) <= tolerance * 1.02
