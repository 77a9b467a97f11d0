"""What a label of a text table says by its place: its unit, and the row it continues."""

import re
from collections.abc import Sequence

from tools.evidence.kpis.labels import basis_of, canonical, is_generic
from tools.evidence.units import parse_unit
from tools.pdf.page import TableRow

_BASIS_WORDS = re.compile(
    r"\(?\b(?:market|location|region|regional|grid|contract)[- ](?:based|oriented)\b\)?"
    r"(?: (?:method|approach))?"
)
_SCOPE_TWO = re.compile(r"\bscope_2\b")


def inner_unit(label: str) -> tuple[str, str]:
    """A label without an emission unit that stands before its last words, and that unit.

    "Direct emissions (Scope 1) kt CO2e Group total" has the unit column inside its label. Only
    words that say nothing themselves may follow the unit.
    """
    words = label.split()
    for start in range(1, len(words) - 1):
        for end in range(min(start + 5, len(words) - 1), start, -1):
            printed = " ".join(words[start:end])
            unit = parse_unit(printed)
            if unit is None or unit.dimension != "emissions":
                continue
            if is_generic(canonical(" ".join(words[end:]))):
                return " ".join([*words[:start], *words[end:]]), printed
    return label, ""


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
        return row.label
    return ""


def _rest(label: str) -> str:
    """A canonical label without Scope 2 and the basis."""
    return " ".join(re.findall(r"\w+", _SCOPE_TWO.sub(" ", _BASIS_WORDS.sub(" ", label))))
