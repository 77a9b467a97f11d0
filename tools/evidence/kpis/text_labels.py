"""What a label of a text table says by its place: its unit, and the row it continues."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tools.evidence.kpis.labels import (
    LabelMatch,
    basis_of,
    canonical,
    is_generic,
    matches,
    split_unit,
)
from tools.evidence.numbers import parse_number
from tools.evidence.units import parse_unit
from tools.pdf.page import TableRow

_BASIS_WORDS = re.compile(
    r"\(?\b(?:market|location|region|regional|grid|contract)[- ](?:based|oriented)\b\)?"
    r"(?: (?:method|approach))?"
)
_UNIT_BEGINS = re.compile(
    r"(?:[kKMm]?t|tonnes?|tons?|metric|thousand|million|kilo|mega|mio|mn|['’‘]000|1[.,’']000)"
    r"(?![A-Za-z]{0,2}[a-z]{3})",
    re.IGNORECASE,
)
_MAGNITUDE = re.compile(
    r"\W*(?:1[ .,’'‘]?)?000$|of$|(?:metric|mill|mio|mn|mm$|m$|k$|thou|kilo|mega|giga|bn|"
    r"bill|tsd|tausend)",
    re.IGNORECASE,
)
"""Before a unit it makes another one of it."""
_SCOPE_TWO = re.compile(r"\bscope_2\b")


def inner_unit(label: str) -> tuple[str, str]:
    """A label without an emission unit that stands before its last words, and that unit.

    "Direct emissions (Scope 1) kt CO2e Group total" has the unit column inside its label. Only
    words that say nothing themselves may follow the unit.
    """
    words = label.split()
    for start, end in _units(words):
        if start > 0 and end < len(words) and is_generic(canonical(" ".join(words[end:]))):
            return " ".join([*words[:start], *words[end:]]), " ".join(words[start:end])
    return label, ""


def _units(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where emission units stand among words, the longest at each place."""
    position = 0
    while position < len(words):
        begins = _UNIT_BEGINS.match(words[position].strip("(["))
        if position and _MAGNITUDE.match(words[position - 1].strip("([")):
            begins = None
        for end in range(min(position + 5, len(words)), position, -1) if begins else ():
            unit = parse_unit(" ".join(words[position:end]).strip("(),"))
            if unit is not None and unit.dimension == "emissions":
                yield position, end
                position = end - 1
                break
        position += 1


def other_basis(label: str, above: Sequence[TableRow]) -> str:
    """The label of the Scope 2 row that a row with nothing but the other basis goes on from.

    "Location-based" right below "Scope 2, market-based", or "Total (location-based)" below
    "Scope 2 total (market-based)" and its parts; "" where there is none. A bare "total" of a
    basis may add up several scopes, so that it needs the same words.
    """
    folded = canonical(label)
    basis = basis_of(folded)
    if basis is None or not is_generic(folded):
        return ""
    rest = _rest(folded)
    for distance, row in enumerate(reversed(above)):
        other = canonical(row.label)
        if "scope" not in other and basis_of(other) is None:
            continue
        if basis_of(other) in (None, basis):
            return ""
        if distance and not (rest and rest == _rest(other)):
            return ""
        if "total" in rest and rest != _rest(other):
            return ""
        return _same_figures(row, above) or row.label
    return ""


def _same_figures(row: TableRow, above: Sequence[TableRow]) -> str:
    """The label of a Scope 2 row above with the very figures of a row, "" where there is none."""
    for other in above:
        label = canonical(other.label)
        if _SCOPE_TWO.search(label) and basis_of(label) is None and other.cells == row.cells:
            return other.label
    return ""


def _rest(label: str) -> str:
    """A canonical label without Scope 2 and the basis."""
    return " ".join(re.findall(r"\w+", _SCOPE_TWO.sub(" ", _BASIS_WORDS.sub(" ", label))))


_METHOD = re.compile(
    r"((?:[Mm]arket|[Ll]ocation)[- ]based (?:method|approach)) (?=[A-Z])(?!(?:Scope|Total)\b)"
)


def split_method(label: str) -> tuple[str, str]:
    """The heading "Market-based method" that stands in one line with its first row, and the row."""
    found = _METHOD.match(label)
    return (found[1], label[found.end() :]) if found else ("", label)


def without_parts(rows: Sequence[TableRow]) -> list[TableRow]:
    """Rows without those that name one figure twice and add up to the total right below them.

    "Indirect emissions from electricity" and "Indirect emissions from heat" above their "Total"
    are parts of it, though each of them may name the whole by itself. The total is of what their
    names begin with ("Indirect emissions"), where that names the figure.
    """
    parts: set[int] = set()
    named_totals: dict[int, TableRow] = {}
    for place, row in enumerate(rows):
        folded = canonical(row.label)
        if not re.match(r"(?:sub)?totals?\b", folded) or not is_generic(folded):
            continue
        for first in range(place - 2, max(-1, place - 8), -1):
            members = rows[first:place]
            named = [match.kpi.id for member in members for match in _first(member.label)]
            if len(named) == len(members) and len(set(named)) == 1 and _adds_up(row, members):
                parts |= set(range(first, place))
                named_totals[place] = _of_what(row, members)
    return [named_totals.get(place, row) for place, row in enumerate(rows) if place not in parts]


def _of_what(total: TableRow, members: Sequence[TableRow]) -> TableRow:
    """The total under the words its members begin with, where these name their figure exactly."""
    words = [member.label.split() for member in members]
    shared = []
    for column in zip(*words, strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    while shared and shared[-1].casefold() in ("from", "by", "of", "for", "in", "due", "to", "-"):
        shared.pop()
    name = " ".join(shared)
    found = _first(name)
    if total.label.casefold().startswith("sub") or len({member.section for member in members}) > 1:
        return total
    if not found or found[0].purity != "exact" or found[0].kpi != _first(members[0].label)[0].kpi:
        return total
    return replace(total, section=" > ".join(filter(None, (members[0].section, name))))


def _first(label: str) -> tuple[LabelMatch, ...]:
    return matches(canonical(split_unit(label)[0]))[:1]


def _adds_up(total: TableRow, members: Sequence[TableRow]) -> bool:
    """In every column, to the last digit but for rounding."""
    for column, cell in enumerate(total.cells):
        numbers = [parse_number(text, whole=True) for text in (cell, *_column(members, column))]
        found = [number for number in numbers if number is not None]
        if len(found) < len(numbers):
            return False
        slack = sum(0.5 * 10.0**-number.decimals for number in found) * 1.02
        if abs(found[0].value - sum(number.value for number in found[1:])) > slack:
            return False
    return True


def _column(rows: Sequence[TableRow], column: int) -> list[str]:
    return [row.cells[column] for row in rows]
