"""Sightings of KPI values in sentences ("Scope 1 emissions totalled 39,428 t in 2023")."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tools.evidence.kpis.catalogue import Kpi, catalogue, vocabulary
from tools.evidence.kpis.document import Document
from tools.evidence.kpis.labels import (
    LabelMatch,
    basis_of,
    boundary_of,
    canonical,
    hits,
    matches,
    speaks_of_part,
    tokens,
)
from tools.evidence.kpis.observation import Observation
from tools.evidence.kpis.sentences import (
    PREVIOUS,
    Quantity,
    Sentence,
    in_brackets,
    quantities,
    sentences,
    year_for,
)
from tools.evidence.kpis.tables import gas_of, rate_in
from tools.evidence.numbers import parse_number
from tools.evidence.units import Unit, with_gas

_AIM = re.compile(
    r"\b(?:targets?|goals?|aim(?:s|ed|ing)?|plan(?:s|ned)?|intend\w*|will|commit\w*|ambition|by 20[2-5]\d|"
    r"until 20[2-5]\d|avoid\w*|sav(?:e|es|ed|ings?)|offset\w*|compensat\w+|equivalent to|as much as|average|ziel|"
    r"bis 20[2-5]\d|up to|more than|less than|at least|over the|below|could|would|expect\w*|forecast\w*|of wh(?:ich|om))\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?:\b(?:by|decrease|increase|reduction|decline|rise|fell|rose|down|up|lower|higher|um)\s+(?:of\s+)?"
    r"(?:approximately |about |around |some |almost |nearly |a good |a full )?|[-–+]\s?)$",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\b(?:was|were|is|are|amount\w*|total(?:s|ed|led|ing|ling)|stood|stands|came|reached|reported|recorded|emitted|"
    r"generated|caused|had|has|employ(?:s|ed)|consumed|used|withdrew|rose|fell|increased|decreased|declined|dropped|"
    r"reduced|equal(?:s|led)|accounted|resulted|calculated|made|corresponds?|emissions of|consumption of|rate of|"
    r"betrug\w*|belief\w*|lag|beschäftigt\w*)\b|(?:[:=]|level,)\s*$",
    re.IGNORECASE,
)
_LEFT_STOPS = frozenset(
    "the of in and a to for our by at was were on from year is with as that its their this".split()
)
_RIGHT_STOPS = frozenset(
    "and which that while with as by compared than to who (previous (2022".split()
)
_REACH = 190
_HEADCOUNT = re.compile(
    r"\b(?:employed|employs|had|has|comprised|comprises|with|workforce of|workforce was|workforce comprised)\s+"
    r"(?:a\s+)?(?:total\s+(?:of|workforce of)\s+)?(?:around |about |approximately |some |over |more than )?"
    r"(?P<number>\d{1,3}(?:[.,'’ ]\d{3})+|\d+)\s+(?:permanent |own |active )?"
    r"(?:employees|staff|people|members of staff|persons|colleagues)\b",
    re.IGNORECASE,
)
_WOMEN = re.compile(
    r"(?P<number>\d{1,2}(?:[.,]\d+)?)\s?(?:%|per ?cent)\s+of\s+(?:all\s+|our\s+|the\s+)?(?:\w+ ){0,2}?"
    r"(?:management|leadership|managerial|managers|leaders|positions in the [\w ]*management)[\w ]{0,40}?"
    r"(?:(?:are|were|is|was)\s+(?:held by |filled by |occupied by )?|held by |by )(?:women|female)",
    re.IGNORECASE,
)
_RENEWABLE = re.compile(
    r"(?P<number>\d{1,3}(?:[.,]\d+)?)\s?(?:%|per ?cent)\s+of\s+(?:all\s+|our\s+|its\s+|the\s+)?(?:total\s+)?"
    r"(?P<of>electricity|power|energy)\b[^.;%]{0,90}?"
    r"\b(?:from|with|by)\s+(?:\w+ ){0,2}?(?:renewable|green)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    match: LabelMatch
    phrase: str


def observe_prose(page: int, text: str, document: Document) -> list[Observation]:
    """KPI values of a page's sentences."""
    found: list[Observation] = []
    for sentence in sentences(text):
        folded = sentence.text.casefold()
        if not any(stem in folded for stem in vocabulary().triggers):
            continue
        found += _by_phrase(sentence, page, document)
        found += _by_pattern(sentence, page, document)
    return found


def _by_phrase(sentence: Sentence, page: int, document: Document) -> list[Observation]:
    """Values behind a phrase that names a KPI; values in brackets follow the one before them."""
    text = sentence.text
    values = list(quantities(text))
    if not values:
        return []
    mentions = _mentions(text)
    found: list[Observation] = []
    last: Observation | None = None
    for quantity in values:
        if _CHANGE.search(text[: quantity.start][-34:]):
            continue
        if in_brackets(text, quantity.start):
            follower = _bracketed(text, quantity, last, document)
            if follower is not None:
                found.append(follower)
            continue
        mention = _mention_for(mentions, quantity)
        if mention is None:
            continue
        observation = _observe(text, quantity, mention, page, document)
        if observation is not None:
            found.append(observation)
            last = observation
    return found


def _observe(
    text: str, quantity: Quantity, mention: _Mention, page: int, document: Document
) -> Observation | None:
    between = text[mention.start : quantity.start]
    before = text[max(0, mention.start - 60) : quantity.start]
    crowded = len(re.findall(r"\d+[.,]?\d*", text[mention.end : quantity.start])) > 5
    if crowded or len(between) > _REACH or not _STATES.search(between) or _AIM.search(before):
        return None
    kpi = mention.match.kpi
    unit = quantity.unit
    if unit is None and not _takes_bare_number(kpi, quantity, text):
        return None
    number = parse_number(quantity.printed, document.style_on(page))
    year, stated = year_for(text, quantity, document.fiscal_year)
    if number is None or not year or year > document.fiscal_year:
        return None
    if unit is not None and kpi.dimension == "emissions":
        unit = with_gas(unit, gas_of((canonical(text),)))
    if unit is None:
        unit = rate_in(text) or document.rate
    low, high = kpi.range
    if not low <= number.value * (unit.factor if unit else 1.0) <= high:
        return None
    folded = canonical(text)
    return Observation(
        kpi=kpi.id,
        year=year,
        value=number.value,
        printed=_percent(quantity, number.printed),
        decimals=number.decimals,
        unit=unit,
        unit_printed=quantity.unit_printed,
        page=page,
        way="prose",
        label=mention.phrase,
        exact=mention.match.purity == "exact",
        clean=not _is_part(text[: quantity.end + 60]),
        sentence=text[mention.start : quantity.end],
        basis=basis_of(folded) if kpi.basis else None,
        boundary=boundary_of(folded) or "",
        variant=mention.match.variant,
        year_stated=stated,
        limit=number.limit
        or bool(
            re.search(
                r"\b(?:around|about|approximately|some|almost|nearly|roughly)\s$",
                text[: quantity.start],
            )
        ),
    )


def _takes_bare_number(kpi: Kpi, quantity: Quantity, text: str) -> bool:
    """A rate may stand without unit: "the TRIR rose to 11.55"."""
    return kpi.dimension == "rate" and bool(
        re.search(r"\b(?:to|was|is|at)\s+$", text[: quantity.start])
        and re.search(r"[.,]\d", quantity.printed)
    )


def _bracketed(
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
    number = parse_number(quantity.printed, document.style_on(last.page))
    if number is None or not named or year >= last.year or last.unit is None:
        return None
    return replace(
        last,
        year=year,
        value=number.value,
        printed=_percent(quantity, number.printed),
        decimals=number.decimals,
        unit=unit,
        unit_printed=quantity.unit_printed or last.unit_printed,
        sentence=text[text.find(last.sentence) : quantity.end],
        year_stated=stated,
        limit=number.limit,
    )


def _by_pattern(sentence: Sentence, page: int, document: Document) -> Iterator[Observation]:
    """Sentences that put the value before the words: employees, women, renewable electricity."""
    for kpi, pattern in (
        ("employees", _HEADCOUNT),
        ("women_in_management", _WOMEN),
        ("renewable_share", _RENEWABLE),
    ):
        match = pattern.search(sentence.text)
        if match is None or _AIM.search(sentence.text[max(0, match.start() - 50) : match.end()]):
            continue
        entry = catalogue().get(kpi)
        number = parse_number(match["number"], document.style_on(page))
        if number is None or not entry.range[0] <= number.value <= entry.range[1]:
            continue
        share = entry.dimension == "share"
        unit = Unit("%", "share") if share else Unit("headcount", "count")
        quantity = Quantity(match.start("number"), match.end(), match["number"], unit, "")
        year, stated = year_for(sentence.text, quantity, document.fiscal_year)
        if not year or year > document.fiscal_year:
            continue
        observation = Observation(
            kpi=kpi,
            year=year,
            value=number.value,
            printed=number.printed,
            decimals=number.decimals,
            unit=unit,
            unit_printed="%" if share else "employees",
            page=page,
            way="prose",
            label=match[0][:80],
            exact=kpi != "renewable_share",
            clean=not _is_part(sentence.text[: match.end()]),
            sentence=match[0],
            variant=_kind_of_energy(match) if kpi == "renewable_share" else "",
            year_stated=stated,
            limit=bool(re.search(r"around|about|approximately|some|over|more than", match[0])),
        )
        yield observation
        for follower in quantities(sentence.text):
            if follower.start > match.end() and in_brackets(sentence.text, follower.start):
                earlier = _bracketed(sentence.text, follower, observation, document)
                if earlier is not None:
                    yield earlier


def _kind_of_energy(match: re.Match[str]) -> str:
    return "energy" if match["of"].casefold() == "energy" else "electricity"


def _is_part(text: str) -> bool:
    """The sentence speaks of a place, site or other part, or of something named before."""
    folded = canonical(text)
    return speaks_of_part(folded) or bool(
        re.search(r"\b(?:these|those|whose|each|fatal|fatalities|per 100 million)\b", folded)
    )


def _percent(quantity: Quantity, printed: str) -> str:
    return f"{printed}%" if quantity.unit_printed.startswith("%") and quantity.glued else printed


def _mentions(text: str) -> list[_Mention]:
    """Phrases of a sentence that name a KPI, with the words around them that belong to it."""
    words = tokens(text)
    joined = " ".join(word for word, _, _ in words)
    starts = [0]
    for word, _, _ in words:
        starts.append(starts[-1] + len(word) + 1)
    found: dict[tuple[str, int], _Mention] = {}
    for kpi, first, last in hits(joined):
        one = bisect_right(starts, first) - 1
        two = bisect_right(starts, last - 1) - 1
        left = _edge(words, one, -1, 3)
        right = _edge(words, two, 1, 12)
        phrase = " ".join(word for word, _, _ in words[left : right + 1])
        match = next((m for m in matches(phrase) if m.kpi.id == kpi), None)
        if match is None or match.purity == "part":
            continue
        start, end = words[left][1], words[two][2]
        if one == two and not _is_acronym(text[words[one][1] : end]):
            continue
        known = found.get((kpi, right))
        if known is None or start < known.start:
            found[kpi, right] = _Mention(start, end, match, text[start : words[right][2]])
    return sorted(found.values(), key=lambda m: m.end)


def _edge(words: Sequence[tuple[str, int, int]], position: int, step: int, reach: int) -> int:
    """How far the noun phrase around a word goes, in words."""
    for _ in range(reach):
        following = position + step
        if not 0 <= following < len(words):
            break
        word = words[following][0]
        stops = _LEFT_STOPS if step < 0 else _RIGHT_STOPS
        bare = word.strip("(),.;:")
        if (
            bare in stops
            or (bare[:1].isdigit() and step > 0)
            or (step > 0 and _STATES.fullmatch(bare))
        ):
            break
        if word.endswith((",", ".", ";", ":")) and step < 0:
            break
        position = following
        if word.endswith((",", ".", ";", ":")) and step > 0:
            break
    return position


def _is_acronym(word: str) -> bool:
    return word.strip("().,").isupper() or "scope" in word.casefold()


def _mention_for(mentions: Sequence[_Mention], quantity: Quantity) -> _Mention | None:
    """The KPI named last before a quantity whose dimension it has."""
    before = [m for m in mentions if m.end <= quantity.start and _fits(m.match.kpi, quantity.unit)]
    return before[-1] if before else None


def _fits(kpi: Kpi, unit: Unit | None) -> bool:
    if kpi.context:
        return False
    if unit is None:
        return kpi.dimension == "rate"
    if unit.dimension in kpi.dimensions:
        return kpi.numerator is None or bool(unit.gas)
    return kpi.dimension == "emissions" and unit.dimension == "mass"
