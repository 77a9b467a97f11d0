"""A plain check of claims: every figure and year must stand in a cited quote or figure record."""

import re
from dataclasses import dataclass

from agent.domain import Claim, ClaimStatus, Company, KpiRecord

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[a-z]{4,}")
_COMMON = {"that", "with", "from", "were", "was", "this", "year", "their", "have", "into"}


async def figures_stand(
    claims: tuple[Claim, ...], records: tuple[KpiRecord, ...], companies: tuple[Company, ...]
) -> tuple[Claim, ...]:
    """The claims with a status: a checker for the analyst."""
    by_id = {record.id: record for record in records}
    checked = []
    for claim in claims:
        finding = _find(claim, [by_id[kpi] for kpi in claim.kpis if kpi in by_id])
        update = {"status": finding.status, "reason": finding.reason}
        checked.append(claim.model_copy(update=update))
    return tuple(checked)


@dataclass(frozen=True)
class Finding:
    """The outcome for one claim."""

    status: ClaimStatus
    reason: str = ""


def _find(claim: Claim, records: list[KpiRecord]) -> Finding:
    quotes = " ".join(place.quote for place in claim.evidence)
    known = set(_NUMBER.findall(quotes))
    known |= {str(record.year) for record in records}
    known |= {number for record in records for number in _NUMBER.findall(record.kpi)}
    for number in _NUMBER.findall(claim.text):
        if number not in known:
            return Finding("rejected", f"{number} does not stand on the page.")
    said = set(_WORD.findall(claim.text.lower())) - _COMMON
    there = set(_WORD.findall(quotes.lower())) | {
        word for record in records for word in _WORD.findall(f"{record.kpi} {record.basis}-based")
    }
    names = set(_WORD.findall((claim.company or "").lower()))
    if len(said - there - names) > len(said) / 3:
        return Finding("rejected", "The page does not say so.")
    return Finding("verified")
