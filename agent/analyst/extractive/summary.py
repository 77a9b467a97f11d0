"""A company's summary: its figures in sentences and its report's telling sentences, by topic."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from agent.analyst.extractive.claims import claim
from agent.analyst.extractive.figures import figure_claims
from agent.analyst.extractive.synthesis_gaps import silence_claim
from agent.analyst.extractive.targets import ordered, target_claim
from agent.analyst.topics import TOPICS
from agent.analyst.wording import phrase
from agent.domain import Claim, CompanySummary, KpiRecord, Material, Passage

_MOST_TARGETS = 6
_MOST_FIGURES = 8
_MOST_PARTS = 2
_PASSAGES = {
    "Climate targets": 2,
    "Emissions": 3,
    "Energy": 3,
    "Water and waste": 3,
    "People": 3,
    "Governance": 3,
    "Risks": 2,
}
_ALIKE = 90.0
"""Token-set likeness in per cent from which a passage says what a quote above it says."""
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_CAUSE = re.compile(
    r"\b(?:due to|because|as a result|attributable|driven by|owing to|thanks to|primarily|mainly)\b"
)


def summarize_material(material: Material) -> CompanySummary:
    """Topic by topic: targets and figures first, then what the report says in its own words."""
    company = material.report.company
    by_topic: dict[str, list[Claim]] = {topic: [] for topic in TOPICS}
    stated = {
        one.text: one
        for target in ordered(material.targets)
        for one in [target_claim(target, company=company)]
    }
    for one in list(stated.values())[:_MOST_TARGETS]:
        by_topic[one.topic].append(one)
    for figure in figure_claims(told_records(material.kpis), company=company):
        if len(by_topic[figure.topic]) < _MOST_FIGURES:
            by_topic[figure.topic].append(figure)
    for silence in material.silences:
        said = silence_claim(silence, company)
        if said:
            by_topic[said.topic].append(said)
    quotes = [_words(e.quote) for told in by_topic.values() for one in told for e in one.evidence]
    for topic, told in by_topic.items():
        passages = [p for p in material.passages if p.topic == topic]
        own = _own_words(passages, told, quotes, company)
        quotes += [_words(one.text) for one in own]
        told.extend(own)
    return CompanySummary(
        claims=tuple(one for topic in TOPICS for one in by_topic[topic]),
        not_found_topics=tuple(topic for topic in TOPICS if not by_topic[topic]),
    )


def told_records(records: Sequence[KpiRecord]) -> list[KpiRecord]:
    """All figures but the smaller parts: of those the largest few of the newest year are kept."""
    parts = [r for r in records if phrase(r.kpi).detail]
    last = max((r.year for r in parts), default=0)
    newest = sorted((r for r in parts if r.year == last), key=_size, reverse=True)
    largest = list(dict.fromkeys(r.kpi for r in newest))[:_MOST_PARTS]
    return [r for r in records if r.kpi in largest or not phrase(r.kpi).detail]


def _size(record: KpiRecord) -> float:
    return record.normalised.value if record.normalised else record.value


def _own_words(
    passages: Sequence[Passage], told: Sequence[Claim], quotes: Sequence[str], company: str
) -> list[Claim]:
    """The best passages that say more than what is told already, in page order.

    `told` are the topic's figures and targets, `quotes` the words of all topics up to here.
    """
    figures = {n for one in told for n in _numbers(one.text)}
    kept: list[Passage] = []
    for passage in passages:
        if len(kept) == _PASSAGES[passage.topic]:
            break
        numbers = _numbers(passage.text) - _years(passage.text)
        repeats = bool(numbers) and numbers <= figures and not _CAUSE.search(passage.text)
        words = _words(passage.text)
        again = any(
            words in quote or fuzz.token_set_ratio(words, quote) >= _ALIKE for quote in quotes
        )
        if not repeats and not again:
            kept.append(passage)
    kept.sort(key=lambda p: (p.evidence.page, p.evidence.start or 0))
    return [claim(p.text, [p.evidence], topic=p.topic, company=company) for p in kept]


def _words(text: str) -> str:
    return " ".join(text.split())


def _numbers(text: str) -> set[str]:
    return {n.replace(",", "") for n in _NUMBER.findall(text)}


def _years(text: str) -> set[str]:
    return set(re.findall(r"\b(?:19|20)\d\d\b", text)) | {"1", "2", "3"}
