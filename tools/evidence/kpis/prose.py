"""Sightings of KPI values in sentences ("Scope 1 emissions totalled 39,428 t in 2023")."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tools.evidence.kpis.catalogue import Kpi, vocabulary
from tools.evidence.kpis.cell_units import gas_of, rate_in
from tools.evidence.kpis.document import Document
from tools.evidence.kpis.labels import (
    Basis,
    LabelMatch,
    basis_of,
    boundary_of,
    canonical,
    hits,
    matches,
    tokens,
)
from tools.evidence.kpis.observation import Observation
from tools.evidence.kpis.patterns import observe_patterns
from tools.evidence.kpis.phrases import AIM, bracketed, is_part, with_percent
from tools.evidence.kpis.sentences import (
    OF_PREVIOUS,
    Quantity,
    Sentence,
    in_brackets,
    quantities,
    sentences,
    year_for,
)
from tools.evidence.kpis.sharing import Group, dealt_out
from tools.evidence.numbers import parse_number
from tools.evidence.units import Unit, is_fine, with_gas

_CHANGE = re.compile(
    r"(?:\b(?:by|decrease|increase|reduction|decline|rise|fell|rose|down|up|lower|higher|um)\s+(?:of\s+)?"
    r"(?:approximately |about |around |some |almost |nearly |a good |a full )?|[-–+]\s?)$",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\b(?:was|were|is|are|amount\w*|total(?:s|ed|led|ing|ling)|stood|stands|came|reached|reported|recorded|emitted|produced|"
    r"generated|caused|had|has|employ(?:s|ed)|consumed|used|withdrew|rose|fell|increased|decreased|declined|dropped|"
    r"reduced|equal(?:s|led)|accounted|resulted|calculated|made|corresponds?|emissions of|"
    r"consumption of|rate of|"
    r"betrug\w*|belief\w*|lag|beschäftigt\w*)\b|(?:[:=]|level,)\s*$",
    re.IGNORECASE,
)
_LEFT_STOPS = frozenset(
    [
        "the",
        "of",
        "in",
        "and",
        "a",
        "to",
        "for",
        "our",
        "by",
        "at",
        "was",
        "were",
        "on",
        "from",
        "year",
        "is",
        "with",
        "as",
        "that",
        "its",
        "their",
        "this",
    ]
)
_RIGHT_STOPS = frozenset(
    [
        "and",
        "which",
        "that",
        "while",
        "with",
        "as",
        "by",
        "compared",
        "than",
        "to",
        "who",
        "(previous",
        "(2022",
    ]
)
_OF_THEM = re.compile(r"\bof (?:whom|which)\b")
_SAYS_BASIS = re.compile(r"scope|market|location|region|^\(?[a-z]{2,6}\)|operational|own")
_REACH = 190


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
        found += observe_patterns(sentence, page, document)
    return found


def _by_phrase(sentence: Sentence, page: int, document: Document) -> list[Observation]:
    """Values behind a phrase that names a KPI; values in brackets follow the one before them."""
    text = sentence.text
    values = list(quantities(text))
    if not values:
        return []
    mentions = _mentions(text)
    groups: list[Group] = []
    first = 0
    last: Observation | None = None
    for quantity in values:
        if _OF_THEM.search(text[: quantity.start][-30:]):
            last = None
            continue
        if _CHANGE.search(text[: quantity.start][-34:]):
            continue
        if in_brackets(text, quantity.start):
            follower = bracketed(text, quantity, last, document)
            if follower is not None and groups:
                groups[-1].append(follower)
            continue
        if last is not None and OF_PREVIOUS.search(text[: quantity.start]):
            groups[-1] += _previous(text, quantity, last, document)
            continue
        mention = _mention_for(mentions, quantity) or _mention_after(mentions, quantity, text)
        observation = _observe(text, quantity, mention, page, document) if mention else None
        if observation is not None:
            first = first or quantity.start
            groups.append([observation])
            last = observation
        elif last is not None and _is_like(quantity, last):
            last = None
    return dealt_out(groups, text, first)


def _is_like(quantity: Quantity, last: Observation) -> bool:
    """What stands in brackets behind such a value, which was not read, is not of the last one."""
    return quantity.unit is None or (
        last.unit is not None and quantity.unit.dimension == last.unit.dimension
    )


def _observe(
    text: str, quantity: Quantity, mention: _Mention, page: int, document: Document
) -> Observation | None:
    first, last = min(mention.start, quantity.start), max(mention.end, quantity.start)
    between = text[mention.start : quantity.start]
    before = text[max(0, first - 60) : last]
    crowded = len(re.findall(r"\d+[.,]?\d*", text[mention.end : quantity.start])) > 5
    told = mention.start > quantity.start or _STATES.search(between)
    if crowded or last - first > _REACH or not told or AIM.search(before):
        return None
    kpi = mention.match.kpi
    unit = quantity.unit
    if unit is None and not _takes_bare_number(kpi, quantity, text):
        return None
    whole = unit is not None and is_fine(unit)
    number = parse_number(quantity.printed, document.style_on(page), whole=whole)
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
        printed=with_percent(quantity, number.printed),
        decimals=number.decimals,
        unit=unit,
        unit_printed=quantity.unit_printed,
        page=page,
        way="prose",
        label=mention.phrase,
        exact=mention.match.purity == "exact",
        clean=not is_part(text[: quantity.end + 60]),
        sentence=text[first : max(mention.end, quantity.end)],
        basis=(basis_of(folded) or _basis_behind(text, quantity)) if kpi.basis else None,
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


def _basis_behind(text: str, quantity: Quantity) -> Basis | None:
    """The basis in brackets right behind a value: "120 t (market-based)"."""
    behind = re.match(r"\s?\(([^()\d]{6,40})\)", text[quantity.unit_end :])
    return basis_of(canonical(behind[1])) if behind else None


def _previous(
    text: str, quantity: Quantity, last: Observation, document: Document
) -> Iterator[Observation]:
    """The value in "... below the previous year's figure of 6,566 t", in the unit of the last."""
    unit = quantity.unit
    if unit is None or last.unit is None or unit.factor != last.unit.factor:
        return
    number = parse_number(quantity.printed, document.style_on(last.page), whole=is_fine(unit))
    if number is None or unit.dimension not in (last.unit.dimension, "mass"):
        return
    yield replace(
        last,
        year=last.year - 1,
        value=number.value,
        printed=with_percent(quantity, number.printed),
        decimals=number.decimals,
        unit_printed=quantity.unit_printed,
        sentence=text[text.find(last.sentence) : quantity.end],
    )


def _takes_bare_number(kpi: Kpi, quantity: Quantity, text: str) -> bool:
    """A rate may stand without unit: "the TRIR rose to 11.55"."""
    return kpi.dimension == "rate" and bool(
        re.search(r"\b(?:to|was|is|at)\s+$", text[: quantity.start])
        and re.search(r"[.,]\d", quantity.printed)
    )


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
        if bare in stops or (step > 0 and _ends_phrase(word, bare)):
            break
        if word.endswith((",", ".", ";", ":")) and step < 0:
            break
        position = following
        if word.endswith((",", ".", ";", ":")) and step > 0:
            break
    return position


def _ends_phrase(word: str, bare: str) -> bool:
    """A number, a verb that states, or brackets that explain rather than name."""
    explains = word.startswith("(") and not _SAYS_BASIS.search(word)
    return explains or bare[:1].isdigit() or _STATES.fullmatch(bare) is not None


def _is_acronym(word: str) -> bool:
    return word.strip("().,").isupper() or "scope" in word.casefold()


def _mention_for(mentions: Sequence[_Mention], quantity: Quantity) -> _Mention | None:
    """The KPI named last before a quantity whose dimension it has."""
    before = [m for m in mentions if m.end <= quantity.start and _fits(m.match.kpi, quantity.unit)]
    return before[-1] if before else None


def _mention_after(mentions: Sequence[_Mention], quantity: Quantity, text: str) -> _Mention | None:
    """The KPI named after a value that opens its sentence: "At 5,668 t, Scope 1 emissions ..."."""
    if not re.fullmatch(
        r"\W*(?:at|with) (?:a total of |around |about )?", text[: quantity.start], re.I
    ):
        return None
    if text[quantity.unit_end : quantity.unit_end + 2].strip()[:1] != ",":
        return None
    after = [m for m in mentions if m.start > quantity.end and _fits(m.match.kpi, quantity.unit)]
    return after[0] if after else None


def _fits(kpi: Kpi, unit: Unit | None) -> bool:
    if kpi.context:
        return False
    if unit is None:
        return kpi.dimension == "rate"
    if unit.dimension in kpi.dimensions:
        return kpi.numerator is None or bool(unit.gas)
    return kpi.dimension == "emissions" and unit.dimension == "mass"
