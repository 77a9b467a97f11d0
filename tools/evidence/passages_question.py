"""The sentences of a report that bear on a question, from the pages a search returned."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from agent.analyst.wording import figure_phrases
from agent.domain import Passage
from tools.evidence.lexis import question_fillers, synonyms
from tools.evidence.passages_common import joined_with_lead, passage_at, predecessors, telling
from tools.evidence.sentences import Sentence, page_sentences
from tools.evidence.topics import Topic, topic_lexicon
from tools.pdf.page import PageRecord

_WORD = re.compile(r"[^\W_]+(?:[.-]\d+)?")
_NEED_MATCHED = 0.42
"""Least share of the question's weight that a sentence must carry."""
_LEAST_HITS = 2
_ALONE = 0.6
"""Share from which a single word of a longer question is enough."""
_HEADING_SHARE = 0.5
"""What a word in the heading above counts, beside one in the sentence."""
_NAMED, _UNNAMED = 0.25, 0.6
"""What a sentence gains that names the figure asked for, and what one keeps that does not."""
_ALIKE = 78.0
_WHY = re.compile(r"\b(?:why|what drove|drivers?|reasons?|caused?|because)\b", re.IGNORECASE)
_CAUSE = re.compile(
    r"\b(?:due to|because|as a result|attributable|driven by|owing to|thanks to|primarily|mainly|"
    r"resulted from|led to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the question looks for: groups of stems that mean one thing, with their weights."""

    weights: dict[frozenset[str], float]
    topics: tuple[Topic, ...]
    figures: tuple[re.Pattern[str], ...]
    why: bool


def question_passages(
    pages: Sequence[PageRecord], question: str, *, report: str, company: str = "", limit: int = 6
) -> tuple[Passage, ...]:
    """The best sentences for the question, best first; empty where none bears on it.

    `pages` are in the order of the page search, best first; a sentence on a better page weighs
    a little more. Below the floor the answer is not in these pages.
    """
    sentences = [s for page in pages for s in page_sentences(page)]
    asked = _asked(question, company, sentences)
    if not asked.weights:
        return ()
    place = {page.number: index for index, page in enumerate(pages)}
    scored = sorted(
        (
            (score - 0.02 * place[sentence.page], sentence)
            for sentence in sentences
            if (score := _score(sentence, asked)) > 0
        ),
        key=lambda hit: -hit[0],
    )
    chosen: list[tuple[float, Sentence]] = []
    for score, sentence in scored:
        if len(chosen) == limit:
            break
        if all(fuzz.token_set_ratio(sentence.text, c.text) < _ALIKE for _, c in chosen):
            chosen.append((score, sentence))
    lead = predecessors(sentences)
    by_number = {page.number: page for page in pages}
    topic = asked.topics[0].name if asked.topics else ""
    found = []
    for score, sentence in chosen:
        text, start = joined_with_lead(sentence, lead.get(sentence))
        found.append(
            passage_at(
                by_number[sentence.page],
                start,
                sentence.end,
                text=text,
                topic=topic,
                report=report,
                score=score,
            )
        )
    return tuple(found)


def _asked(question: str, company: str, sentences: Sequence[Sentence]) -> _Asked:
    names = {_stem(word) for word in _WORD.findall(company.lower())}
    words = {
        word
        for word in _WORD.findall(question.lower())
        if word not in question_fillers() and len(word) > 1 and _stem(word) not in names
    }
    groups = {_meaning(word) for word in words}
    stems = [_stems(s.text) for s in sentences]
    total = max(1, len(sentences))
    weights = {
        group: math.log(1 + total / (1 + sum(bool(group & found) for found in stems)))
        for group in groups
    }
    lexicon = topic_lexicon()
    return _Asked(
        weights,
        tuple(t for t in lexicon.topics if t.core.search(question.lower())),
        tuple(
            re.compile(known.asked, re.IGNORECASE)
            for known in figure_phrases().values()
            if known.asked and re.search(known.asked, question, re.IGNORECASE)
        ),
        bool(_WHY.search(question)),
    )


def _score(sentence: Sentence, asked: _Asked) -> float:
    """0 where the sentence does not carry enough of the question."""
    stems, heading = _stems(sentence.text), _stems(sentence.section)
    whole = sum(asked.weights.values())
    hits = [group for group in asked.weights if group & stems]
    matched = sum(asked.weights[group] for group in hits)
    matched += sum(
        _HEADING_SHARE * weight
        for group, weight in asked.weights.items()
        if group not in hits and group & heading
    )
    matched /= whole
    if len(hits) < _LEAST_HITS <= len(asked.weights) - 1 and matched < _ALONE:
        return 0.0
    if asked.figures:
        named = any(figure.search(sentence.text) for figure in asked.figures)
        matched = matched + _NAMED if named else matched * _UNNAMED
    if matched < _NEED_MATCHED:
        return 0.0
    score = matched + 0.3 * telling(sentence.text)
    if asked.why and _CAUSE.search(sentence.text):
        score += 0.3
    return score if score > 0.3 else 0.0


def _meaning(word: str) -> frozenset[str]:
    """The stems of a word and of those that mean the same."""
    own = {_stem(word)}
    for group in synonyms():
        stems = {_stem(other) for other in group}
        if own & stems:
            own |= stems
    return frozenset(own)


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(text.lower()))


def _stem(word: str) -> str:
    """A rough stem: endings off, then the first letters, so that forms of a word meet."""
    if word.isdigit() or len(word) <= 4:
        return word.rstrip("s") if len(word) == 4 else word
    for ending in ("ations", "ation", "ions", "ion", "ing", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:7]
