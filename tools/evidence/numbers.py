"""Numbers as printed: decimal comma against thousands comma, decided by the document."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Style = Literal["point", "comma"]
"""The decimal mark: "point" for 1,234.5 and "comma" for 1.234,5."""

_SPACES = "\u00a0\u2009\u202f\u2007 "
_APOSTROPHES = "'’`´‘"
NUMBER = re.compile(
    rf"(?<![\w.,/])[-–−+]?(?:\d{{1,3}}(?:[.,{_SPACES}{_APOSTROPHES}]\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?![\d/]|[.,]\d)"
)
"""A number inside running text; a sign belongs to it, a following unit does not."""

_POINT_MARKS = re.compile(
    r"^(?:\d{1,3}(?:,\d{3})+\.\d+|\d+\.\d{1,2}|\d+\.\d{4,}|\d{1,3}(?:,\d{3}){2,}|\d{4,}\.\d{3}|0\.\d+)$"
)
_COMMA_MARKS = re.compile(
    r"^(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}|\d+,\d{4,}|\d{1,3}(?:\.\d{3}){2,}|\d{4,},\d{3}|0,\d+)$"
)
_GROUPED = {"point": re.compile(r"^\d{1,3},\d{3}$"), "comma": re.compile(r"^\d{1,3}\.\d{3}$")}
"""Numbers that may be either, but in a text full of them show the mark of thousands."""
_CORE = re.compile(r"\d(?:[\d.,\s'’`´‘\u00a0\u2009\u202f\u2007]*\d)?")


@dataclass(frozen=True, slots=True)
class Number:
    """A parsed number. `printed` is its string on the page without unit; `decimals` its places."""

    value: float
    printed: str
    decimals: int
    percent: bool = False
    limit: bool = False
    """Printed as a bound or an estimate ("<0.1", "approx. 5")."""


def style_of(tokens: Iterable[str], least: int = 1) -> Style | None:
    """The decimal mark that unambiguous numbers among the tokens show, None where none does.

    `least` is how many of them must show it.
    """
    point = comma = 0
    for token in tokens:
        core = _CORE.search(token)
        if core is None:
            continue
        text = core.group()
        point += bool(_POINT_MARKS.match(text))
        comma += bool(_COMMA_MARKS.match(text))
    if max(point, comma) < least or min(point, comma) * 4 > max(point, comma):
        return None
    if point == comma:
        return None
    return "point" if point > comma else "comma"


def usual_style(tokens: Iterable[str]) -> Style:
    """The decimal mark of a long text, told by all its numbers, the ambiguous ones included."""
    votes = {"point": 0, "comma": 0}
    for token in tokens:
        for style, sure in (("point", _POINT_MARKS), ("comma", _COMMA_MARKS)):
            votes[style] += bool(sure.match(token) or _GROUPED[style].match(token))
    return "comma" if votes["comma"] > votes["point"] else "point"


def parse_number(text: str, style: Style = "point", *, whole: bool = False) -> Number | None:
    """The first number of a printed cell ("146 kt CO2e", "(12.5) %", "€1,234"), or None.

    `whole` is for quantities nobody prints to three decimals (tonnes, heads, kilowatt hours):
    a mark before a single group of three digits then always sets thousands apart.
    """
    core = _CORE.search(text)
    if core is None:
        return None
    printed = core.group().strip()
    digits = re.sub(rf"[{_SPACES}{_APOSTROPHES}\s]", "", printed)
    if whole and any(pattern.match(digits) for pattern in _GROUPED.values()):
        style = "point" if "," in digits else "comma"
    plain, decimals = _plain(digits, style)
    if plain is None:
        return None
    before, after = text[: core.start()], text[core.end() :]
    negative = bool(re.search(r"[-–−]\s*[€$£¥]?\s*$", before)) or (
        "(" in before and re.match(r"\s*%?\s*\)", after) is not None
    )
    value = -float(plain) if negative else float(plain)
    limit = bool(re.search(r"[<>≤≥~≈±]|\b(?:approx|about|around|ca)\b", before, re.IGNORECASE))
    return Number(value, printed, decimals, bool(re.match(r"\s*%", after)), limit)


def _plain(digits: str, style: Style) -> tuple[str | None, int]:
    """The number with a decimal point and no grouping, and how many decimals it has."""
    mark, group = (".", ",") if style == "point" else (",", ".")
    if _contradicts(digits, style):
        mark, group = group, mark
    if digits.count(mark) > 1:
        return None, 0
    whole, _, fraction = digits.partition(mark)
    if group in fraction:
        return None, 0
    whole = whole.replace(group, "")
    if not whole.isdigit() or (fraction and not fraction.isdigit()):
        return None, 0
    return f"{whole}.{fraction or 0}", len(fraction)


def _contradicts(digits: str, style: Style) -> bool:
    """The number itself shows the other style beyond doubt ("1.234.567" in a point document)."""
    point, comma = bool(_POINT_MARKS.match(digits)), bool(_COMMA_MARKS.match(digits))
    return comma and not point if style == "point" else point and not comma


def numbers_equal(left: float, right: float, decimals: int = 0) -> bool:
    """Equal up to rounding at the coarser printed precision."""
    tolerance = 0.5000001 * 10 ** (-decimals) if decimals >= 0 else 0.0
    return abs(left - right) <= max(tolerance, 1e-9 * max(abs(left), abs(right)))
