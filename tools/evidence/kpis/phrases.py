"""What sentences have in common, whichever way a value is read from them."""

import re
from dataclasses import replace

from tools.evidence.kpis.document import Document
from tools.evidence.kpis.labels import canonical, speaks_of_part
from tools.evidence.kpis.observation import Observation
from tools.evidence.kpis.sentences import PREVIOUS, Quantity, year_for
from tools.evidence.numbers import parse_number
from tools.evidence.units import is_fine, with_gas

AIM = re.compile(
    r"\b(?:targets?|goals?|aim(?:s|ed|ing)?|plan(?:s|ned)?|intend\w*|will|commit\w*|ambition|"
    r"by 20[2-5]\d|"
    r"until 20[2-5]\d|avoid\w*|sav(?:e|es|ed|ings?)|offset\w*|compensat\w+|equivalent to|"
    r"as much as|on average|ziel|"
    r"bis 20[2-5]\d|up to|more than|less than|at least|over the|below|could|would|expect\w*|"
    r"forecast\w*|of wh(?:ich|om))\b",
    re.IGNORECASE,
)


def bracketed(
    text: str, quantity: Quantity, last: Observation | None, document: Document
) -> Observation | None:
    """The value of another year in brackets behind a value: "(previous year: 98)"."""
    if last is None:
        return None
    unit = quantity.unit or last.unit
    if unit is not None and last.unit is not None and unit.dimension != last.unit.dimension:
        if not (unit.dimension == "mass" and last.unit.dimension == "emissions"):
            return None
        unit = last.unit if unit.factor == last.unit.factor else with_gas(unit, last.unit.gas)
    opened = text.rfind("(", 0, quantity.start)
    inside = text[opened : quantity.start]
    year, stated = year_for(text, quantity, document.fiscal_year)
    named = bool(re.search(r"(?:19|20)\d\d", inside) or PREVIOUS.search(inside))
    whole = unit is not None and is_fine(unit)
    number = parse_number(quantity.printed, document.style_on(last.page), whole=whole)
    if number is None or not named or year >= last.year or last.unit is None:
        return None
    return replace(
        last,
        year=year,
        value=number.value,
        printed=with_percent(quantity, number.printed),
        decimals=number.decimals,
        unit=unit,
        unit_printed=quantity.unit_printed or last.unit_printed,
        sentence=text[text.find(last.sentence) : quantity.end],
        year_stated=stated,
        limit=number.limit,
    )


def is_part(text: str) -> bool:
    """The sentence speaks of a place, site or other part, or of something named before."""
    folded = canonical(text)
    return speaks_of_part(folded) or bool(
        re.search(r"\b(?:these|those|whose|each|fatal|fatalities|per 100 million)\b", folded)
    )


def with_percent(quantity: Quantity, printed: str) -> str:
    """The number with its per cent sign as printed, with or without a space before it."""
    if not quantity.unit_printed.startswith("%"):
        return printed
    return f"{printed}%" if quantity.glued else f"{printed} %"
