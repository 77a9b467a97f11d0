"""What a table column holds: a fiscal year's value, a target, a change, a part."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tools.evidence.kpis.catalogue import vocabulary
from tools.evidence.kpis.labels import (
    Basis,
    basis_of,
    boundary_of,
    canonical,
    is_neutral,
    speaks_of_part,
    without_boundary,
)
from tools.evidence.units import Unit, is_magnitude, parse_unit
from tools.pdf.tables_tokens import HEADER_WORDS, is_year_change, year_of

ColumnKind = Literal["value", "target", "change", "share", "other"]


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """A column header read. `name` are its words beyond year, unit and usual header words."""

    year: int | None
    kind: ColumnKind
    name: str = ""
    total: bool = False
    part: bool = False
    unit: Unit | None = None
    unit_printed: str = ""
    basis: Basis | None = None
    boundary: str = ""


_MONTHS = frozenset(
    [
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)


@lru_cache(maxsize=5_000)
def read_column(header: str) -> ColumnMeaning:
    """Read a header such as "2023", "Target 2030", "Group 2023 Total", "2022 in t", "Change"."""
    words = header.split()
    years = [year for word in words if (year := year_of(word)) is not None]
    rest = [w for w in words if year_of(w) is None]
    found = vocabulary()
    plain = [w.casefold().strip("()[].,:;*") for w in rest]
    unit_printed, unit, rest = _unit(rest)
    kind: ColumnKind = "value"
    if any(w in found.target_columns for w in plain):
        kind = "target"
    elif (
        any(is_year_change(w) for w in words)
        or any(w in found.change_columns for w in plain)
        or len(set(years)) > 1
    ):
        kind = "change"
    elif not years:
        kind = "share" if unit is not None and unit.dimension == "share" else "other"
    dated = any(w in _MONTHS for w in plain)
    name = canonical(
        " ".join(
            w
            for w in rest
            if (w.isdigit() and not dated) or w.casefold().strip("()[].,:;*") not in HEADER_WORDS
        )
    )
    whole = canonical(" ".join(rest))
    name = " ".join(
        w
        for w in without_boundary(name).split()
        if re.sub(r"[\W\d]", "", w) not in found.restated | found.base_columns
    )
    return ColumnMeaning(
        year=years[-1] if years else None,
        kind=kind,
        name="" if all(is_neutral(w) for w in name.split()) else name,
        total=any(w in found.total_columns for w in plain),
        part=speaks_of_part(name),
        unit=unit,
        unit_printed=unit_printed,
        basis=basis_of(whole),
        boundary=boundary_of(whole) or "",
    )


def _unit(words: list[str]) -> tuple[str, Unit | None, list[str]]:
    """A unit among the last or bracketed words of a header, and the words without it."""
    text = " ".join(words)
    bracket = re.search(r"[(\[]([^()\[\]]+)[)\]]", text)
    if bracket:
        unit = parse_unit(bracket[1])
        if unit is not None and unit.dimension != "count":
            return bracket[1], unit, f"{text[: bracket.start()]} {text[bracket.end() :]}".split()
    for size in range(min(len(words), 6), 0, -1):
        for start in range(len(words) - size + 1):
            piece = " ".join(words[start : start + size])
            unit = parse_unit(piece)
            if unit is not None and unit.dimension != "count" and (len(piece) > 1 or piece == "%"):
                if start and is_magnitude(words[start - 1]):
                    return "", None, words
                return piece, unit, words[:start] + words[start + size :]
            if piece == "t" and start and words[start - 1].casefold() == "in":
                return piece, parse_unit("t"), words[:start] + words[start + 1 :]
    return "", None, words
