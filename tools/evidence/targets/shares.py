"""Targets with a per cent: "by 42 % by 2030 from a 2020 base year"."""

import re
from collections.abc import Iterator

from tools.evidence.targets.aims import TARGET_NOUN, Reading, is_intensity, is_own
from tools.evidence.targets.data import Kind, wording
from tools.evidence.targets.found import Found
from tools.evidence.targets.places import base_year, scopes_of, target_year
from tools.evidence.verify.mentions import Quantity

_DOWN = re.compile(
    r"\b(?:reduc|decreas|cut|lower|less|fewer|halv|minus|saving|save|declin|fall|senk|reduzier|"
    r"verringer)\w*"
)
_UP = re.compile(r"\b(?:increas|rais|grow|expand|higher|improv|steiger|erhöh)\w*")
_PER_YEAR = re.compile(
    r"\b(?:per year|a year|annually|each year|every year|per annum|p\.a\.|pro jahr|jährlich|"
    r"compared (?:to|with) the previous year)"
)
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%\s?)?(?:-|–|to)\s?$")
_FORMER = re.compile(r"\b(?:previously|formerly|originally|instead of|bisher)\s*[:–-]?\s*[–-]?\s*$")
_CUTS_EMISSIONS = re.compile(r"\b(?:reduc|cut|lower|decreas)\w*\b.*\bemissions?\b.*\bby\s*$")
_NOT_SCOPES = re.compile(r"refrigerant|methane|fuel|diesel")
_PART_OF = re.compile(r"\s*of\b(?!.{0,14}(?:scope|emission|ghg|co2|greenhouse))")
_REDUCTIONS = frozenset({"reduction_absolute", "reduction_intensity"})
_WHOLE = 100
_LEAST_SHARE = 10
_LEAD, _BEFORE, _NEAR = 120, 200, 40


def share_targets(reading: Reading) -> Iterator[Found]:
    """A target for each per cent that is to be reached, or was to be."""
    percents = [
        q for q in reading.mentions.quantities if q.unit and q.unit.name == "%" and not q.points
    ]
    for index, percent in enumerate(percents):
        left = percents[index - 1].end if index else 0
        right = percents[index + 1].start if index + 1 < len(percents) else len(reading.text)
        kind = _kind(reading, percent, left, right)
        if kind is not None:
            yield from _target(reading, percent, kind, left, right)


def _kind(reading: Reading, percent: Quantity, left: int, right: int) -> Kind | None:
    """The kind of target, None where the per cent is a result, a former or somebody's value."""
    text = reading.text
    kind = reading.kind(left, right)
    lead = text[max(0, percent.start - _LEAD) : percent.start]
    if kind is None or percent.value > _WHOLE or not is_own(text, percent.start):
        return None
    if _FORMER.search(lead) or wording().results.search(text, left, percent.start):
        return None
    if kind == "other" and _CUTS_EMISSIONS.search(lead) and not _NOT_SCOPES.search(lead):
        return "reduction_intensity" if is_intensity(text) else "reduction_absolute"
    beside = kind == "other" and wording().beside.search(text[left:right])
    small = kind == "renewable" and percent.value < _LEAST_SHARE
    return None if beside or small else kind


def _target(
    reading: Reading, percent: Quantity, kind: Kind, left: int, right: int
) -> Iterator[Found]:
    text = reading.text
    year = target_year(reading, percent, left, right)
    yearly = bool(_PER_YEAR.search(text[percent.end : right]))
    near = text[max(0, left - _NEAR) : right]
    past = bool(TARGET_NOUN.search(near) and wording().achieved.search(text))
    if not past and not _ahead(reading, year, yearly=yearly):
        return
    reduces = kind != "renewable" and _reduces(reading, percent, left, right)
    if kind in _REDUCTIONS and not (reduces and _is_cut(text, percent)):
        return
    low = _low(percent, text)
    yield Found(
        reading.statement,
        kind,
        scopes=scopes_of(text, reading.mentions, percent) if kind in _REDUCTIONS else None,
        base_year=base_year(reading, percent),
        target_year=year,
        percent=low if reduces else None,
        share=None if reduces else low,
        per_year=yearly,
        past=past,
        status=reading.status(),
        left=left,
        right=right,
        weight=reading.weight(),
    )


def _ahead(reading: Reading, year: int | None, *, yearly: bool) -> bool:
    """Whether a per cent is still to be reached."""
    words = wording()
    if year is None:
        return yearly and reading.in_list and reading.is_aim()
    told = words.results.search(reading.text) and not words.aims.search(reading.text)
    return year > reading.report_year and not told and reading.is_aim()


def _reduces(reading: Reading, percent: Quantity, left: int, right: int) -> bool:
    """Whether the per cent says how much less there is to be."""
    text = reading.text
    clause = text[left:right]
    if _DOWN.search(clause) or percent.signed == "-":
        return True
    if _UP.search(clause):
        return False
    listed = TARGET_NOUN.search(text[:right]) and not wording().kind_of(text)
    before = reading.statement.before[-_BEFORE:]
    return bool(_DOWN.search(text) or _DOWN.search(before) or listed)


def _is_cut(text: str, percent: Quantity) -> bool:
    """Not "93% of our companies have targets", and not "by 100 % (net zero)"."""
    whole = percent.value == _WHOLE and wording().neutrality.search(text)
    return not whole and not _PART_OF.match(text, percent.end)


def _low(percent: Quantity, text: str) -> float:
    """The number itself, or the lower end of a range ("3-4%" is 3)."""
    ranged = _RANGE.search(text[: percent.start])
    return float(ranged.group(1).replace(",", ".")) if ranged else percent.value
