"""Climate targets side by side: net zero years, reductions, science-based status."""

import re
from collections.abc import Sequence

from agent.analyst.extractive.claims import Cited, claim
from agent.analyst.extractive.overview import Overview
from agent.analyst.extractive.targets import is_reached, ordered, says_net_zero, target_claim
from agent.analyst.markdown import escape
from agent.analyst.wording import ended, listed
from agent.domain import Claim, CompanyAnalysis, Target

_REDUCTIONS = {"reduction_absolute", "reduction_intensity"}
_MOST_REDUCTIONS = 2
_LEAST = 2


def target_claims(view: Overview) -> list[Cited]:
    """Each company's net zero target, reductions and science-based status."""
    found: list[Cited] = []
    for company in view.companies:
        targets = ordered(company.targets)
        reductions = [t for t in targets if t.kind in _REDUCTIONS and t.reduction_pct]
        neutral = [t for t in (_neutral(company),) if t]
        status = [t for t in targets if t.kind == "sbti_status"]
        found += [
            led_target(target, company.name)
            for target in (*neutral, *_furthest(reductions), *status[:1])
        ]
    return found


def led_target(target: Target, company: str) -> Cited:
    """The target behind its company's name, in quotation marks where it is the quote itself."""
    one = target_claim(target, company=company)
    quoted = one.text in " ".join(target.evidence.quote.split())
    return Cited(one, f"**{escape(company)}**: ", quoted)


def target_points(view: Overview) -> list[str]:
    """Who states no climate target, as far as code could find."""
    climate = {"net_zero", "sbti_status", *_REDUCTIONS}
    without = [
        company.name
        for company in view.companies
        if not any(target.kind in climate for target in company.targets)
    ]
    if not without:
        return []
    return [ended(f"No emission target was found in the reports of {listed(without)}")]


def neutral_years(view: Overview) -> Claim | None:
    """Net zero or climate neutrality by year, the earliest first."""
    stated = [
        (target.target_year, company, target)
        for company in view.companies
        if (target := _neutral(company)) and target.target_year
    ]
    if len(stated) < _LEAST:
        return None
    by_year: dict[int, list[str]] = {}
    for year, company, _ in sorted(stated, key=lambda entry: entry[0] or 0):
        by_year.setdefault(year or 0, []).append(company.name)
    told = [f"{listed(names)} by {year}" for year, names in by_year.items()]
    return claim(
        f"{_aim_of([target for _, _, target in stated])} is the target of {'; of '.join(told)}.",
        (target.evidence for _, _, target in stated),
        topic="Climate targets",
    )


def _aim_of(targets: Sequence[Target]) -> str:
    """What all of the targets are called, in the words of their quotes."""
    net_zero = [says_net_zero(target) for target in targets]
    if all(net_zero):
        return "Net zero"
    return "Net zero or climate neutrality" if any(net_zero) else "Climate neutrality"


def _neutral(company: CompanyAnalysis) -> Target | None:
    """The company's widest net zero target whose quote carries the year."""
    dated = [
        t
        for t in company.targets
        if t.kind == "net_zero" and t.target_year and _in_quote(t.target_year, t)
    ]
    return max(dated, key=lambda t: len(t.scopes or ""), default=None)


def _in_quote(year: int, target: Target) -> bool:
    return bool(re.search(rf"(?<!\d){year}(?!\d)", target.evidence.quote))


def _furthest(targets: Sequence[Target]) -> list[Target]:
    """Targets still to be reached, one a scope: with a year in the quote, the steepest first."""
    open_ones = [target for target in targets if not is_reached(target)]
    kept: dict[str, Target] = {}
    for target in sorted(
        open_ones,
        key=lambda t: (not _in_quote(t.target_year or 0, t), t.kind, -(t.reduction_pct or 0)),
    ):
        kept.setdefault(f"{target.kind}{target.scopes}", target)
    return list(kept.values())[:_MOST_REDUCTIONS]
