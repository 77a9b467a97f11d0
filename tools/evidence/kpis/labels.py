"""Labels in one spelling, and what KPI, basis and boundary they speak of."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from tools.evidence.kpis.catalogue import Kpi, catalogue, label_pattern, vocabulary
from tools.evidence.spelling import spell
from tools.evidence.units import Unit, is_magnitude, parse_unit

Basis = Literal["market", "location"]
Purity = Literal["exact", "loose", "part"]
"""How much of a label is accounted for: all of it, all but unknown words, or it names a part."""

_SUPERSCRIPTS = re.compile(
    r"(?<=[\w)])[¹⁴⁵⁶⁷⁸⁹⁰]+|(?<![mM])(?<!CO)(?<=[a-z)])[²³]+|[*†‡§#]+|\[[A-Za-z\d]{1,2}\]"
)
_SCOPE = re.compile(
    r"\b(?:scopes?|s|geltungsbereiche?)\s*[-:–]?\s*"
    r"(?P<list>(?:[123]|i{1,3})\b(?:\s*(?:,|;|\+|&|/|–|-|and|und|to|plus|or|bis|through)+\s*(?:and\s+)?"
    r"(?:scopes?\s*|s)?(?:[123]|i{1,3})\b)*)",
)
_GLUED = re.compile(r"(?<=[a-z]{4})\d{1,2}\)?(?=$|[\s,)])")
"""A footnote number that the reading order glued to a word."""
_WHOLE = re.compile(
    r"\b(?:all|business|our|own|operating|production|operational|company) (?:sites?|locations?|"
    r"facilities|plants|offices)\b|"
    r"(?<!supplier )\boperations\b"
)
"""Places that mean the whole company."""
_GREENHOUSE = re.compile(r"\bgreenhouse[ -]gas(?:es)?\b")
"""Names no gas that is burnt, which "gas" alone does."""
_GAS_ONLY = re.compile(r"(?:carbon dioxide|co2e?|[\s()])+")
_BURNT_GAS = re.compile(r"\b(?:from|of|by|for) (?:lp)?gas\b")
_GROUP_TOTAL = re.compile(r"\b(?:group|company) total$|^total (?:group|company)\b")
_ELSEWHERE = frozenset({"global", "globally", "worldwide"})
"""As a row of its own these may mean all countries but the home country."""
_GROSS = re.compile(
    r"\b(?:before|without|excluding|vor) (?:any |carbon |co2 )?(?:offset\w*|compensation\w*|"
    r"kompensation\w*)"
)
"""Says that offsets are not taken off: the figure is the gross one, as it should be."""
_ROMAN = {"i": "1", "ii": "2", "iii": "3"}


@lru_cache(maxsize=20_000)
def canonical(text: str) -> str:
    """A label in small letters with CO2e, dashes, scopes and footnote marks in one spelling.

    "Scopes 1 & 2" becomes "scope_12"; footnote marks and references in brackets go away.
    """
    text = _SUPERSCRIPTS.sub("", text)
    text = spell(text) if text else ""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"co2[ -]{0,2}(?:eq\w*|e\b|equivalents?)", "co2e", text)
    text = re.sub(r"\bt ?co2", "t co2", text)
    text = re.sub(r"(?<=[a-z])-(?=(?:market|location)[- ]based)", " ", text)
    text = re.sub(r"^(?:scope 3 )?category (\d{1,2})(?: ?[:–-]|\b)", r"\1", text)
    text = _GROSS.sub(" ", re.sub(r"[“”„\"«»•●►▪·]", " ", text))
    text = _SCOPE.sub(_scope_token, text)
    text = _GLUED.sub("", text)
    return re.sub(r"\s+", " ", text).strip(" .,:;")


def _scope_token(match: re.Match[str]) -> str:
    found = match["list"]
    if match[0].startswith("s") and not match[0].startswith("scope") and len(found) < 3:
        return match[0]
    digits = [_ROMAN.get(d, d) for d in re.findall(r"[123]|\bi{1,3}\b", found)]
    joined = "".join(sorted(set(digits)))
    if joined == "13" and re.search(r"1\s*(?:–|-|to|bis|through)\s*(?:scopes?\s*)?3", found):
        joined = "123"
    return f"scope_{joined} "


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """A KPI a label names. `rest` are the words that were not accounted for."""

    kpi: Kpi
    purity: Purity
    rest: tuple[str, ...]
    length: int
    variant: str = ""


@cache
def _patterns() -> tuple[tuple[Kpi, tuple[re.Pattern[str], ...]], ...]:
    found = catalogue()
    return tuple(
        (kpi, tuple(label_pattern(label, found.macros) for label in kpi.labels))
        for kpi in found.kpis
    )


@cache
def _quick() -> re.Pattern[str]:
    """Stems of which every label of the catalogue holds at least one."""
    return re.compile("|".join(re.escape(stem) for stem in vocabulary().triggers))


@lru_cache(maxsize=20_000)
def matches(label: str) -> tuple[LabelMatch, ...]:
    """KPIs a canonical label may name, the most specific first; empty where none."""
    if not _quick().search(label):
        return ()
    found = []
    for kpi, patterns in _patterns():
        match = _match(kpi, patterns, label)
        if match is not None:
            found.append(match)
    order = {"exact": 0, "loose": 1, "part": 2}
    return tuple(sorted(found, key=lambda m: (order[m.purity], -m.length)))


def _match(kpi: Kpi, patterns: tuple[re.Pattern[str], ...], label: str) -> LabelMatch | None:
    hits = [hit for pattern in patterns if (hit := pattern.search(label))]
    if not hits:
        return None
    best = max(hits, key=lambda hit: hit.end() - hit.start())
    rest_text = label
    for pattern in patterns:
        rest_text = pattern.sub(" ", rest_text)
    rest_text = _GREENHOUSE.sub(" ", rest_text)
    rest_text = _WHOLE.sub(" ", _boundary_phrases().sub(" ", rest_text))
    words = _words(rest_text)
    if _excluded(kpi, words, rest_text):
        return None
    whole = {word for pair in kpi.pairs if set(pair) <= set(words) for word in pair}
    others = [w for w in words if w not in kpi.words and w not in whole]
    rest = tuple(
        w
        for w in others
        if not is_neutral(w) and not (len(w) > 4 and (w[:-1] in kpi.words or is_neutral(w[:-1])))
    )
    purity: Purity = "exact"
    if speaks_of_part(" ".join(others)) or any(w in kpi.loose for w in others):
        purity = "part"
    elif rest:
        purity = "loose"
    variant = next(
        (name for name, names in kpi.variants.items() if set(names) & set(_words(label))), ""
    )
    return LabelMatch(kpi, purity, rest, best.end() - best.start(), variant)


def hits(text: str) -> Iterator[tuple[str, int, int]]:
    """Where a canonical text holds a label of the catalogue: KPI id, start and end."""
    if not _quick().search(text):
        return
    for kpi, patterns in _patterns():
        for pattern in patterns:
            for hit in pattern.finditer(text):
                yield kpi.id, hit.start(), hit.end()


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words of a sentence in canonical spelling with their offsets; a scope is one word."""
    lowered = text.lower() if len(text.lower()) == len(text) else text
    found: list[tuple[str, int, int]] = []
    position = 0
    for match in _SCOPE.finditer(lowered):
        found += _plain_tokens(lowered, position, match.start())
        found.append((_scope_token(match).strip(), match.start(), match.end()))
        position = match.end()
    return found + _plain_tokens(lowered, position, len(lowered))


def _plain_tokens(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    return [
        (canonical_word(m[0]), start + m.start(), start + m.end())
        for m in re.finditer(r"\S+", text[start:end])
    ]


@lru_cache(maxsize=50_000)
def canonical_word(word: str) -> str:
    """One word in canonical spelling, its closing punctuation kept."""
    end = word[-1] if word[-1] in ",.;:" else ""
    return (canonical(word) or word) + end


def is_generic(label: str) -> bool:
    """A canonical label that names nothing itself ("Total", "Group", "GHG emissions")."""
    if _GAS_ONLY.fullmatch(label) or _BURNT_GAS.search(label):
        return False
    if _GROUP_TOTAL.search(label) and len(label.split()) <= 4 and not speaks_of_part(label):
        return True
    return all(is_neutral(word) and word not in _ELSEWHERE for word in _words(label))


def _excluded(kpi: Kpi, words: list[str], label: str) -> bool:
    found = kpi.not_ & set(words)
    for one, other in kpi.pairs:
        if one in words and other in words:
            found -= {one, other}
    return bool(found) or any(" " in phrase and phrase in label for phrase in kpi.not_)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w%€$'.&+-]*[\w%€$&]", text.replace("(", " ").replace(")", " "))


@lru_cache(maxsize=20_000)
def is_neutral(word: str) -> bool:
    """A word that leaves a label's meaning as it is."""
    plain = word.strip(".,:;'-")
    if not plain or plain in vocabulary().neutral:
        return True
    return bool(
        re.fullmatch(r"\d{1,2}\.?|(?:19|20)\d\d|\d{1,2}\.\d{1,2}(?:\.\d{4})?|[a-z]", plain)
    ) or (re.fullmatch(r"\d{3}-\d{1,2}[a-z]?|[a-z]\d?-\d+\w*", plain) is not None)


@cache
def _boundary_phrases() -> re.Pattern[str]:
    phrases = [phrase for group in vocabulary().boundaries.values() for phrase in group]
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w-]){re.escape(p)}(?![\w-])" for p in longest_first))


def without_boundary(text: str) -> str:
    """A canonical text without the words that name a consolidation boundary."""
    return " ".join(_boundary_phrases().sub(" ", text).split())


@cache
def _phrases(kind: str) -> re.Pattern[str]:
    words = vocabulary()
    phrases = words.parts | words.places if kind == "parts" else words.places
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w-]){re.escape(p)}(?![\w-])" for p in ordered))


@lru_cache(maxsize=20_000)
def speaks_of_part(text: str) -> bool:
    """True where a label, heading or column names a country, site, segment or other part."""
    return bool(_phrases("parts").search(_WHOLE.sub(" ", text)))


@lru_cache(maxsize=20_000)
def basis_of(text: str) -> Basis | None:
    """Market- or location-based, where a canonical text names exactly one of them."""
    words = vocabulary()
    market = _has(words.market, text)
    location = _has(words.location, text)
    if market == location:
        return None
    return "market" if market else "location"


@lru_cache(maxsize=20_000)
def boundary_of(text: str) -> str | None:
    """The consolidation boundary a canonical text names, None where none."""
    found = [name for name, phrases in vocabulary().boundaries.items() if _has(phrases, text)]
    return found[0] if len(found) == 1 else None


def _has(phrases: tuple[str, ...], text: str) -> bool:
    return any(re.search(rf"(?<![\w-]){re.escape(p)}(?![\w])", text) for p in phrases)


@lru_cache(maxsize=20_000)
def heading_quality(heading: str) -> Literal["clean", "unknown", "part"]:
    """What a canonical heading says about the rows under it."""
    if speaks_of_part(heading):
        return "part"
    topics = vocabulary().topics
    unknown = [w for w in _words(_WHOLE.sub(" ", heading)) if w not in topics and not is_neutral(w)]
    return "unknown" if unknown else "clean"


@lru_cache(maxsize=20_000)
def split_unit(label: str) -> tuple[str, str, Unit | None]:
    """A printed label without the unit at its end, the unit as printed, and the unit read."""
    text = _REFERENCE.sub("", label).strip()
    whole = parse_unit(text) if text else None
    if whole is not None and whole.dimension != "count" and not matches(canonical(text)):
        return "", text, whole
    bracket = re.search(r"\s*[\[(]([^()\[\]]{1,60})[)\]]\s*[*†‡\d]{0,3}$", text)
    if bracket:
        unit = parse_unit(bracket[1])
        if unit is not None and not re.fullmatch(r"[a-zA-Z]", bracket[1]):
            about = re.sub(r"^(?:in )?%\s*", " ", bracket[1]) if unit.name == "%" else ""
            return (text[: bracket.start()].strip(" ,–-") + about.rstrip()), bracket[1], unit
    inner = re.search(r"\b(?:in|expressed in|measured in)\s+([^()]{1,60})$", text, re.IGNORECASE)
    if inner:
        unit = parse_unit(inner[1])
        if unit is not None:
            return text[: inner.start()].strip(" ,–-("), inner[1], unit
    words = text.split(" ")
    for size in range(min(9, len(words) - 1), 0, -1):
        tail = " ".join(words[-size:])
        unit = parse_unit(tail)
        if size > 1 and _is_rate(unit) and _is_rate(parse_unit(" ".join(words[1 - size :]))):
            continue
        if size == 1 and not (_LONE_UNIT.match(tail) or (unit is not None and "/" in tail)):
            continue
        if unit is not None and unit.dimension != "count":
            if is_magnitude(words[-size - 1]):
                break
            return " ".join(words[:-size]).strip(" ,–-:"), tail, unit
    return text, "", None


def _is_rate(unit: Unit | None) -> bool:
    return unit is not None and unit.dimension == "rate"


_REFERENCE = re.compile(r"(?:\s*\[[A-Za-z\d]{1,2}\]|\s*[*†‡]+)+\s*$")
_LONE_UNIT = re.compile(
    r"^(?:[Tt]ons|[Tt]onnes|[kKMG]?t(?:ons|onnes)?-?CO.*|[kMGTe]{1,2}Wh|[GTMP]J|m[³3]|%|tons|tonnes|kt|Mt|FTEs?|ML|\(%\))$"
)
