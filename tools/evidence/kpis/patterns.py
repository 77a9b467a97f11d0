"""Sentences that put the value before the words: employees, women, renewable electricity."""

import re
from collections.abc import Iterator

from tools.evidence.kpis.catalogue import catalogue
from tools.evidence.kpis.document import Document
from tools.evidence.kpis.labels import basis_of, canonical
from tools.evidence.kpis.observation import Observation
from tools.evidence.kpis.phrases import AIM, bracketed, is_part
from tools.evidence.kpis.sentences import Quantity, Sentence, in_brackets, quantities, year_for
from tools.evidence.numbers import parse_number
from tools.evidence.units import Unit, is_fine, parse_unit, with_gas


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)


_NUMBER = r"(?P<number>\d{1,3}(?:[.,'’]\d{3})+|\d+(?:[.,]\d+)?)"
_ABOUT = r"(?:around |about |approximately |some |over |more than |almost |nearly )?"
_PATTERNS = (
    (
        "employees",
        _compiled(
            r"\b(?:employed|employs|had|has|comprised|comprises|with|workforce of|workforce was)"
            rf" (?:a )?(?:total (?:of |workforce of )?)?{_ABOUT}{_NUMBER} (?:permanent |own |"
            rf"active )?"
            r"(?:employees|staff|people|members of staff|persons|colleagues)\b"
        ),
    ),
    (
        "employees",
        _compiled(
            rf"\b(?:all|the) (?:our )?employees (?:comprise|consist|comprised|"
            rf"consisted) of {_NUMBER}\b"
        ),
    ),
    (
        "women_in_management",
        _compiled(
            rf"{_NUMBER}\s?(?:%|percent|per cent) of (?:all |our |the )?(?:\w+ )?(?:\w+ )?"
            r"(?:management|leadership|managerial|managers|leaders|"
            r"positions in the [\w ]*management)[\w ]{0,40}?"
            r"(?:(?:are|were|is|was) (?:held by |filled by |occupied by )?|held by |"
            r"by )(?:women|female)"
        ),
    ),
    (
        "women_in_management",
        _compiled(
            r"\bwomen (?:hold|held|fill|filled|occupy|occupied|accounted for|account for|"
            r"made up|make up|"
            rf"represented|represent) {_ABOUT}{_NUMBER}\s?(?:%|percent|per cent) of (?:all |"
            rf"our |the )?"
            r"(?:management|leadership|managerial|managers|leaders)\b"
        ),
    ),
    (
        "renewable_share",
        _compiled(
            rf"{_NUMBER}\s?(?:%|percent|per cent) of (?:all |our |its |the )?(?:total )?"
            r"(?P<of>electricity|power|energy)\b[^.;%]{0,90}?"
            r"\b(?:from|with|by) (?:\w+ )?(?:\w+ )?(?:renewable|green)\b"
        ),
    ),
)
_SCOPES = _compiled(
    rf"(?<![\d.,]){_NUMBER} ?(?P<unit>[^\d.;:()]{{1,30}}(?:CO ?2[^\d.;:()]{{0,16}})?)"
    r"(?:for|from|of|in|as|under|\() ?scope (?P<scope>[123])\b(?! ?(?:and|&|\+|"
    r",) ?(?:scope )?[123])"
)
"""The scope behind the value: "4,641 metric tons of CO2e for Scope 1"."""
_VAGUE = re.compile(r"around|about|approximately|\bsome\b|\bover\b|more than|almost|nearly", re.I)


def observe_patterns(sentence: Sentence, page: int, document: Document) -> Iterator[Observation]:
    """Values of a sentence in one of the fixed wordings, with the year before in brackets."""
    text = sentence.text
    yield from _behind(sentence, page, document)
    for kpi, pattern in _PATTERNS:
        match = pattern.search(text)
        if match is None or AIM.search(text[max(0, match.start() - 50) : match.end()]):
            continue
        observation = _observe(kpi, match, text, page, document)
        if observation is None:
            continue
        yield observation
        for follower in quantities(text):
            if follower.start > match.end() and in_brackets(text, follower.start):
                earlier = bracketed(text, follower, observation, document)
                if earlier is not None:
                    yield earlier
                break


def _behind(sentence: Sentence, page: int, document: Document) -> Iterator[Observation]:
    text = sentence.text
    for match in _SCOPES.finditer(text):
        unit = parse_unit(match["unit"].strip(" ,"))
        if unit is None or unit.dimension not in ("emissions", "mass"):
            continue
        if AIM.search(text[max(0, match.start() - 60) : match.end()]):
            continue
        unit = with_gas(unit, "CO2e")
        number = parse_number(match["number"], document.style_on(page), whole=is_fine(unit))
        quantity = Quantity(match.start("number"), match.end(), match["number"], unit, "")
        year, stated = year_for(text, quantity, document.fiscal_year)
        if number is None or not year or year > document.fiscal_year:
            continue
        kpi = f"scope_{match['scope']}"
        yield Observation(
            kpi=kpi,
            year=year,
            value=number.value,
            printed=number.printed,
            decimals=number.decimals,
            unit=unit,
            unit_printed=match["unit"].strip(),
            page=page,
            way="prose",
            label=f"Scope {match['scope']}",
            exact=True,
            clean=not is_part(text[: match.end()]),
            sentence=match[0],
            basis=basis_of(canonical(match[0])) if kpi == "scope_2" else None,
            year_stated=stated,
        )


def _observe(
    kpi: str, match: re.Match[str], text: str, page: int, document: Document
) -> Observation | None:
    entry = catalogue().get(kpi)
    number = parse_number(match["number"], document.style_on(page), whole=kpi == "employees")
    if number is None or not entry.range[0] <= number.value <= entry.range[1]:
        return None
    share = entry.dimension == "share"
    unit = Unit("%", "share") if share else Unit("headcount", "count")
    quantity = Quantity(match.start("number"), match.end(), match["number"], unit, "")
    year, stated = year_for(text, quantity, document.fiscal_year)
    if not year or year > document.fiscal_year:
        return None
    return Observation(
        kpi=kpi,
        year=year,
        value=number.value,
        printed=_printed(number.printed, text[match.end("number") :]),
        decimals=number.decimals,
        unit=unit,
        unit_printed="%" if share else "employees",
        page=page,
        way="prose",
        label=match[0][:80],
        exact=True,
        clean=not is_part(text[: match.end()]),
        sentence=match[0],
        variant=_kind_of_energy(match) if kpi == "renewable_share" else "",
        year_stated=stated,
        limit=bool(_VAGUE.search(match[0])),
    )


def _printed(number: str, after: str) -> str:
    """The number with the per cent sign that stands right behind it."""
    sign = re.match(r"\s?%", after)
    return number + (sign[0] if sign else "")


def _kind_of_energy(match: re.Match[str]) -> str:
    return "energy" if match["of"].casefold() == "energy" else "electricity"
