"""Units as printed, in one normal spelling, with the factor to a base unit.

Spelling follows the reports: `t CO2e`, `kt CO2e`, `1,000 t CO2e`, `million t CO2e`, `GWh`,
`million m3`, `%`, `per million hours worked`, `t CO2e/EUR million revenue`. The factors of
physical units come from pint, but for watt hours and joules, which a test holds against it.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from agent.domain.kpi import Normalised
from tools.evidence.spelling import spell

if TYPE_CHECKING:
    from pint import UnitRegistry

Dimension = Literal[
    "emissions", "energy", "volume", "mass", "share", "count", "rate", "intensity", "other"
]
BASE_UNITS: dict[str, str] = {
    "emissions": "t CO2e",
    "energy": "MWh",
    "volume": "m3",
    "mass": "t",
    "share": "%",
    "count": "headcount",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure. `factor` takes a value to the base unit of its dimension.

    For intensities `factor` belongs to the numerator; `per` is the denominator in words.
    For rates `per` is "million hours worked" or the like and `factor` takes the value to a
    rate per million hours, where the denominator is hours.
    """

    name: str
    dimension: Dimension
    factor: float = 1.0
    per: str = ""
    gas: str = ""
    """"CO2e" or "CO2" as printed; empty where the unit names no gas ("t")."""


@cache
def _registry() -> "UnitRegistry[float]":
    from pint import UnitRegistry

    return UnitRegistry()


@lru_cache(maxsize=500)
def physical_factor(unit: str, base: str) -> float:
    """How many `base` one `unit` is, by pint ("GJ" to "MWh" is 0.2777…)."""
    return float(_registry().parse_expression(unit).to(base).magnitude)


_PINT_BASES = {"MWh": "MWh", "m3": "meter ** 3", "t": "metric_ton"}
_MULTIPLIERS = (
    (r"(?:thousands?|tausend|tsd\.?|'000s?|000s?|1[,.' ]?000)", 1e3, "1,000"),
    (r"(?:millions?|mio\.?|mn|mill\.?|1[,.' ]?000[,.' ]?000|mm?)", 1e6, "million"),
    (r"(?:billions?|bn|mrd\.?)", 1e9, "billion"),
)
_AHEAD = (
    (r"k(?:ilo)?", 1e3, "1,000"),
    (r"(?:hundreds?|100)", 1e2, "100"),
    (r"(?:(?:ten|10)[- ]thousands?|10[,.' ]?000|万)", 1e4, "10,000"),
    (r"(?:(?:hundred|100)[- ]thousands?|lakhs?|100[,.' ]?000)", 1e5, "100,000"),
    (r"(?:(?:ten|10)[- ]millions?|crores?)", 1e7, "10 million"),
)
"""Only in front of a unit: behind one, such a number may be a value of its own."""
_MAGNITUDE = re.compile(
    r"[x×*]?(?:10+(?:[,.']000)*|10(?:\^\d+|[³⁴⁵⁶])|['’]?000['’]?s?)|k|kilo|tens?|hundreds?|"
    r"thousands?|millions?|billions?|lakhs?|crores?|万|億",
    re.IGNORECASE,
)
_ENERGY: dict[str, tuple[str, float | str]] = {
    "wh": ("Wh", 1e-6), "kwh": ("kWh", 1e-3), "mwh": ("MWh", 1.0), "gwh": ("GWh", 1e3),
    "twh": ("TWh", 1e6), "kj": ("kJ", 1e-6 / 3.6), "mj": ("MJ", 1e-3 / 3.6),
    "gj": ("GJ", 1 / 3.6), "tj": ("TJ", 1e3 / 3.6), "pj": ("PJ", 1e6 / 3.6),
    "ej": ("EJ", 1e9 / 3.6), "btu": ("Btu", "Btu"),
    "btus": ("Btu", "Btu"),
    "mmbtu": ("MMBtu", "1e6 * Btu"), "toe": ("toe", "tonne_of_oil_equivalent"),
    "ktoe": ("ktoe", "1e3 * tonne_of_oil_equivalent"), "therms": ("therms", "1e5 * Btu"),
    "mtoe": ("Mtoe", "1e6 * tonne_of_oil_equivalent"),
}  # fmt: skip
"""Spelling and size in MWh; a string is an expression that pint converts.

Watt hours and joules are set here: loading pint takes longer than reading thirty pages.
"""
_ENERGY_WORDS = (
    (r"kilowatt[- ]?hours?|kilowattstunden?", "kwh"),
    (r"megawatt[- ]?hours?|megawattstunden?", "mwh"),
    (r"gigawatt[- ]?hours?|gigawattstunden?", "gwh"),
    (r"terawatt[- ]?hours?", "twh"),
    (r"megajoules?", "mj"),
    (r"gigajoules?", "gj"),
    (r"terajoules?", "tj"),
    (r"petajoules?", "pj"),
)
_ENERGY_LIKE = re.compile(r"wh|watt|j|btu|toe|therms")
"""In every spelling of a unit of energy."""
_VOLUME: tuple[tuple[str, str, float | str], ...] = (
    (r"m3|m\^3|cbm|cubic met(?:er|re)s?|cu\.? ?m|kubikmeter", "m3", 1.0),
    (r"megalit(?:er|re)s?|ML", "ML", 1e3),
    (r"gigalit(?:er|re)s?|GL", "GL", 1e6),
    (r"kilolit(?:er|re)s?|kl|kL", "kL", 1.0),
    (r"hectolit(?:er|re)s?|hl|hL", "hL", 0.1),
    (r"lit(?:er|re)s?|ltrs?|l|L", "liters", 1e-3),
    (r"(?:us )?gallons?|gal", "gallons", "gallon"),
    (r"acre[- ]?f(?:ee|oo)t", "acre-feet", "acre_foot"),
)
_MASS: tuple[tuple[str, str, float | str], ...] = (
    (r"kilotonnes?|kilotons?|kt|kT|ktonnes?|ktons?|Kt|kMT|KMT", "kt", 1e3),
    (r"megatonnes?|megatons?|Mt|MMT|mmt|MMt|mmtonnes?", "Mt", 1e6),
    (r"short tons?", "short tons", "short_ton"),
    (r"(?:metric )?(?:tonnes?|tons?|tonnen?)|metric t|MT|mt|Tn|tn|t|T|tns", "t", 1.0),
    (r"kilograms?|kilogrammes?|kgs?|Kg", "kg", 1e-3),
    (r"grams?|g", "g", 1e-6),
    (r"pounds|lbs?", "lb", "pound"),
)
_TABLES: tuple[tuple[Dimension, tuple[tuple[str, str, float | str], ...]], ...] = (
    ("volume", _VOLUME),
    ("mass", _MASS),
)
_ANY = re.compile("|".join(pattern for _, table in _TABLES for pattern, _, _ in table))
"""Matches whatever one of the tables names: most words that are looked at are no unit."""
_GAS = re.compile(
    r"(?:of )?(?:co2|carbon dioxide|ghg|co₂|carbon)[- ]?(?:(?:\(?e(?:q|qu|quiv)?\.?\)?)(?![a-z])|"
    r"equivalents?|-?äquivalente?n?|emissions?)?(?: \(?co2-?e(?:q)?\)?)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=5_000)
def parse_unit(printed: str) -> Unit | None:
    """The unit a printed string is, or None. The whole string must be the unit."""
    text = spell(printed)
    text = re.sub(r"^(?:\()?(?:in|unit:?|einheit:?)\s+", "", text, flags=re.IGNORECASE)
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    if not text or len(text) > 70:
        return None
    rate = _rate(text)
    if rate is not None:
        return rate
    over, per = _divided(text)
    if per:
        return _intensity(over, per)
    return _share(text) or _measure(text) or _count(text)


def is_magnitude(word: str) -> bool:
    """Whether a word in front of a unit makes a larger one of it ("hundred", "10,000")."""
    return _MAGNITUDE.fullmatch(word.strip("([])")) is not None


def _divided(text: str) -> tuple[str, str]:
    match = re.match(r"(.+?)\s*(?:/|\bper\b|\bpro\b)\s*(.+)$", text, re.IGNORECASE)
    return (match[1].strip(), match[2].strip()) if match else (text, "")


def _share(text: str) -> Unit | None:
    if re.match(r"^(?:%|percent(?:ages?)?|per cent|pct\.?|prozent)(?:\s.*)?$", text, re.IGNORECASE):
        return Unit("%", "share")
    return None


def _measure(text: str) -> Unit | None:
    """Emissions, energy, volume or mass, with a multiplier before or after the unit."""
    twice = re.fullmatch(r"(.+?) ?\(([^()]+)\)", text)
    if twice and _measure(twice[2]) is not None:
        text = twice[1]
    body, gas = _without_gas(text)
    plain = _core(body)
    if plain is None:
        for factor, word, rest in _multiplied(body):
            found = _core(rest)
            if found is not None:
                name, dimension, size = found
                plain = (f"{word} {name}", dimension, factor * size)
                break
    if plain is None or (gas and plain[1] != "mass"):
        return None
    name, dimension, size = plain
    if gas:
        return Unit(f"{name} {gas}", "emissions", size, gas=gas)
    return Unit(name, dimension, size)


@lru_cache(maxsize=5_000)
def _core(text: str) -> tuple[str, Dimension, float] | None:
    """Name, dimension and factor of a unit without gas and multiplier."""
    energy = _energy(text)
    if energy is not None:
        return energy[0], "energy", energy[1]
    if not (_ANY.fullmatch(text) or _ANY.fullmatch(text.casefold())):
        return None
    for dimension, table in _TABLES:
        for pattern, name, size in table:
            if re.fullmatch(pattern, text) or re.fullmatch(pattern, text.casefold()):
                return name, dimension, _size(size, BASE_UNITS[dimension])
    return None


def _without_gas(text: str) -> tuple[str, str]:
    """The unit without its gas, and the gas: "tCO2e" is "t" and "CO2e"."""
    glued = re.fullmatch(
        r"(.*?\b)?([kKMmgG]{0,2}[tTg]|[Tt]ons?|[Tt]onnes?)[- ]?(?:of )?(CO2e?)(?: emissions)?", text
    )
    if glued:
        gas = "CO2e" if glued[3].casefold() == "co2e" else "CO2"
        return f"{glued[1] or ''}{glued[2]}".strip(), gas
    match = _GAS.search(text)
    if match is None:
        return text, ""
    found = match.group().casefold()
    gas = (
        "CO2" if re.fullmatch(r"(?:of )?(?:co2|carbon dioxide)(?: emissions?)?", found) else "CO2e"
    )
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    rest = re.sub(r"\bof\b|\bin\b|[()]", " ", rest)
    return re.sub(r"\s+", " ", rest).strip(" -"), gas


def _multiplied(text: str) -> list[tuple[float, str, str]]:
    """Ways to read a multiplier off a unit: its size, its word, and the rest."""
    found = []
    for pattern, factor, word in (*_MULTIPLIERS, *_AHEAD):
        match = re.fullmatch(rf"{pattern}[\s-]*(?:of )?(\S.*)", text, re.IGNORECASE)
        if match:
            found.append((factor, word, match[1].strip()))
    for pattern, factor, word in _MULTIPLIERS:
        match = re.fullmatch(rf"(\S.*?)\s*,?\s*(?:in\s+)?\(?{pattern}\)?", text, re.IGNORECASE)
        if match:
            found.append((factor, word, match[1].strip(" (")))
    return found


def _energy(core: str) -> tuple[str, float] | None:
    key = core.casefold().strip()
    if not _ENERGY_LIKE.search(key):
        return None
    key = re.sub(r"^e(?=mwh$|kwh$|gwh$)|(?<=wh)\s?(?:e|eq|equivalents?)$", "", key)
    for pattern, name in _ENERGY_WORDS:
        if re.fullmatch(pattern, key):
            key = name
    if key not in _ENERGY:
        return None
    name, size = _ENERGY[key]
    return name, _size(size, "MWh")


def _size(size: float | str, base: str) -> float:
    return size if isinstance(size, float) else physical_factor(size, _PINT_BASES[base])


def _count(text: str) -> Unit | None:
    key = text.casefold().strip("()# ")
    if re.fullmatch(
        r"(?:number of )?(?:full[- ]time[- ]equivalents?|ftes?|vzä)(?: \(ftes?\))?", key
    ):
        return Unit("FTE", "count")
    if re.fullmatch(
        r"|number|no\.?|nr\.?|anzahl|(?:number of )?(?:head ?counts?|heads|persons?|people|"
        r"employees?|individuals?|staff|workers|persons employed)",
        key,
    ) and (key or "#" in text):
        return Unit("headcount", "count")
    if re.fullmatch(
        r"(?:in )?(?:thousands?|'000|1[,.']000)(?: (?:people|employees|persons))?", key
    ):
        return Unit("thousand", "count", 1e3)
    return None


_HOURS = re.compile(
    r"(?:per|/|x|×|\*|pro|based on|je)?\s*(?P<n>million|mio\.?|1[,.' ]?000[,.' ]?000|1m|"
    r"200[,.' ]?000|"
    r"100[,.' ]?000|1[,.' ]?000|thousand)\s*(?:man[- ]?)?(?:working |worked |work |labou?r |"
    r"exposure )?"
    r"(?:[/÷] ?(?:total )?(?:number of )?(?:working |worked )?)?"
    r"(?:hours?|hrs?\b|arbeitsstunden|stunden|h\b)",
    re.IGNORECASE,
)
_PER_HEADS = re.compile(
    r"(?:per|/|pro|je)\s*(?P<n>100|1[,.' ]?000|one hundred|thousand)\s*"
    r"(?P<who>ftes?|employees?|full-time[- ]equivalents?|workers|mitarbeiter(?:nde|innen)?)",
    re.IGNORECASE,
)


def _rate(text: str) -> Unit | None:
    hours = _HOURS.search(text)
    if hours and not re.search(r"[€$]|eur|usd|revenue", text, re.IGNORECASE):
        size = re.sub(r"[,.' ]", "", hours["n"].casefold())
        if size in ("million", "mio", "1000000", "1m"):
            return Unit("per million hours worked", "rate", 1.0, "million hours worked")
        count = 1000 if size == "thousand" else int(size)
        return Unit(f"per {count:,} hours worked", "rate", 1e6 / count, f"{count:,} hours worked")
    heads = _PER_HEADS.search(text)
    if heads and "co2" not in text.casefold():
        count = 100 if heads["n"].casefold() in ("100", "one hundred") else 1000
        who = "FTE" if heads["who"].casefold().startswith(("fte", "full")) else "employees"
        return Unit(f"per {count:,} {who}", "rate", 1.0, f"{count:,} {who}")
    return None


def _intensity(over: str, per: str) -> Unit | None:
    if re.fullmatch(r"(?:year|annum|a|jahr)", per, re.IGNORECASE):
        return _measure(over)
    upper = _measure(over)
    if upper is None:
        upper = _share(over)
    if upper is None:
        return None
    denominator = _denominator(per)
    return Unit(f"{upper.name}/{denominator}", "intensity", upper.factor, denominator, upper.gas)


_CURRENCIES = (
    ("€", "EUR"),
    ("US$", "USD"),
    ("$USD", "USD"),
    ("MM$", "million USD"),
    ("$MM", "million USD"),
    ("$", "USD"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₩", "KRW"),
)


def _denominator(per: str) -> str:
    """ "€m revenue" and "EUR million in revenue" as "EUR million revenue"."""
    text = re.sub(r"\b(?:of|in|the|von|an)\b", " ", per)
    for sign, code in _CURRENCIES:
        text = text.replace(sign, f" {code} ")
    text = re.sub(r"\b([A-Z]{3})\s*(?:m|mn|mio\.?|mln)\b", r"\1 million", text)
    text = re.sub(r"\b(?:m|mn|mio\.?|mln)\s*([A-Z]{3})\b", r"million \1", text)
    text = re.sub(r"\bk\s?([A-Z]{3})\b|\b([A-Z]{3})\s?k\b", r"1,000 \1\2", text)
    text = re.sub(r"\bbn\b", "billion", text)
    text = re.sub(r"'000\b", "1,000", text)
    text = re.sub(r"\bSq\b", "sq", text)
    return re.sub(r"\s+", " ", text).strip(" ()")


def with_gas(unit: Unit, gas: str) -> Unit:
    """A plain mass read as emissions of the gas the label names ("t" under "CO2 emissions")."""
    if unit.gas or unit.dimension not in ("mass", "intensity"):
        return unit
    if unit.dimension == "mass":
        return Unit(f"{unit.name} {gas}", "emissions", unit.factor, gas=gas)
    over, _, per = unit.name.partition("/")
    mass = parse_unit(over)
    if mass is None or mass.dimension != "mass":
        return unit
    return Unit(f"{over} {gas}/{per}", "intensity", unit.factor, unit.per, gas)


def normalised(value: float, unit: Unit) -> Normalised | None:
    """The value in the base unit of its dimension with the conversion in words."""
    base = base_unit(unit)
    if base is None:
        return None
    if abs(unit.factor - 1.0) < 1e-12:
        words = "as reported" if unit.name == base else f"{unit.name} read as {base}"
        return Normalised(value=value, unit=base, conversion=words)
    factor = f"{unit.factor:,.9g}"
    result = float(f"{value * unit.factor:.12g}")
    return Normalised(value=result, unit=base, conversion=f"{unit.name} → {base}: × {factor}")


def is_fine(unit: Unit) -> bool:
    """A unit so small that values are printed to the unit or its hundredth, never thousandth."""
    if unit.dimension not in ("emissions", "energy", "volume", "mass", "count"):
        return False
    limits = {"energy": 1.0, "count": 1.0}
    return unit.factor <= limits.get(unit.dimension, 1.0)


def base_unit(unit: Unit) -> str | None:
    """The unit values of this one are compared in."""
    if unit.dimension == "rate":
        return "per million hours worked" if "hours" in unit.per else unit.name
    if unit.dimension == "intensity":
        return f"t CO2e/{unit.per}" if unit.gas else unit.name
    return BASE_UNITS.get(unit.dimension)
