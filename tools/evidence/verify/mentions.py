"""Numbers, years and scopes as a sentence mentions them, each with its unit and its role."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tools.evidence.numbers import Style, parse_number
from tools.evidence.units import Unit, parse_unit
from tools.evidence.verify.vocabulary import Mark

Role = Literal["plain", "target", "base"]

_NUMBER = re.compile(
    r"(?<![\w.,&])(?P<sign>[-–−+]\s?)?"
    r"(?P<digits>\d{1,3}(?:[.,'’\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?)(?![\d&]|[.,]\d)"
)
_YEAR = re.compile(
    r"(?<![\d.,€$£])(?P<lead>\b(?:FY|fiscal(?: year)?|financial year)\s?['’]?)?"
    r"(?P<year>(?:19[5-9]\d|20\d\d|2100))(?:\s?/\s?(?P<to>20\d\d|\d\d))?"
    r"(?!\d|[.,]\d|\s?%)"
)
_SHORT_YEAR = re.compile(r"\bFY\s?['’]?(?P<from>\d\d)(?:\s?/\s?(?P<to>\d\d))?(?!\d)")
_PREVIOUS = re.compile(
    r"\b(?:previous|prior|preceding|last) (?:fiscal |financial |reporting )?year(?:'s|’s)?\b"
    r"|\b(?:the )?year before\b|\bvorjahr\w*",
    re.IGNORECASE,
)
_ONE_SCOPE = r"[1-3](?:\.\d{1,2})?(?!\d|[.,]\d)"
_SCOPES = re.compile(
    rf"\bscopes?[\s-]*(?P<list>{_ONE_SCOPE}(?:\s*(?:,\s*(?:and|und|&)|[,+&/–-]|and|und|to|bis)\s*"
    rf"(?:scopes?\s*)?{_ONE_SCOPE})*)",
    re.IGNORECASE,
)
_CATEGORY = re.compile(r"\b(?:category|categories|kategorie)\s+(\d{1,2})(?!\d)", re.IGNORECASE)
_TARGET_BEFORE = re.compile(
    r"\b(?:by|until|till|before|bis|no later than|not later than)\s+(?:the\s+)?(?:end\s+of\s+)?"
    r"(?:the\s+)?(?:year[- ]end\s+)?(?:no later than\s+)?"
    r"(?:fiscal\s+|financial\s+|calendar\s+)?(?:years?\s+)?(?:FY\s?)?$",
    re.IGNORECASE,
)
_BASE_BEFORE = re.compile(
    r"\b(?:compared\s+(?:to|with)|in comparison (?:to|with)|versus|vs\.?|relative\s+to|"
    r"against|from|since|baseline|base[- ]year|basis(?:jahr)?|gegenüber|reference year|over)\b"
    r"[^.;\d]{0,32}$",
    re.IGNORECASE,
)
_BASE_AFTER = re.compile(
    r"^\s*\)?\s*(?:(?:as\s+)?(?:a\s+|the\s+|our\s+)?base[- ]?(?:line|year)|levels?\b|baseline)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"^\s*(?:percentage|per cent|%)[- ]?points?|^\s*(?:pp|p\.p\.|ppts?)\b", re.IGNORECASE
)
_SCALE = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "mio": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "mrd": 1e9, "trillion": 1e12,
}  # fmt: skip
_SCALE_AFTER = re.compile(
    r"^\s?(?P<word>thousand|million|billion|trillion|mn|mio|bn|mrd|m|k)\b\.?", re.IGNORECASE
)
_CURRENCY = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD",
    "usd": "USD", "dollars": "USD", "£": "GBP", "gbp": "GBP", "chf": "CHF", "¥": "JPY",
    "jpy": "JPY", "₩": "KRW", "krw": "KRW", "sek": "SEK", "c$": "CAD", "cad": "CAD",
}  # fmt: skip
_CURRENCY_BEFORE = re.compile(r"(US\$|C\$|[€$£¥₩]|\b(?:EUR|USD|GBP|CHF|JPY|KRW|SEK|CAD))\s?$")
_CURRENCY_AFTER = re.compile(
    r"^\s?(€|\$|£|(?:EUR|USD|GBP|CHF|JPY|KRW|SEK|CAD|euros?|dollars)\b)", re.IGNORECASE
)
_DEGREES = re.compile(r"^[\s-]?(?:°\s?C?|degrees?)", re.IGNORECASE)
_LEAD = re.compile(r"\b(by|to|from)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_LEAD_FILL = re.compile(
    r"^(?:about|around|approximately|roughly|nearly|almost|over|a|an|further|up|at|least|more|than|less|some|"
    r"the|below|under|above)$",
    re.IGNORECASE,
)
_UNIT_WORDS = 7
_NO_UNIT_WORD = re.compile(
    r"\s*(?:for|by|compared|from|to|and|than|as|was|were|during|versus|against|at|on|"
    r"in\s+(?:the\s+year\s+)?(?:fiscal|FY|19|20))\b|\s*in\s+20\d\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `step` is the value of its last printed place (100 for "3.9 kt"
    counted in tonnes, when `scale` is 1,000); `lead` the "by", "to" or "from" before it."""

    value: float
    step: float
    printed: str
    unit: Unit | None
    start: int
    end: int
    """End with the unit."""
    digits_end: int = 0
    points: bool = False
    signed: Literal["", "-", "+"] = ""
    lead: str = ""
    noun: str = ""
    """The word after a number without a unit ("12 sites")."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year and its role; value 0 stands for "the previous year"."""

    value: int
    role: Role
    start: int
    end: int
    other: int = 0
    """The first year of a split fiscal year ("2022/23")."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a text mentions, in order."""

    text: str
    quantities: tuple[Quantity, ...]
    years: tuple[Year, ...]
    scopes: tuple[Mark, ...]
    """Values are sorted scopes joined by "+", like "1+2" or "3.11"."""


@lru_cache(maxsize=4096)
def read_mentions(text: str, style: Style = "point") -> Mentions:
    """Find scopes, then years, then quantities; a character belongs to one mention only."""
    taken = [False] * len(text)
    scopes = tuple(_scopes(text, taken))
    years = tuple(_years(text, taken))
    return Mentions(text, tuple(_quantities(text, taken, style)), years, scopes)


def _take(taken: list[bool], start: int, end: int) -> bool:
    if any(taken[start:end]):
        return False
    taken[start:end] = [True] * (end - start)
    return True


def _scopes(text: str, taken: list[bool]) -> list[Mark]:
    found = []
    for match in _SCOPES.finditer(text):
        listed = match["list"]
        end = match.end("list")
        numbers = re.findall(r"\d(?:\.\d{1,2})?", listed)
        if re.search(r"\d\s*(?:–|-|to|bis)\s*(?:scopes?\s*)?\d", listed) and len(numbers) == 2:
            low, high = (int(float(n)) for n in numbers)
            numbers = [str(n) for n in range(low, high + 1)] or numbers
        _take(taken, match.start(), end)
        found.append(Mark(match.start(), end, "+".join(sorted(set(numbers)))))
    for match in _CATEGORY.finditer(text):
        if not _take(taken, match.start(), match.end()):
            continue
        start = match.start()
        if found and found[-1].value == "3" and 0 <= start - found[-1].end <= 4:
            start = found.pop().start
        found.append(Mark(start, match.end(), f"3.{int(match[1])}"))
    return sorted(found, key=lambda m: m.start)


def _years(text: str, taken: list[bool]) -> list[Year]:
    found = []
    for match in _YEAR.finditer(text):
        if not match["lead"] and _is_amount(text, match.end()):
            continue
        if not _take(taken, match.start("year"), match.end()):
            continue
        first = int(match["year"])
        last = _full(match["to"], first) if match["to"] else first
        role = _role(text, match.start(), match.end())
        found.append(Year(last, role, match.start(), match.end(), first if last != first else 0))
    for match in _SHORT_YEAR.finditer(text):
        if _take(taken, match.start(), match.end()):
            last = 2000 + int(match["to"] or match["from"])
            first = 2000 + int(match["from"])
            role = _role(text, match.start(), match.end())
            found.append(
                Year(last, role, match.start(), match.end(), first if last != first else 0)
            )
    for match in _PREVIOUS.finditer(text):
        if not any(taken[match.start() : match.end()]):
            found.append(Year(0, "plain", match.start(), match.end()))
    return sorted(found, key=lambda y: y.start)


def _full(text: str, first: int) -> int:
    return int(text) if len(text) == 4 else first // 100 * 100 + int(text)


def _is_amount(text: str, end: int) -> bool:
    """Whether a four-digit number is no year but an amount ("2030 t")."""
    found = re.match(r"\s?([A-Za-z₂³%]+)", text[end : end + 12])
    unit = parse_unit(found.group(1)) if found else None
    return unit is not None and unit.dimension in {"emissions", "energy", "volume", "mass"}


def _role(text: str, start: int, end: int) -> Role:
    before, after = text[max(0, start - 60) : start], text[end : end + 30]
    if _TARGET_BEFORE.search(before):
        return "target"
    if _BASE_AFTER.match(after) or _BASE_BEFORE.search(before):
        return "base"
    return "plain"


def _quantities(text: str, taken: list[bool], style: Style) -> list[Quantity]:
    found = []
    for match in _NUMBER.finditer(text):
        start, end = match.start("digits"), match.end("digits")
        if any(taken[start:end]):
            continue
        number = parse_number(match["digits"], style)
        if number is None:
            continue
        quantity = _quantity(text, match, abs(number.value), number.decimals)
        taken[start : quantity.end] = [True] * (quantity.end - start)
        found.append(quantity)
    return found


def _quantity(text: str, match: re.Match[str], value: float, decimals: int) -> Quantity:
    start, end = match.start("digits"), match.end("digits")
    before, after = text[max(0, start - 40) : start], text[end : end + 90]
    sign: Literal["", "-", "+"] = ""
    if match["sign"] and not before[: -len(match["sign"])].rstrip()[-1:].isalnum():
        sign = "+" if "+" in match["sign"] else "-"
    points = bool(_POINTS.match(after))
    unit, used, scale = (Unit("%", "share"), 0, 1.0) if points else _unit_after(before, after)
    noun = re.match(r"\s+(?:\([^)]*\)\s*)?([^\W\d_]{3,})", after[used:]) if unit is None else None
    return Quantity(
        value=value * scale,
        step=scale * 10.0**-decimals,
        printed=match["digits"],
        unit=unit,
        start=start,
        end=end + used,
        digits_end=end,
        points=points,
        signed=sign,
        lead=_lead(before),
        noun=noun.group(1).casefold() if noun else "",
    )


def _lead(before: str) -> str:
    match = _LEAD.search(before)
    if match is None:
        return ""
    fill = before[match.end(1) :].split()
    return match.group(1).casefold() if all(_LEAD_FILL.match(w) for w in fill) else ""


def _unit_after(before: str, after: str) -> tuple[Unit | None, int, float]:
    """The unit, how many characters after the number it takes, and a scale ("million")."""
    degrees = _DEGREES.match(after)
    if degrees:
        return Unit("°C", "other"), degrees.end(), 1.0
    unit, used = _longest_unit(after)
    if unit is not None and not re.fullmatch(r"\s?(?:m|k)", after[:used]):
        return unit, used, 1.0
    scale, taken = 1.0, 0
    scaled = _SCALE_AFTER.match(after)
    if scaled:
        scale, taken = _SCALE[scaled["word"].casefold()], scaled.end()
    currency = _CURRENCY_BEFORE.search(before) or _CURRENCY_AFTER.match(after[taken:])
    if currency:
        return Unit(_CURRENCY[currency.group(1).casefold()], "other"), taken, scale
    return None, taken, scale


@lru_cache(maxsize=8192)
def _longest_unit(after: str) -> tuple[Unit | None, int]:
    """The unit that the longest run of words after a number is, and the characters it takes."""
    thousands = re.match(r"\s?1[,.]000(?=\s)", after)
    if thousands:
        unit, used = _longest_unit(after[thousands.end() :])
        taken = thousands.end() + used
        return (parse_unit(after[:taken].strip()), taken) if unit else (None, 0)
    found: tuple[Unit | None, int] = (None, 0)
    for text in reversed(_runs(after)):
        plain = text.strip().rstrip(".,;:!?”\"'")
        if not plain or plain[0].isdigit() or _runs_on(plain):
            continue
        unit = parse_unit(plain)
        if unit is None or (found[0] is not None and unit != found[0]):
            continue
        found = unit, len(text) - len(text.lstrip()) + len(plain)
    return found


def _runs(after: str) -> list[str]:
    """The first word, the first two words … up to a comma, a colon or a bracket."""
    runs: list[str] = []
    end = 0
    for piece in re.finditer(r"\s*[^\s,;:()]+(?:,\d{3})*(?:\([^)]{1,20}\))?", after[:80]):
        if piece.start() != end or len(runs) == _UNIT_WORDS:
            break
        if _NO_UNIT_WORD.match(after, piece.start()):
            break
        end = piece.end()
        runs.append(after[:end])
    return runs


def _runs_on(plain: str) -> bool:
    """A percent sign followed by words is the unit "%", not all of them."""
    return plain.startswith(("%", "percent", "per cent")) and " " in plain.replace("per cent", "%")


def same_unit(one: Unit, other: Unit) -> bool:
    """Whether two units measure the same thing, so that values can be converted."""
    if {one.dimension, other.dimension} == {"emissions", "mass"}:
        return True
    if one.dimension != other.dimension:
        return False
    if one.dimension in {"intensity", "rate"}:
        return one.per.casefold() == other.per.casefold()
    if one.dimension == "other":
        return one.name == other.name
    return True


def equal_values(said: Quantity, value: float, unit: Unit | None, *, step: float = 0.0) -> bool:
    """Whether a said quantity is a value, converted and rightly rounded to the places said.

    `step` is the last printed place of the value itself: a claim may not be finer.
    """
    theirs, ours = value, said.value
    said_step = said.step
    if said.unit is not None and unit is not None:
        if not same_unit(said.unit, unit):
            return False
        theirs, ours = value * unit.factor, said.value * said.unit.factor
        said_step = said.step * said.unit.factor
        step *= unit.factor
    theirs = abs(theirs)
    if step > said_step * 1.000001 and abs(ours - theirs) > 1e-9 * max(1.0, theirs):
        return False
    room = 0.5 * said_step * (1 + 1e-9) if said_step > step * 1.000001 or not step else 0.0
    return abs(ours - theirs) <= max(min(room, 0.05 * theirs), 1e-9 * max(1.0, theirs))
