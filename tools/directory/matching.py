"""From words to industries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from agent.domain import Industry
from tools.directory.files import Catalogue
from tools.directory.regions import Gazetteer
from tools.directory.words import german_singular, key, nearest, singular, split

EXACT, CORRECTED, TOPIC = 100.0, 90.0, 80.0
"""Scores of a term as written, with a slip forgiven, and of a topic where nothing else is meant."""
_JOINTS = ("s", "en", "n")
"""Letters that join the parts of a German compound ("Versicherungsbranche")."""


@dataclass(frozen=True, slots=True)
class IndustryMatch:
    """An industry that a text means or may mean; `score` is 0-100, `why` is for the user."""

    industry: Industry
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class IndustryQuery:
    """What a text asks for.

    `industries` are those meant, in the order of the text; with `tie` they are instead the
    industries that one word of it could mean, and the user should be asked which.
    `region` is the name of the places named, `countries` their ISO 3166 alpha-2 codes; both
    are empty where none is.
    """

    industries: tuple[Industry, ...]
    region: str
    countries: tuple[str, ...]
    tie: bool
    matches: tuple[IndustryMatch, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    """A word as looked up; `headed`: it is itself a compound such as "Zementhersteller"."""

    text: str
    written: str
    corrected: bool = False
    headed: bool = False


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a term stands for."""

    industries: tuple[str, ...]
    topic: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    """A term found in a text."""

    meaning: _Meaning
    written: str
    score: float
    headed: bool


class IndustryFinder:
    """Finds the industries and places that texts mean."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._industries = {industry.id: industry for industry in catalogue.industries}
        self._terms = _terms(catalogue)
        self._longest = max(map(len, self._terms))
        synonyms = catalogue.synonyms
        self._actors = {singular(word) for word in synonyms.actors}
        self._endings = tuple(sorted(synonyms.endings, key=len, reverse=True))
        self._filler = {singular(word) for word in synonyms.filler}
        self._subjectless = self._filler | self._actors
        self._known = {word for term in self._terms for word in term} | self._actors
        self._gazetteer = Gazetteer(catalogue.regions)

    def understand(self, text: str) -> IndustryQuery:
        """The industries and places a text means; no industry where it means none."""
        words = split(text)
        places, taken = self._gazetteer.find(words)
        hits, rest = self._hits(words, taken)
        chosen, tie = _choose(hits, alone=not rest)
        matches: dict[str, IndustryMatch] = {}
        for hit in chosen:
            for industry_id in hit.meaning.industries:
                industry = self._industries[industry_id]
                why = f"“{hit.written}” can mean it." if tie else f"“{hit.written}” names it."
                matches.setdefault(industry_id, IndustryMatch(industry, hit.score, why))
        return IndustryQuery(
            industries=tuple(match.industry for match in matches.values()),
            region=", ".join(place.name for place in places),
            countries=tuple(dict.fromkeys(code for place in places for code in place.countries)),
            tie=tie,
            matches=tuple(matches.values()),
        )

    def nearest(self, text: str) -> list[IndustryMatch]:
        """All industries by how much their best term looks like the text."""
        wanted = " ".join(key(text))
        best: dict[str, tuple[float, str]] = {}
        for term, meaning in self._terms.items():
            joined = " ".join(term)
            score = max(fuzz.token_set_ratio(wanted, joined), fuzz.ratio(wanted, joined))
            for industry_id in meaning.industries:
                if score > best.get(industry_id, (0.0, ""))[0]:
                    best[industry_id] = (score, joined)
        ranked = sorted(best.items(), key=lambda item: -item[1][0])
        return [
            IndustryMatch(self._industries[industry_id], score, f"It is near to “{term}”.")
            for industry_id, (score, term) in ranked
        ]

    def _hits(self, words: list[str], taken: set[int]) -> tuple[list[_Hit], bool]:
        """The terms in a text, and whether words that carry a subject are left over."""
        tokens = [None if at in taken else self._token(word) for at, word in enumerate(words)]
        hits: list[_Hit] = []
        rest = False
        start = 0
        while start < len(tokens):
            length = self._term_at(tokens, start)
            token = tokens[start]
            if length and token is not None:
                hits.append(self._hit(tokens, start, length))
            elif token is not None and token.text not in self._subjectless:
                rest = True
            start += length or 1
        return hits, rest

    def _term_at(self, tokens: list[_Token | None], start: int) -> int:
        """The length of the longest term that begins here; 0 where none does."""
        for length in range(min(self._longest, len(tokens) - start), 0, -1):
            if _texts(tokens[start : start + length]) in self._terms:
                return length
        return 0

    def _hit(self, tokens: list[_Token | None], start: int, length: int) -> _Hit:
        span = [token for token in tokens[start : start + length] if token is not None]
        after = tokens[start + length] if start + length < len(tokens) else None
        before = _texts(tokens[max(0, start - 2) : start])
        headed = (
            any(token.headed for token in span)
            or (after is not None and after.text in self._actors)
            or (len(before) == 2 and before[0] in self._actors and before[1] == "of")
        )
        corrected = any(token.corrected for token in span)
        return _Hit(
            meaning=self._terms[_texts(tokens[start : start + length])],
            written=" ".join(token.written for token in span),
            score=CORRECTED if corrected else EXACT,
            headed=headed,
        )

    def _token(self, word: str) -> _Token:
        """A word as it is known: as written, as part of a compound, or with a slip forgiven."""
        text = singular(word)
        for form in (text, german_singular(text)):
            if form in self._known or form in self._filler:
                return _Token(form, word)
        stem = self._stem(word.casefold())
        if stem:
            return _Token(stem, word, headed=True)
        meant = nearest(text, self._known)
        return _Token(meant or text, word, corrected=meant is not None)

    def _stem(self, word: str) -> str:
        """The first part of a compound that ends in an actor word, where it is a term."""
        for ending in self._endings:
            if not word.endswith(ending):
                continue
            first = word.removesuffix(ending)
            stems = [first, *(first.removesuffix(j) for j in _JOINTS if first.endswith(j))]
            for stem in map(singular, filter(None, stems)):
                if (stem,) in self._terms:
                    return stem
        return ""


def _terms(catalogue: Catalogue) -> dict[tuple[str, ...], _Meaning]:
    """What every term means. A fictional industry is meant by its whole name only."""
    terms: dict[tuple[str, ...], _Meaning] = {}
    synonyms = catalogue.synonyms
    for broad, topic in ((synonyms.broad, False), (synonyms.broad_topics, True)):
        for term, industries in broad.items():
            terms[key(term)] = _Meaning(tuple(industries), topic)
    for industry in catalogue.industries:
        words = synonyms.industries.get(industry.id)
        topics = words.topics if words else []
        meaning = _Meaning((industry.id,))
        for term in topics:
            terms[key(term)] = _Meaning((industry.id,), topic=True)
        for term in (industry.name, *(words.terms if words else ())):
            terms.setdefault(key(term), meaning)
        if industry.fictional:
            terms[key(industry.id)] = meaning
    return terms


def _choose(hits: list[_Hit], *, alone: bool) -> tuple[list[_Hit], bool]:
    """The hits that count, and whether they are only what one broad word may mean.

    Topics give way to terms unless an actor word follows; without any term they count where
    the text holds no other subject (`alone`). A broad word gives way to the terms beside it.
    """
    terms = [hit for hit in hits if not hit.meaning.topic or hit.headed]
    precise = [hit for hit in terms if len(hit.meaning.industries) == 1]
    if precise:
        return precise, False
    if terms:
        return terms[:1], True
    if not alone:
        return [], False
    topics = [replace(hit, score=min(hit.score, TOPIC)) for hit in hits]
    precise = [hit for hit in topics if len(hit.meaning.industries) == 1]
    return (precise, False) if precise else (topics[:1], bool(topics))


def _texts(tokens: Iterable[_Token | None]) -> tuple[str, ...]:
    """The words looked up; a place between them ends a term."""
    return tuple("" if token is None else token.text for token in tokens)
