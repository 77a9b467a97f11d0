"""A target as one statement gives it, and one for all that say the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tools.evidence.targets.data import Kind
from tools.evidence.targets.statements import Statement

_VEHICLES = re.compile(r"vehicle|fleet|\bevs?\b|\bcars?\b|carpool|fuhrpark")
_REDUCTIONS = frozenset({"reduction_absolute", "reduction_intensity"})


@dataclass(frozen=True, slots=True)
class Found:
    """One stated target; `left` and `right` bound it in the statement's printed line.

    `percent` is the reduction (the lower end of a range), None for shares and other values;
    `share` is the printed per cent of a share. `weight` tells how complete the statement is.
    """

    statement: Statement
    kind: Kind
    scopes: str | None = None
    base_year: int | None = None
    target_year: int | None = None
    percent: float | None = None
    share: float | None = None
    per_year: bool = False
    past: bool = False
    status: str | None = None
    left: int = 0
    right: int = 0
    weight: float = 0.0


def merge(found: Iterable[Found]) -> list[Found]:
    """Each target once, by its most complete statement, in the order of the pages."""
    ranked = sorted(found, key=lambda f: (-f.weight, f.statement.page, f.statement.start))
    kept = _grouped([one for one in ranked if not one.statement.sentence])
    told = _grouped([one for one in ranked if one.statement.sentence])
    for one in told:
        same = [i for i, other in enumerate(kept) if _same(other, one)]
        if not same:
            kept.append(one)
        elif len(same) == 1 and one.weight > kept[same[0]].weight:
            kept[same[0]] = _completed(one, kept[same[0]])
        else:
            kept[same[0]] = _completed(kept[same[0]], one)
    return sorted(kept, key=lambda f: (f.statement.page, f.statement.start, f.left))


def _grouped(ranked: Iterable[Found]) -> list[Found]:
    """One for all that say the same; the first is kept."""
    kept: list[Found] = []
    for one in ranked:
        same = next((i for i, other in enumerate(kept) if _same(other, one)), None)
        if same is None:
            kept.append(one)
        else:
            kept[same] = _completed(kept[same], one)
    return kept


def _same(one: Found, other: Found) -> bool:
    if {one.kind, other.kind} <= _REDUCTIONS:
        return _same_reduction(one, other)
    if one.kind != other.kind or not _agree(one.target_year, other.target_year):
        return False
    if one.kind in {"net_zero", "sbti_status"}:
        return one.kind == "sbti_status" or _agree(one.scopes, other.scopes)
    undated = one.target_year is None and other.target_year is None
    if (undated and one.past != other.past) or _listed_apart(one, other):
        return False
    if one.percent != other.percent or not _agree(one.share, other.share):
        return False
    vehicles = all(_VEHICLES.search(found.statement.text) for found in (one, other))
    return one.kind == "renewable" or vehicles or _alike(one, other)


def _same_reduction(one: Found, other: Found) -> bool:
    return (
        _agree(one.percent, other.percent)
        and _agree(one.target_year, other.target_year)
        and _agree(one.scopes, other.scopes)
        and (one.kind == other.kind or one.scopes is None or other.scopes is None)
    )


def _agree(one: object, other: object) -> bool:
    return one is None or other is None or one == other


def _listed_apart(one: Found, other: Found) -> bool:
    """Two items of one list, for different places or things."""
    here, there = one.statement, other.statement
    return here.page == there.page and not here.sentence and not there.sentence


def _alike(one: Found, other: Found) -> bool:
    """Most longer words of the shorter statement stand in the other one too."""
    here, there = (
        {word for word in found.statement.text.split() if len(word) > 3} for found in (one, other)
    )
    least = min(len(here), len(there))
    return least == 0 or len(here & there) >= 0.5 * least


def _completed(kept: Found, other: Found) -> Found:
    """The kept one with what only the other tells; an intensity is the more exact kind."""
    kind = kept.kind
    if {kept.kind, other.kind} == _REDUCTIONS:
        kind = "reduction_intensity"
    return replace(
        kept,
        kind=kind,
        base_year=kept.base_year if kept.base_year is not None else other.base_year,
        scopes=kept.scopes if kept.scopes is not None else other.scopes,
        status=kept.status if kept.status is not None else other.status,
    )
