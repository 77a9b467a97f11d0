"""From sightings to records: one value a KPI, year, basis, boundary and variant.

A value is `verified` when its row says exactly what it is and it was found by two independent
ways: on another page, by another reading (word boxes against reading order against prose), or
borne out by arithmetic. What is left is a `candidate`; what contradicts a better reading of the
same thing, or speaks of a part of the group, is not kept at all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tools.evidence.kpis.arithmetic import fits_sum
from tools.evidence.kpis.catalogue import catalogue, vocabulary
from tools.evidence.kpis.document import Document
from tools.evidence.kpis.labels import Basis
from tools.evidence.kpis.observation import Observation

Key = tuple[str, int, str, str, str]
"""KPI, year, basis, boundary, variant."""


_MEASURED = ("emissions", "energy", "volume")
_WIDER = ("portfolio",)
"""Boundaries beyond the company's own: figures without a boundary are not of them."""
_ADDITIVE = ("emissions", "energy", "volume", "mass", "count")


@dataclass(slots=True)
class Finding:
    """A value with all sightings that agree on it; the first is the one it is quoted from."""

    best: Observation
    sightings: list[Observation] = field(default_factory=list)
    verified: bool = False
    confirmations: tuple[str, ...] = ()
    superseded_by: "Finding | None" = None
    superseded_why: str = ""
    contested: bool = False
    """Another reading of the same thing gave a different value."""

    @property
    def score(self) -> float:
        """How well the value is borne out; compares values of the same KPI and year."""
        pages = {s.page for s in self.sightings if s.exact and s.clean}
        ways = {s.way for s in self.sightings}
        best = max(strength(s) for s in self.sightings)
        return best + 0.6 * (len(pages) - 1) + 0.3 * (len(ways) - 1)


def strength(observation: Observation) -> float:
    """How good a single sighting is."""
    ways = {"table": 3.0, "year rows": 2.6, "row": 2.0, "text": 2.8, "lines": 2.0, "prose": 2.2}
    return (
        ways[observation.way]
        + (1.5 if observation.exact else 0.0)
        + (2.0 if observation.clean else 0.0)
        + (0.6 if observation.total else 0.0)
        + (0.5 if observation.year_stated else 0.0)
        + (0.5 if observation.unit_stated else 0.0)
        + (0.8 if observation.checks else 0.0)
        - (1.5 if observation.limit else 0.0)
        + 0.05 * min(observation.decimals, 2)
    )


def resolve(observations: Sequence[Observation], document: Document) -> list[Finding]:
    """Findings worth showing, verified ones and candidates."""
    kept = [o for o in observations if _usable(o)]
    kept = _with_basis(kept, document)
    groups: dict[Key, list[Observation]] = defaultdict(list)
    for observation in kept:
        groups[_key(observation)].append(observation)
    groups = _merge_open(groups)
    findings: list[Finding] = []
    for group in groups.values():
        findings += _settle(_clusters(group))
    findings += _second_choice(groups, {f.best.kpi for f in findings})
    return sorted(findings, key=lambda f: (f.best.kpi, -f.best.year, f.best.basis or "", -f.score))


def _second_choice(groups: dict[Key, list[Observation]], found: set[str]) -> Iterator[Finding]:
    """Candidates for KPIs the report names with further words only, one value a year."""
    for key, group in groups.items():
        measured = catalogue().get(key[0]).dimension in _MEASURED
        if key[0] in found or not measured or not all(o.clean and not o.exact for o in group):
            continue
        clusters = _clusters(o for o in group if o.unit_stated and o.year_stated)
        if len(clusters) == 1:
            clusters[0].best = replace(
                clusters[0].best, flags=("the label says more than the name of the figure",)
            )
            yield clusters[0]


def _usable(observation: Observation) -> bool:
    kpi = catalogue().get(observation.kpi)
    if observation.unit is None:
        return False
    if observation.limit and kpi.dimension == "count":
        return False
    return observation.exact or (
        observation.clean and observation.way in ("table", "year rows", "text")
    )


def _key(observation: Observation) -> Key:
    return (
        observation.kpi,
        observation.year,
        observation.basis or "",
        observation.boundary,
        observation.variant,
    )


def _with_basis(observations: Sequence[Observation], document: Document) -> list[Observation]:
    """Fill in a basis that the row leaves unsaid: from an equal value, the table, the report."""
    stated: dict[tuple[str, int], list[Observation]] = defaultdict(list)
    for observation in observations:
        if observation.basis is not None:
            stated[observation.kpi, observation.year].append(observation)
    filled = [
        replace(o, basis=_unsaid_basis(o, stated[o.kpi, o.year], document))
        if o.basis is None and catalogue().get(o.kpi).basis
        else o
        for o in observations
    ]
    sums: dict[int, set[Basis]] = defaultdict(set)
    for observation in filled:
        if observation.kpi == "scope_1_2" and observation.basis is not None:
            sums[observation.year].add(observation.basis)
    return [
        replace(o, basis=next(iter(sums[o.year])))
        if o.kpi == "ghg_intensity" and o.basis is None and len(sums[o.year]) == 1
        else o
        for o in filled
    ]


def _unsaid_basis(
    observation: Observation, known: Sequence[Observation], document: Document
) -> Basis | None:
    equal = {o.basis for o in known if o.agrees(observation)}
    if len(equal) == 1:
        return next(iter(equal))
    place = (observation.page, observation.table)
    beside = {o.basis for o in known if (o.page, o.table) == place}
    if len(beside) == 1 and not equal:
        return "location" if beside == {"market"} else "market"
    return document.basis if not known else None


def _merge_open(groups: dict[Key, list[Observation]]) -> dict[Key, list[Observation]]:
    """Sightings that leave basis, boundary or variant unsaid join the one group that says it.

    Where several groups say different things, each open sighting joins those it agrees with.
    """
    merged: dict[Key, list[Observation]] = {}
    for key in sorted(groups, key=lambda k: sum(part == "" for part in k[2:])):
        fitting = [other for other in merged if _fills(key, other)]
        if not fitting:
            merged[key] = list(groups[key])
            continue
        rest = []
        for observation in groups[key]:
            agreeing = [o for o in fitting if any(observation.agrees(x) for x in merged[o])]
            if agreeing:
                for other in agreeing:
                    merged[other].append(observation)
            elif len(fitting) == 1 and key[2] == fitting[0][2] and key[4] == fitting[0][4]:
                merged[fitting[0]].append(observation)
            else:
                rest.append(observation)
        if rest:
            merged[key] = rest
    return merged


def _fills(open_key: Key, other: Key) -> bool:
    """`other` says all that `open_key` says, and more."""
    return (
        open_key[:2] == other[:2]
        and open_key != other
        and other[3] not in _WIDER
        and all(a in ("", b) for a, b in zip(open_key[2:], other[2:], strict=True))
    )


def _clusters(group: Iterable[Observation]) -> list[Finding]:
    """Sightings that agree up to rounding, the most precise one first."""
    findings: list[Finding] = []
    for observation in sorted(group, key=lambda o: (-strength(o), o.precision)):
        for finding in findings:
            if any(observation.agrees(s) or _misprinted(observation, s) for s in finding.sightings):
                finding.sightings.append(observation)
                break
        else:
            findings.append(Finding(observation, [observation]))
    for finding in findings:
        finding.best = min(
            [s for s in finding.sightings if s.way != "lines"] or finding.sightings,
            key=lambda o: (-strength(o), o.precision, o.page),
        )
    return findings


def _misprinted(one: Observation, other: Observation) -> bool:
    """The same digits with the other grouping mark ("31.913" beside "31,913")."""
    digits = ["".join(c for c in o.printed if c.isdigit()) for o in (one, other)]
    ratio = one.base / other.base if other.base else 0.0
    return (
        digits[0] == digits[1]
        and len(digits[0]) > 3
        and any(abs(ratio - size) < 1e-6 * size for size in (1e3, 1e-3))
    )


def _settle(findings: list[Finding]) -> list[Finding]:
    """Decide between values that contradict each other."""
    findings = [f for f in findings if any(s.way != "lines" for s in f.sightings)]
    for finding in findings:
        _confirm(finding)
    findings.sort(key=lambda f: -f.score)
    if len(findings) < 2:
        return [f for f in findings if _worth(f)]
    restated = _restatement(findings)
    if restated is not None:
        return restated
    first = findings[0]
    rivals = [f for f in findings[1:] if _worth(f) and f.score > first.score - 1.0]
    for finding in findings:
        finding.contested = bool(rivals)
    if not _worth(first):
        return []
    if not rivals or (first.verified and first.score - rivals[0].score >= 0.5):
        return [first]
    return _decided([first, *rivals])


def _decided(rivals: list[Finding]) -> list[Finding]:
    """The value that something beside its size speaks for, else all as a conflict to look at.

    What counts: the row says that it is the total; the others add up to it; it is better borne
    out than any other.
    """
    totals = [f for f in rivals if f.best.total]
    if len(totals) == 1 and totals[0].score >= rivals[0].score - 0.7:
        return totals
    whole = _sum_of_others(rivals)
    if whole is not None:
        return [whole]
    if rivals[0].score - rivals[1].score >= _LEAD:
        return [_in_conflict(rivals[0], rivals[1:])]
    if len(rivals) > _MOST_SHOWN:
        return []
    for finding in rivals:
        finding.verified = False
    return [_in_conflict(f, [other for other in rivals if other is not f]) for f in rivals]


_LEAD = 0.25
_MOST_SHOWN = 3


def _sum_of_others(rivals: Sequence[Finding]) -> Finding | None:
    """The one value of a quantity that adds up which is the sum of all the others."""
    if catalogue().get(rivals[0].best.kpi).dimension not in _ADDITIVE or len(rivals) < 3:
        return None
    whole = max(rivals, key=lambda f: f.best.base)
    parts = [f.best for f in rivals if f is not whole]
    return whole if fits_sum(parts, whole.best.base, whole.best.precision) else None


def _in_conflict(finding: Finding, others: Sequence[Finding]) -> Finding:
    """The finding with a flag that names what else the report gives for the same thing."""
    told = ", ".join(f"{o.best.printed} on page {o.best.page}" for o in others[:_MOST_SHOWN])
    flags = (*finding.best.flags, f"the report also gives {told}")
    finding.best = replace(finding.best, flags=flags)
    return finding


def confirm_by_order(finding: Finding, reading_order: Callable[[Observation], bool]) -> None:
    """Verify an uncontested table value whose row the reading order repeats as a whole."""
    best = finding.best
    if finding.verified or finding.contested or best.way != "table" or not _worth(finding):
        return
    if best.year_stated and best.unit_stated and not best.limit and reading_order(best):
        finding.verified = True
        finding.confirmations = (*finding.confirmations, "word boxes and reading order agree")


def _worth(finding: Finding) -> bool:
    """A lone value is shown when its best sighting is exact and of the group."""
    return finding.best.exact and finding.best.clean


def _restatement(findings: Sequence[Finding]) -> list[Finding] | None:
    """Two values of one year on different pages, one of them marked as restated."""
    strong = [f for f in findings if f.best.exact and f.best.clean]
    if len(strong) != 2:
        return None
    words = vocabulary().restated
    marked = [
        f
        for f in strong
        if any(
            set(f"{s.label} {s.caption} {s.section}".casefold().split()) & words
            for s in f.sightings
        )
    ]
    if len(marked) != 1:
        return None
    later = marked[0]
    earlier = strong[0] if strong[1] is later else strong[1]
    if {s.page for s in later.sightings} & {s.page for s in earlier.sightings}:
        return None
    earlier.superseded_by = later
    earlier.superseded_why = "the report prints a restated value for the same year"
    return [later, earlier]


def _confirm(finding: Finding) -> None:
    """Say why a value is verified, where it is."""
    best = finding.best
    strong = [s for s in finding.sightings if s.exact and s.clean]
    reasons: list[str] = []
    for other in strong:
        if other is best:
            continue
        if other.page != best.page:
            reasons.append(f"also on page {other.page}")
        elif other.way == "prose" and best.way != "prose":
            reasons.append(f"also in the text of page {other.page}")
        elif other.way == "lines" and best.way in ("table", "year rows"):
            reasons.append("word boxes and reading order agree")
    for sighting in strong:
        reasons += sighting.checks
    finding.confirmations = tuple(dict.fromkeys(reasons))[:5]
    finding.verified = bool(
        reasons
        and best.exact
        and best.clean
        and best.year_stated
        and (best.unit_stated or best.checks)
        and not best.limit
    )
