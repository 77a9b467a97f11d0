"""Figures as sentences: one claim a KPI, with the year before where the report gives it."""

from collections.abc import Callable, Sequence

from agent.analyst.extractive.claims import claim
from agent.analyst.wording import (
    change_pct,
    figure_phrases,
    is_group_wide,
    mid_sentence,
    number,
    phrase,
    qualifier,
    reported,
    same_measure,
    subject,
)
from agent.domain import Claim, KpiRecord

_TOLD_FLAGS = {"restated", "estimated", "ocr", "gross", "net"}
"""Flags a sentence carries; others stand with the record."""
_Measure = tuple[str, str | None, str, str]
"""KPI, basis, what it is of, boundary."""


def figure_claims(
    records: Sequence[KpiRecord], *, company: str, year: int | None = None
) -> list[Claim]:
    """One sentence a measure, in telling order.

    The newest year is told, or `year` where one is asked for. Figures of a part of the company
    are told only where there is none of the whole, candidates only where nothing is verified.
    """
    order = {kpi: index for index, kpi in enumerate(figure_phrases())}
    return [
        figure_claim(now, records, company=company)
        for kpi in sorted({r.kpi for r in records}, key=lambda k: (order.get(k, len(order)), k))
        for now in newest(records, kpi, year)
    ]


def newest(records: Sequence[KpiRecord], kpi: str, year: int | None = None) -> list[KpiRecord]:
    """The current record of each measure of a KPI for the newest year (or the year asked for).

    Verified ones first; candidates only where they are of a later year than those.
    """
    current = [
        r
        for r in records
        if r.kpi == kpi and r.superseded_by is None and (year is None or r.year == year)
    ]
    current = _preferring(current, lambda r: is_group_wide(r.boundary))
    verified = [r for r in current if r.status == "verified"]
    last = max((r.year for r in verified), default=0)
    return _last_of_each(verified) + _last_of_each([r for r in current if r.year > last])


def _last_of_each(records: Sequence[KpiRecord]) -> list[KpiRecord]:
    """The record of the last year, one a measure."""
    last = max((r.year for r in records), default=0)
    measures: dict[_Measure, KpiRecord] = {}
    for record in records:
        if record.year == last:
            key = (record.kpi, record.basis, qualifier(record), record.boundary)
            measures.setdefault(key, record)
    return list(measures.values())


def _preferring(records: list[KpiRecord], holds: Callable[[KpiRecord], bool]) -> list[KpiRecord]:
    kept = [record for record in records if holds(record)]
    return kept or records


def figure_claim(now: KpiRecord, records: Sequence[KpiRecord], *, company: str) -> Claim:
    """The figure in a sentence, with its change against the year before where it is known."""
    known = phrase(now.kpi)
    before = year_before(now, records)
    verb = "were" if known.plural else "was"
    text = f"{subject(now)} {verb} {reported(now)} in {now.year}"
    used = [now]
    if before and now.status == before.status == "verified":
        text += f", {comparison(now, before)}"
        used.append(before)
    if not is_group_wide(now.boundary):
        text += f" (boundary: {now.boundary})"
    text += "."
    if now.status == "candidate":
        text = f"Candidate, not confirmed a second way: {mid_sentence(text)}"
    notes = [flag for flag in now.flags if flag in _TOLD_FLAGS]
    if notes:
        text = f"{text[:-1]} ({', '.join(notes)})."
    return claim(text, (r.evidence for r in used), topic=known.topic, company=company, records=used)


def year_before(now: KpiRecord, records: Sequence[KpiRecord]) -> KpiRecord | None:
    """The same measure one year earlier; none where the report gives several values."""
    found = [
        r
        for r in records
        if r.year == now.year - 1 and r.superseded_by is None and same_measure(now, r)
    ]
    return found[0] if len({r.value for r in found}) == 1 else None


def comparison(now: KpiRecord, before: KpiRecord) -> str:
    """ "4.2% less than in 2022 (41,157 t CO2e)"."""
    then = f"in {before.year} ({reported(before)})"
    if now.value == before.value:
        return f"the same as {then}"
    words = ("more", "less") if phrase(now.kpi).scale == "absolute" else ("higher", "lower")
    direction = words[0] if now.value > before.value else words[1]
    if now.unit == "%":
        points = number(round(abs(now.value - before.value), 2))
        return f"{points} percentage points {direction} than {then}"
    change = change_pct(now, before)
    if change is None or abs(change) >= 1000:
        return f"{direction} than {then}"
    return f"{number(_rounded(abs(change)))}% {direction} than {then}"


def _rounded(change: float) -> float:
    """One decimal for a change, two where it would read as no change at all."""
    return round(change, 1) if change >= 0.05 else round(change, 2)
