"""Finds the pages of one report that answer a question.

A page counts by its text (BM25 over synonym groups: each concept of the question adds its best
phrases, not all of them), by the best passage in it, by its headings and, where the question
wants a figure, by the labels of its table lines. Content indexes and tables of contents, which
name every topic and answer none, count less; the pages beside a good page count a little.
"""

import math
import re
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.library.lexicon import load_lexicon
from tools.library.question import Query, Wanted, analyse

_COLUMNS = ("headings", "body", "figures")
_SATURATION, _LENGTH = 1.2, 0.4
"""BM25's k1 and b."""
_RARITY = 0.8
"""Power of the inverse page frequency; a little below one, as reports are small."""
_DECAY = 0.6
"""What each further phrase of one concept adds, against the one before."""
_WINDOW = 80
"""Words of a passage."""
_HEADINGS, _FIGURES = 0.25, 0.8
_NUMBERS, _ENOUGH_NUMBERS = 0.6, 0.25
_LISTING = 0.5
_NEIGHBOUR = 0.1
_STRONG = 0.5
"""Least weight of a phrase that counts in headings and labels."""
_TOKEN = re.compile(r"[^\W_]+")
_SNIPPET = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that may answer; a higher `score` is better, within one question only."""

    page: int
    score: float
    snippet: str


@dataclass(slots=True)
class _Scores:
    """What the pages have of what is wanted."""

    columns: dict[str, dict[int, float]] = field(
        default_factory=lambda: {name: defaultdict(float) for name in _COLUMNS}
    )
    places: dict[int, list[tuple[int, int, int, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """For each page (offset, want, phrase, worth) of every find in its text."""


class PageFinder:
    """Searches one bundle's index; safe to share between threads."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = threading.Lock()
        database.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab (main, texts, instance)"
        )
        rows = database.execute("SELECT number, words, numbers, listing FROM pages")
        self._pages = {number: (words, share, listing) for number, words, share, listing in rows}
        lengths = [words for words, _, _ in self._pages.values()]
        self._average = max(1.0, sum(lengths) / max(1, len(lengths)))
        self._terms: dict[str, dict[tuple[int, str], list[int]]] = {}

    def find(self, question: str, k: int) -> list[Hit]:
        """The best `k` pages for `question`, best first."""
        query = analyse(question, load_lexicon())
        with self._lock:
            scores = self._score(query)
            ranked = self._rank(query, scores)
            best = sorted(ranked, key=lambda page: (-ranked[page], page))[:k]
            return [
                Hit(page, round(ranked[page], 4), self._snippet(page, scores.places[page]))
                for page in best
            ]

    def listings(self, question: str) -> frozenset[int]:
        """Pages that only list topics; none where the question asks for such a list."""
        if analyse(question, load_lexicon()).for_index:
            return frozenset()
        return frozenset(page for page, (_, _, listing) in self._pages.items() if listing)

    def first_words(self, page: int) -> str:
        """The beginning of a page, for a page that was found by other means."""
        with self._lock:
            return self._snippet(page, [])

    def _score(self, query: Query) -> _Scores:
        scores = _Scores()
        for number, want in enumerate(query.wanted):
            self._score_one(scores, number, want)
        return scores

    def _score_one(self, scores: _Scores, number: int, want: Wanted) -> None:
        columns: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
        for index, (phrase, weight) in enumerate(want.phrases):
            found: dict[str, dict[int, int]] = defaultdict(dict)
            offsets = self._phrase(phrase)
            for (page, column), places in offsets.items():
                found[column][page] = len(places)
            for column, pages in found.items():
                if column != "body" and weight < _STRONG:
                    continue
                worth = weight * _rarity(len(pages), len(self._pages))
                for page, count in pages.items():
                    long = self._pages[page][0] / self._average if column == "body" else 1.0
                    room = _SATURATION * (1 - _LENGTH + _LENGTH * long)
                    value = worth * count * (_SATURATION + 1) / (count + room)
                    columns[column][page].append(value)
                    if column == "body":
                        scores.places[page] += [
                            (offset, number, index, worth) for offset in offsets[page, "body"]
                        ]
        for column, pages_worths in columns.items():
            for page, worths in pages_worths.items():
                scores.columns[column][page] += want.weight * _fading(worths)

    def _rank(self, query: Query, scores: _Scores) -> dict[int, float]:
        weights = [want.weight for want in query.wanted]
        passages = {page: _passage(places, weights)[0] for page, places in scores.places.items()}
        parts = [
            (0.5, scores.columns["body"]),
            (0.5, passages),
            (_HEADINGS, scores.columns["headings"]),
            (_FIGURES if query.for_figures else 0.0, scores.columns["figures"]),
        ]
        ranked: dict[int, float] = defaultdict(float)
        for weight, part in parts:
            most = max(part.values(), default=0.0)
            for page, value in part.items():
                ranked[page] += weight * value / most if most else 0.0
        for page in ranked:
            _, numbers, listing = self._pages[page]
            if query.for_figures:
                ranked[page] *= 1 + _NUMBERS * min(1.0, numbers / _ENOUGH_NUMBERS)
            if listing and not query.for_index:
                ranked[page] *= _LISTING
        return {
            page: value + _NEIGHBOUR * (ranked.get(page - 1, 0.0) + ranked.get(page + 1, 0.0))
            for page, value in ranked.items()
        }

    def _phrase(self, phrase: tuple[str, ...]) -> Mapping[tuple[int, str], list[int]]:
        """Offsets of a phrase by page and column."""
        if not phrase:
            return {}
        found: Mapping[tuple[int, str], list[int]] = self._term(phrase[0])
        for distance, stem in enumerate(phrase[1:], 1):
            following = self._term(stem)
            narrowed = {}
            for key, offsets in found.items():
                after = set(following.get(key, ()))
                if kept := [offset for offset in offsets if offset + distance in after]:
                    narrowed[key] = kept
            found = narrowed
        return found

    def _term(self, stem: str) -> dict[tuple[int, str], list[int]]:
        if stem not in self._terms:
            places: dict[tuple[int, str], list[int]] = defaultdict(list)
            for page, column, offset in self._database.execute(
                "SELECT doc, col, offset FROM temp.terms WHERE term = ?", (stem,)
            ):
                places[page, column].append(offset)
            self._terms[stem] = dict(places)
        return self._terms[stem]

    def _snippet(self, page: int, places: list[tuple[int, int, int, float]]) -> str:
        """The words of the best passage."""
        row = self._database.execute("SELECT text FROM pages WHERE number = ?", (page,)).fetchone()
        tokens = list(_TOKEN.finditer(row[0]))
        start, end = _passage(places, None)[1] if places else (0, _SNIPPET)
        start = max(0, min(start - 4, len(tokens) - 1))
        end = min(max(end + 8, start + _SNIPPET), start + 2 * _SNIPPET, len(tokens)) - 1
        if not tokens or end < start:
            return ""
        return " ".join(row[0][tokens[start].start() : tokens[end].end()].split())


def _rarity(pages: int, of: int) -> float:
    return math.pow(math.log(1 + (of - pages + 0.5) / (pages + 0.5)), _RARITY)


def _fading(values: Iterable[float]) -> float:
    """The best value in full, each further one by less."""
    return sum(value * _DECAY**rank for rank, value in enumerate(sorted(values, reverse=True)))


def _passage(
    places: list[tuple[int, int, int, float]], weights: list[float] | None
) -> tuple[float, tuple[int, int]]:
    """Worth and first and last offset of the passage that has most of what is wanted."""
    places = sorted(places)
    best, where, first = 0.0, (0, 0), 0
    for last, (offset, *_) in enumerate(places):
        while offset - places[first][0] > _WINDOW:
            first += 1
        wants: dict[int, dict[int, float]] = defaultdict(dict)
        for _, want, phrase, worth in places[first : last + 1]:
            wants[want][phrase] = worth
        value = sum(
            (weights[want] if weights else 1.0) * _fading(worths.values())
            for want, worths in wants.items()
        )
        if value > best:
            best, where = value, (places[first][0], offset)
    return best, where
