"""Ranges, leaders and trends of the table's columns, each as a claim over its records."""

from collections.abc import Sequence

from agent.analyst.extractive.claims import claim
from agent.analyst.extractive.figures import year_before
from agent.analyst.extractive.overview import Overview, Shown
from agent.analyst.wording import (
    change_pct,
    count_word,
    ended,
    listed,
    mid_sentence,
    number,
    phrase,
    qualifier,
    quantity,
    subject,
)
from agent.domain import Claim, ComparisonColumn, KpiRecord

_LEAST = 2
_OWN_SCOPES = 2


def emission_claims(view: Overview) -> list[Claim | None]:
    """Who reports which scope, the span, and where emissions went."""
    found: list[Claim | None] = []
    for kpi in ("scope_1", "scope_2", "scope_1_2", "scope_3"):
        found += [span_claim(view, index) for index, _ in view.columns(kpi)]
    for kpi in ("scope_1_2", "scope_3"):
        found += trend_claims(view, kpi)
    found += ranking_claims(view, "ghg_intensity")
    found += trend_claims(view, "ghg_intensity")
    return found


def emission_points(view: Overview) -> list[str]:
    """What the spans above do not mean."""
    if not any(span_claim(view, index) for index, _ in view.columns("scope_1")):
        return []
    return [
        "The amounts above grow with the size of a company and are no ranking; what is "
        "comparable are intensities, shares and each company's own trend."
    ]


def headline_claims(view: Overview) -> list[Claim | None]:
    """How many companies report all three scopes, and how many went up or down."""
    return [_all_scopes(view), _directions(view)]


def _all_scopes(view: Overview) -> Claim | None:
    """Who gives Scope 3 beside Scope 1 and 2, by the newest record of each."""
    complete = [
        (company.name, records)
        for company in view.companies
        if (records := _scopes_of(company.kpis))
    ]
    if not complete or len(view.companies) < _LEAST:
        return None
    records = [record for _, own in complete for record in own]
    who = _how_many(len(complete), len(view.companies))
    verb = "reports" if len(complete) == 1 else "report"
    names = ended(listed([name for name, _ in complete]))
    return claim(
        f"{who} {verb} Scope 3 emissions beside their own (Scope 1 and 2): {names}",
        (r.evidence for r in records),
        topic="Emissions",
        records=records,
    )


def _scopes_of(kpis: Sequence[KpiRecord]) -> list[KpiRecord]:
    """The newest verified Scope 3 with Scope 1 and 2, together or apart; empty where one lacks."""
    newest_of = {}
    for record in sorted(kpis, key=lambda r: r.year):
        if record.status == "verified" and record.superseded_by is None:
            newest_of[record.kpi] = record
    third, both = newest_of.get("scope_3"), newest_of.get("scope_1_2")
    apart = [newest_of[kpi] for kpi in ("scope_1", "scope_2") if kpi in newest_of]
    if third and both:
        return [third, both]
    return [third, *apart] if third and len(apart) == _OWN_SCOPES else []


def _directions(view: Overview) -> Claim | None:
    """How many companies' own emissions fell and rose."""
    moves = list(_moves(view, "scope_1_2").values())
    if len(moves) < _LEAST:
        return None
    down = sum(change < 0 for _, _, change in moves)
    up = sum(change > 0 for _, _, change in moves)
    records = [r for one, before, _ in moves for r in (one.record, before)]
    return claim(
        f"Scope 1 and 2 emissions {_moved_at(down, up, len(moves))} whose reports give two years.",
        (r.evidence for r in records),
        topic="Emissions",
        records=records,
    )


def _moved_at(down: int, up: int, total: int) -> str:
    """ "fell at two and rose at one of the three companies", "fell at all three companies"."""
    if total in (down, up):
        every = "both" if total == _LEAST else f"all {count_word(total)}"
        return f"{'fell' if down else 'rose'} at {every} companies"
    told = [f"fell at {count_word(down)}"] if down else []
    told += [f"rose at {count_word(up)}"] if up else []
    words = " and ".join(told) or "did not change at any"
    return f"{words} of the {count_word(total)} companies"


def resource_claims(view: Overview) -> list[Claim | None]:
    """Energy, renewable share, water and waste."""
    found: list[Claim | None] = []
    for kpi in ("energy_total", "water_withdrawal", "water_consumption", "waste_total"):
        found += trend_claims(view, kpi)
        if kpi == "energy_total":
            found += ranking_claims(view, "renewable_share")
    found += ranking_claims(view, "waste_recycled_share")
    return found


def people_claims(view: Overview) -> list[Claim | None]:
    """Safety and women in management; rates can be ranked, the number of employees cannot."""
    found: list[Claim | None] = []
    for kpi in ("ltifr", "trir", "women_in_management"):
        found += ranking_claims(view, kpi)
        if kpi != "women_in_management":
            found += trend_claims(view, kpi)
    return found


def span_claim(view: Overview, index: int) -> Claim | None:
    """How many companies report the figure comparably, and from what to what."""
    column = view.table.columns[index]
    cells = [one for one in view.cells(index) if one.cell.comparable]
    if len(cells) < _LEAST:
        return None
    low, high = _extremes(cells)
    text = (
        f"{_how_many(len(cells), len(view.companies))} report comparable "
        f"{_name(column, low.record)} for {column.year}, from {_value(low)} ({low.company}) to "
        f"{_value(high)} ({high.company})."
    )
    return _claim(text, [low, high, *cells], column)


def ranking_claims(view: Overview, kpi: str) -> list[Claim | None]:
    """The best and the weakest of a figure that does not depend on size."""
    better = phrase(kpi).better
    found: list[Claim | None] = []
    for index, column in view.columns(kpi):
        cells = [one for one in view.cells(index) if one.cell.comparable]
        if len(cells) < _LEAST or better == "none":
            continue
        low, high = _extremes(cells)
        if low.cell.value == high.cell.value:
            continue
        first, last = (low, high) if better == "lower" else (high, low)
        words = ("lowest", "highest") if better == "lower" else ("highest", "lowest")
        name = mid_sentence(_name(column, first.record)).removeprefix("the ")
        text = (
            f"{first.company} reports the {words[0]} {name} for {column.year} ({_value(first)}), "
            f"{last.company} the {words[1]} ({_value(last)}), among "
            f"{count_word(len(cells))} comparable figures."
        )
        found.append(_claim(text, [first, last, *cells], column))
    return found


def trend_claims(view: Overview, kpi: str) -> list[Claim | None]:
    """Where the figure went against the year before, within each company's own measure.

    A trend compares a company with itself, so companies that cannot be compared with each other
    stand in one sentence.
    """
    moves = _moves(view, kpi).values()
    return [
        _moved(kpi, [m for m in moves if m[2] < 0], "fell", "down"),
        _moved(kpi, [m for m in moves if m[2] > 0], "rose", "up"),
    ]


def _moves(view: Overview, kpi: str) -> dict[str, tuple[Shown, KpiRecord, float]]:
    """By company: the figure, the year before and the change, from its first column with both."""
    moves: dict[str, tuple[Shown, KpiRecord, float]] = {}
    for index, _ in view.columns(kpi):
        for one in view.cells(index):
            before = year_before(one.record, view.records(one.company))
            usable = before and before.status == one.record.status == "verified"
            change = change_pct(one.record, before) if before and usable else None
            if before and change is not None and one.company not in moves:
                moves[one.company] = (one, before, change)
    return moves


def _moved(
    kpi: str, moves: Sequence[tuple[Shown, KpiRecord, float]], verb: str, way: str
) -> Claim | None:
    if not moves:
        return None
    ordered = sorted(moves, key=lambda m: -abs(m[2]))
    told = [
        f"{one.company} ({way} {_change(one.record, before, change)} to "
        f"{quantity(one.record.value, one.record.unit)} in {one.record.year})"
        for one, before, change in ordered
    ]
    records = [r for one, before, _ in ordered for r in (one.record, before)]
    return claim(
        f"{phrase(kpi).subject} {verb} at {listed(told)} compared with the year before.",
        (r.evidence for r in records),
        topic=phrase(kpi).topic,
        records=records,
    )


def _change(now: KpiRecord, before: KpiRecord, change: float) -> str:
    if now.unit == "%":
        return f"{number(round(abs(now.value - before.value), 2))} percentage points"
    return f"{number(round(abs(change), 1))}%"


def _how_many(count: int, total: int) -> str:
    word = count_word(count)
    if count == total:
        return "Both companies" if total == 2 else f"All {word} companies"
    return f"{word.capitalize()} of {count_word(total)} companies"


def _extremes(cells: Sequence[Shown]) -> tuple[Shown, Shown]:
    ordered = sorted(cells, key=lambda one: one.cell.value or 0.0)
    return ordered[0], ordered[-1]


def _value(one: Shown) -> str:
    """In the column's unit, as the table shows it."""
    return f"{one.cell.shown}%" if one.column.unit == "%" else f"{one.cell.shown} {one.cell.unit}"


def _name(column: ComparisonColumn, record: KpiRecord) -> str:
    name = phrase(column.kpi).subject
    if column.basis:
        return f"{name} ({column.basis}-based)"
    of = qualifier(record)
    return f"{name} of {of}" if of else subject(record)


def _claim(text: str, cells: Sequence[Shown], column: ComparisonColumn) -> Claim:
    records = [one.record for one in cells]
    return claim(
        text, (r.evidence for r in records), topic=phrase(column.kpi).topic, records=records
    )
