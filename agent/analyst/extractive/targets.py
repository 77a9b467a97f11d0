"""Stated targets as sentences, made only of what their quote holds."""

import re
from collections.abc import Sequence

from agent.analyst.extractive.claims import claim
from agent.analyst.wording import ended, number
from agent.domain import Claim, Target

_KIND_ORDER = (
    "net_zero", "reduction_absolute", "reduction_intensity", "sbti_status", "renewable", "other",
)  # fmt: skip
_NEUTRAL = re.compile(
    r"(?:climate|carbon|CO2|CO₂)[- ]?neutral(?:ity)?|klimaneutral\w*|CO2-neutral", re.IGNORECASE
)
_NET_ZERO = re.compile(r"net[- ]?zero", re.IGNORECASE)
_DONE = re.compile(r"\b(?:achieved|reached|met|fulfilled|exceeded)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"^[A-Z0-9“\"].{30,}[.!]$", re.DOTALL)
_SCOPES = re.compile(r"^[\d.+, ]+$")


def ordered(targets: Sequence[Target]) -> list[Target]:
    """Net zero first, then reductions by year, then the rest; each quote once."""
    unique = {(t.evidence.page, t.evidence.quote, t.kind): t for t in targets}
    return sorted(unique.values(), key=lambda t: (_KIND_ORDER.index(t.kind), t.target_year or 9999))


def target_claim(target: Target, *, company: str) -> Claim:
    """The target in one sentence with its quote as evidence."""
    return claim(
        target_sentence(target, company),
        [target.evidence],
        topic="Climate targets",
        company=company,
    )


def target_sentence(target: Target, company: str) -> str:
    """A plain sentence where the quote carries its parts, else the quote itself."""
    quote = " ".join(target.evidence.quote.split())
    if _SENTENCE.match(quote) and len(quote) < 240:
        return quote
    if target.kind == "net_zero" and (aim := _neutrality(quote)):
        return ended(f"{company}: target {aim}{_of_scopes(target)}{_by_year(target, quote)}")
    reduction = target.kind in {"reduction_absolute", "reduction_intensity"}
    if reduction and target.reduction_pct and _of_scopes(target):
        return _reduction(target, quote, company)
    return ended(f"{company}: “{quote.rstrip('.')}”")


def _neutrality(quote: str) -> str:
    if _NET_ZERO.search(quote):
        return "of net zero emissions"
    found = _NEUTRAL.search(quote)
    if not found:
        return ""
    return f"of {found.group()}" if found.group().endswith("ity") else f"to be {found.group()}"


def _reduction(target: Target, quote: str, company: str) -> str:
    percent = number(target.reduction_pct or 0)
    if not re.search(rf"(?<![\d.,]){re.escape(percent)}(?![\d])", quote.replace(",", ".")):
        return ended(f"{company}: “{quote.rstrip('.')}”")
    what = "emissions intensity" if target.kind == "reduction_intensity" else "emissions"
    scopes = _of_scopes(target)
    rate = " a year" if target.per_year else ""
    base = f", compared with {target.base_year}" if _holds(target.base_year, quote) else ""
    status = " (achieved)" if _DONE.search(target.status_words or "") else ""
    verb = "reduction of" if status else "target to reduce"
    return ended(
        f"{company}: {verb} {what}{scopes} by {percent}%{rate}{_by_year(target, quote)}{base}"
        f"{status}"
    )


def _of_scopes(target: Target) -> str:
    if not target.scopes or not _SCOPES.match(target.scopes):
        return ""
    parts = [part.strip() for part in target.scopes.split("+")]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f" (Scope {listed})"


def _by_year(target: Target, quote: str) -> str:
    return f" by {target.target_year}" if _holds(target.target_year, quote) else ""


def _holds(year: int | None, quote: str) -> bool:
    """Whether the quote carries the year (FY30 and '2030' alike)."""
    return year is not None and bool(re.search(rf"{year}|FY ?'?{year % 100:02d}\b", quote))
