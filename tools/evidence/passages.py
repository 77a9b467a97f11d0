"""The sentences of a report worth reading, by topic, each with its place.

A sentence's salience is its topical weight (saturating, as in BM25) times what its cues say:
figures with units, comparisons, causes, deadlines speak for it; cross-references, definitions,
method and legal text against it. Below a floor the topic counts as not found in the report.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from agent.domain import Passage
from tools.evidence.passages_common import (
    joined_with_lead,
    passage_at,
    predecessors,
    telling,
)
from tools.evidence.passages_question import question_passages
from tools.evidence.sentences import Sentence, furniture, page_sentences
from tools.evidence.topics import Lexicon, Topic, topic_lexicon
from tools.pdf.page import PageRecord

__all__ = ["PassageOptions", "question_passages", "topic_passages"]

_SATURATION = 2.5
"""Term weight at which half of the topical score is reached."""
_FIGURE = re.compile(r"\d[\d.,]*[.,]\d+|\d{3,}(?<!20\d\d)|\d+(?= ?%)")
_SECTION_BONUS = 0.2
_PAGE_BONUS = 0.25
_NEW_PAGE_BONUS = 0.1


@dataclass(frozen=True, slots=True)
class PassageOptions:
    """How much is kept: passages a topic, how weak beside the best, and how alike two may be."""

    per_topic: int = 6
    weakest: float = 0.4
    """Share of the best sentence's salience below which one is left out."""
    alike: float = 72.0
    """Token-set likeness in per cent from which a sentence repeats another."""


@dataclass(frozen=True, slots=True)
class _Scored:
    sentence: Sentence
    topic: str
    score: float


def topic_passages(
    pages: Sequence[PageRecord],
    *,
    report: str,
    names: Sequence[str] = (),
    options: PassageOptions = PassageOptions(),
) -> tuple[Passage, ...]:
    """Salient sentences by topic, in the topics' order and best first within a topic.

    `report` is the sha256 that the evidence names, `names` what the company goes by.
    A topic without a passage was not found in the report.
    """
    lexicon = topic_lexicon()
    repeated = furniture(pages)
    sentences = [s for page in pages for s in page_sentences(page, repeated)]
    scored = _score_all(sentences, lexicon, _name_pattern(names))
    before = predecessors(sentences)
    texts = {page.number: page for page in pages}
    found: list[Passage] = []
    for topic in lexicon.topics:
        ranked = sorted(scored.get(topic.name, ()), key=lambda s: -s.score)
        chosen = _diverse(ranked, topic.floor, options)
        alone = {hit.sentence for hit in chosen}
        for hit in chosen:
            lead = before.get(hit.sentence)
            found.append(_passage(hit, None if lead in alone else lead, texts, report))
    return tuple(found)


def _name_pattern(company: Sequence[str]) -> re.Pattern[str] | None:
    names = [re.escape(name) for name in company if name]
    return re.compile(r"\b(?:" + "|".join(names) + r")\b", re.IGNORECASE) if names else None


def _score_all(
    sentences: Sequence[Sentence], lexicon: Lexicon, names: re.Pattern[str] | None
) -> Mapping[str, list[_Scored]]:
    """The best topic of each sentence with its salience."""
    drafts: list[tuple[Sentence, Topic, float, float]] = []
    on_page: dict[tuple[int, str], int] = defaultdict(int)
    for sentence in sentences:
        if not lexicon.any_core.search(sentence.text.lower()):
            continue
        best: tuple[Topic, float] | None = None
        for topic in lexicon.topics:
            weight = _topical(topic, sentence)
            if weight > (best[1] if best else 0.0):
                best = (topic, weight)
        if best:
            on_page[sentence.page, best[0].name] += 1
            drafts.append((sentence, *best, telling(sentence.text, names)))
    scored: dict[str, list[_Scored]] = defaultdict(list)
    for sentence, topic, weight, told in drafts:
        company_of = min(on_page[sentence.page, topic.name], 6) / 6
        score = weight * (0.55 + told) + _PAGE_BONUS * company_of * weight
        if topic.core.search(sentence.section.lower()):
            score += _SECTION_BONUS * weight
        scored[topic.name].append(_Scored(sentence, topic.name, score))
    return scored


def _topical(topic: Topic, sentence: Sentence) -> float:
    """0 to 1: how much the sentence is about the topic."""
    text = sentence.text.lower()
    if not topic.core.search(text):
        return 0.0
    if topic.context and not topic.context.search(text):
        return 0.0
    if topic.avoid and topic.avoid.search(text):
        return 0.0
    weight = sum(value for pattern, value in topic.terms.items() if pattern.search(text))
    if topic.wants and not topic.wants.search(text):
        weight *= 0.6
    return weight / (weight + _SATURATION)


def _diverse(ranked: Sequence[_Scored], floor: float, options: PassageOptions) -> list[_Scored]:
    """The best ones that do not repeat each other, a page of its own counting a little."""
    chosen: list[_Scored] = []
    least = max(floor, options.weakest * ranked[0].score) if ranked else floor
    pool = [hit for hit in ranked if hit.score >= least][:40]
    while pool and len(chosen) < options.per_topic:
        used = {hit.sentence.page for hit in chosen}
        best = max(
            pool, key=lambda h: h.score + (_NEW_PAGE_BONUS if h.sentence.page not in used else 0)
        )
        chosen.append(best)
        pool = [
            hit
            for hit in pool
            if fuzz.token_set_ratio(hit.sentence.text, best.sentence.text) < options.alike
            and not _same_figures(hit.sentence.text, best.sentence.text)
        ]
    return chosen


def _same_figures(one: str, other: str) -> bool:
    """Two sentences that tell the same figures in other words."""
    first, second = (set(_FIGURE.findall(text)) for text in (one, other))
    return len(first & second) >= 2 and len(first & second) >= 0.5 * min(len(first), len(second))


def _passage(
    hit: _Scored, before: Sentence | None, pages: Mapping[int, PageRecord], report: str
) -> Passage:
    sentence = hit.sentence
    text, start = joined_with_lead(sentence, before)
    return passage_at(
        pages[sentence.page],
        start,
        sentence.end,
        text=text,
        topic=hit.topic,
        report=report,
        score=hit.score,
    )
