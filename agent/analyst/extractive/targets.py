"""Stated targets as sentences, made only of what their quote holds."""

import re
from collections.abc import Sequence

from agent.analyst.extractive.claims import claim
from agent.analyst.wording import ended, number
from agent.domain import Claim, Target

_OTHER_TOPICS = (
    (
        re.compile(r"\b(?:emission|CO2|CO₂|climate|net[- ]?zero|carbon)", re.IGNORECASE),
        "Climate targets",
    ),
    (
        re.compile(r"\b(?:wom[ae]n|female|LTIFR|TRIR|fatalit|accident|injur|board)", re.IGNORECASE),
        "People",
    ),
    (
        re.compile(r"\b(?:fresh)?water|waste|recycl|packag|returnable", re.IGNORECASE),
        "Water and waste",
    ),
    (re.compile(r"\b(?:energy|electricity|fuel|gas|solar|heat)", re.IGNORECASE), "Energy"),
)
_KIND_ORDER = (
    "net_zero",
    "reduction_absolute",
    "reduction_intensity",
    "sbti_status",
    "renewable",
    "other",
)
_NEUTRAL = re.compile(
    r"(?:climate|carbon|CO2|CO₂)[- ]?neutral(?:ity)?|klimaneutral\w*", re.IGNORECASE
)
_NET_ZERO = re.compile(r"net[- ]?zero", re.IGNORECASE)
_AIM = re.compile(r"\b(?:target|goal|aim|ambition|objective)", re.IGNORECASE)
_DOWNWARD = re.compile(r"\b(?:reduc|cut|lower|decreas|less)", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"\bFY ?'?\d\d\b", re.IGNORECASE)
_TURNED = re.compile(r"\b(?:not|no|exclud\w*|without|except\w*|never)\b", re.IGNORECASE)
_DONE = re.compile(r"\b(?:(?:over)?achieved|reached|met|fulfilled|exceeded)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"^[A-Z0-9“\"].{30,}[.!]$", re.DOTALL)
_WORDED = {"net_zero", "sbti_status"}
_LEAST_WORDS = 6
"""Words from which a quote says something by itself."""
_MOST_FIGURES = 0.5
_LONGEST_QUOTE = 240
_REFUSED = re.compile(
    r"\bnot\b.{0,24}\b(?:submitted|validated|approved|committed|joined)\b", re.IGNORECASE
)
_LAST_SENTENCE = re.compile(r"(?<=[.)»”]) (?P<last>[A-Z](?:(?!\. [A-Z]).){40,}[.!])$", re.DOTALL)
"""The whole sentence at the end of a quote that begins inside another one."""
_SCOPES = re.compile(r"^[\d.+, ]+$")


def says_net_zero(target: Target) -> bool:
    """Whether the target's own words are "net zero", not a kind of neutrality."""
    return bool(_NET_ZERO.search(target.evidence.quote))


def ordered(targets: Sequence[Target]) -> list[Target]:
    """Net zero first, then reductions by year, then the rest; what is reached already last.

    A target that is stated several times is given once, by its fullest sentence; a scrap of a
    table that no sentence can be made of is left out.
    """
    fullest: dict[tuple[object, ...], Target] = {}
    for target in sorted(targets, key=_is_scrap):
        what = (target.kind, target.scopes, target.target_year, target.reduction_pct)
        key = what if any(what[1:]) else (*what, target.evidence.quote)
        fullest.setdefault(key, target)
    told = [
        t
        for t in fullest.values()
        if (not _is_scrap(t) or t.kind in _WORDED)
        and not (t.kind == "sbti_status" and _REFUSED.search(t.evidence.quote))
    ]
    return sorted(
        told, key=lambda t: (is_reached(t), _KIND_ORDER.index(t.kind), t.target_year or 9999)
    )


def _is_scrap(target: Target) -> bool:
    """Too few words to say something, or mostly the figures of a table line."""
    words = target.evidence.quote.split()
    figures = sum(any(c.isdigit() for c in word) for word in words)
    return len(words) < _LEAST_WORDS or figures > _MOST_FIGURES * len(words)


def is_reached(target: Target) -> bool:
    """Whether the target is told as one that has been met."""
    return bool(_DONE.search(f"{target.evidence.quote} {target.status_words or ''}"))


def target_claim(target: Target, *, company: str) -> Claim:
    """The target in one sentence with its quote as evidence; it does not name the company."""
    return claim(
        target_sentence(target), [target.evidence], topic=target_topic(target), company=company
    )


def target_topic(target: Target) -> str:
    """The topic a target belongs to; those that are not about climate go by their words."""
    if target.kind == "other":
        for pattern, topic in _OTHER_TOPICS:
            if pattern.search(target.evidence.quote):
                return topic
    return "Climate targets"


def target_sentence(target: Target) -> str:
    """A plain sentence where the quote carries all its parts, else the quote itself."""
    quote = " ".join(target.evidence.quote.split()).lstrip("⁰¹²³⁴⁵⁶⁷⁸⁹ ")
    if quote[:1].islower() and (whole_end := _LAST_SENTENCE.search(quote)):
        return whole_end["last"]
    whole = bool(_SENTENCE.match(quote)) and len(quote) < _LONGEST_QUOTE
    if (
        whole
        or _SHORT_YEAR.search(quote)
        or _TURNED.search(quote)
        or _DONE.search(f"{quote} {target.status_words or ''}")
    ):
        return quote
    if target.kind == "net_zero" and (aim := _neutrality(quote)):
        stated = _AIM.search(quote)
        aim = f"Target: {aim}" if stated else aim[:1].upper() + aim[1:]
        return ended(f"{aim}{_of_scopes(target, quote)}{_by_year(target, quote)}")
    if target.kind in {"reduction_absolute", "reduction_intensity"} and target.reduction_pct:
        return _reduction(target, quote)
    return quote


def _neutrality(quote: str) -> str:
    if _NET_ZERO.search(quote):
        return "net zero emissions"
    found = _NEUTRAL.search(quote)
    return found.group() if found else ""


def _reduction(target: Target, quote: str) -> str:
    percent = number(target.reduction_pct or 0)
    alone = rf"(?<![\d.,–-])(?<!\d [–-] ){re.escape(percent)} ?(?:%|per ?cent)"
    scopes = _of_scopes(target, quote)
    intensity = target.kind == "reduction_intensity"
    told = (
        re.search(alone, quote)
        and scopes
        and _DOWNWARD.search(quote)
        and (not intensity or "intensity" in quote.lower())
    )
    if not told:
        return quote
    what = "emissions intensity" if intensity else "emissions"
    rate = " a year" if target.per_year else ""
    base = f", compared with {target.base_year}" if _holds(target.base_year, quote) else ""
    return ended(f"Reduce {what}{scopes} by {percent}%{rate}{_by_year(target, quote)}{base}")


def _of_scopes(target: Target, quote: str) -> str:
    """The scopes in words, where the quote names each of them."""
    if not target.scopes or not _SCOPES.match(target.scopes):
        return ""
    parts = [part.strip() for part in target.scopes.split("+")]
    named = re.search(r"\bscopes?\b", quote, re.IGNORECASE)
    if not named or not all(re.search(rf"(?<![\d.]){re.escape(p)}(?![\d%])", quote) for p in parts):
        return ""
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f" (Scope {listed})"


def _by_year(target: Target, quote: str) -> str:
    return f" by {target.target_year}" if _holds(target.target_year, quote) else ""


def _holds(year: int | None, quote: str) -> bool:
    return year is not None and bool(re.search(rf"(?<!\d){year}(?!\d)", quote))
