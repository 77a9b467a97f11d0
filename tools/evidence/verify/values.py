"""Whether a number of a claim is a record's value, or the change between two years of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.domain import KpiRecord
from tools.evidence.units import Unit, parse_unit
from tools.evidence.verify.agreement import comparators, directions
from tools.evidence.verify.binding import AMBIGUOUS, bound_value, bound_year
from tools.evidence.verify.mentions import Mentions, Quantity, Year, equal_values
from tools.evidence.verify.outcome import NotBorneOutError, Outcome
from tools.evidence.verify.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Pair:
    """A measure in two years; `change` in per cent of the earlier value."""

    now: KpiRecord
    before: KpiRecord

    @property
    def change(self) -> float | None:
        if self.before.value == 0:
            return None
        return (self.now.value - self.before.value) / abs(self.before.value) * 100

    @property
    def direction(self) -> str:
        if self.now.value == self.before.value:
            return "flat"
        return "up" if self.now.value > self.before.value else "down"


def pairs(records: Sequence[KpiRecord]) -> tuple[Pair, ...]:
    """Two years of one measure of one report, the later first."""
    return tuple(
        Pair(now, before)
        for now in records
        for before in records
        if now.year > before.year and _measure(now) == _measure(before)
    )


def _measure(record: KpiRecord) -> tuple[object, ...]:
    return (record.evidence.report, record.kpi, record.basis, record.boundary, record.unit)


def record_unit(record: KpiRecord) -> Unit | None:
    """The record's unit, by its normal or its printed spelling."""
    return parse_unit(record.unit) or parse_unit(record.unit_printed)


def record_scope(record: KpiRecord) -> str | None:
    """The scope a KPI id names ("scope_1_2" is "1+2", "scope_3_11" is "3.11")."""
    match = re.fullmatch(r"scope_(\d(?:_\d{1,2})*)", record.kpi)
    if match is None:
        return None
    parts = match[1].split("_")
    if parts[0] == "3" and len(parts) == 2:
        return f"3.{parts[1]}"
    return "+".join(parts)


def check_value(
    number: Quantity, mentions: Mentions, record: KpiRecord, report: str | None
) -> None:
    """Raise unless the number is this record's value, said of its company, year and scope."""
    unit = record_unit(record)
    _, step = _printed_step(record)
    if not _matches(number, mentions, record, unit, step):
        outcome = Outcome.NUMBER_NOT_BORNE_OUT
        if number.printed == record.printed:
            outcome = Outcome.UNIT_NOT_BORNE_OUT
        raise NotBorneOutError(
            outcome,
            f"{number.printed} is not the figure on record ({record.printed} {record.unit}).",
        )
    if number.lead == "by":
        raise NotBorneOutError(
            Outcome.NUMBER_NOT_BORNE_OUT, f"{number.printed} is the value itself, not a change."
        )
    if report is not None and report != record.evidence.report:
        raise NotBorneOutError(
            Outcome.COMPANY_NOT_BORNE_OUT, f"{number.printed} is another company's figure."
        )
    year = bound_year(mentions, number, "plain")
    if year == AMBIGUOUS or (isinstance(year, Year) and year.value not in (record.year, 0)):
        raise NotBorneOutError(
            Outcome.YEAR_NOT_BORNE_OUT, f"{number.printed} is the figure of {record.year}."
        )
    scope = bound_value(mentions.scopes, number, mentions)
    own = record_scope(record)
    if scope is not None and own is not None and scope != own:
        raise NotBorneOutError(
            Outcome.SCOPE_NOT_BORNE_OUT, f"{number.printed} is the figure of Scope {own}."
        )
    basis = bound_value(vocabulary().contrasts("basis", mentions.text), number, mentions)
    if basis is not None and record.basis is not None and basis != record.basis:
        raise NotBorneOutError(
            Outcome.BASIS_NOT_BORNE_OUT, f"{number.printed} is the {record.basis}-based figure."
        )


def _printed_step(record: KpiRecord) -> tuple[int, float]:
    """Decimals of the printed value and the size of its last place."""
    text = f"{record.value:.10f}".rstrip("0")
    decimals = len(text.partition(".")[2])
    return decimals, 10.0**-decimals


def _matches(
    number: Quantity, mentions: Mentions, record: KpiRecord, unit: Unit | None, step: float
) -> bool:
    if number.points:
        return False
    if _unit_as_printed(number, mentions.text, record):
        plain = replace(number, unit=None)
        return equal_values(plain, record.value, None, step=step)
    if number.unit is None and unit is not None and unit.dimension not in {"count", "rate"}:
        return False
    if number.unit is not None and unit is None:
        return False
    said = comparators(mentions.text, number.start) - {"about"}
    if said:
        above, below = said == {"above"}, said == {"below"}
        value = record.value * (unit.factor if unit else 1.0)
        ours = number.value * (number.unit.factor if number.unit else 1.0)
        inside = (above and ours < value <= 1.1 * ours) or (below and 0.9 * ours <= value < ours)
        return inside and (number.unit is None or unit is None or _same(number.unit, unit))
    return equal_values(number, record.value, unit, step=step)


def _unit_as_printed(number: Quantity, text: str, record: KpiRecord) -> bool:
    """Whether the record's own unit follows the number word for word (for units as
    "g CO2e/litre" whose end in a sentence only the record tells)."""
    said = comparators(text, number.start) - {"about"}
    wanted = " ".join(record.unit.split()).casefold()
    after = " ".join(text[number.digits_end :].split()).casefold()
    ends = not after[len(wanted) : len(wanted) + 1].isalnum()
    return bool("/" in wanted and not said and after.startswith(wanted) and ends)


def _same(one: Unit, other: Unit) -> bool:
    return one.dimension == other.dimension and one.per == other.per


def is_change(number: Quantity, mentions: Mentions, pair: Pair, report: str | None) -> bool:
    """Whether a number is the change between the two years, in the direction said of it."""
    if report is not None and report != pair.now.evidence.report:
        return False
    if number.lead == "to":
        return False
    difference = abs(pair.now.value - pair.before.value)
    room = 0.5 * number.step * (1 + 1e-6)
    percent = number.unit is not None and number.unit.name == "%"
    if percent and not number.points:
        if pair.change is None or pair.now.unit == "%":
            return False
        right = abs(abs(pair.change) - number.value) <= room
    elif percent:
        right = pair.now.unit == "%" and abs(difference - number.value) <= room
    else:
        right = equal_values(number, difference, record_unit(pair.now)) and difference > 0
    if not right:
        return False
    said = bound_value(directions(mentions), number, mentions)
    if said != pair.direction:
        return False
    return _years_of_pair(number, mentions, pair)


def _years_of_pair(number: Quantity, mentions: Mentions, pair: Pair) -> bool:
    """The years said with a change are the two of the pair."""
    years = {pair.now.year, pair.before.year, 0}
    near = [bound_year(mentions, number, role) for role in ("plain", "base")]
    return all(y.value in years for y in near if isinstance(y, Year))
