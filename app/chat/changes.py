"""What a message changes in an analysis: its companies, its year, its figures, its topics."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.analyst.extractive.answer import asked_kpis
from agent.analyst.protocol import Intent
from agent.analyst.topics import TOPICS
from agent.analyst.wording import listed, mid_sentence, phrase
from agent.domain import AnalysisRequest
from agent.errors import InputError
from tools.search.known import name_key, same_name

_ONLY = re.compile(r"\b(only|just|nothing but)\b", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(without|remove|drop|exclude|skip|leave\b.*\bout|leave out|take out)\b", re.IGNORECASE
)
_AGAIN = re.compile(r"\b(re-?do|re-?run|repeat|again)\b", re.IGNORECASE)
_TOPIC_WORDS = {
    "Climate targets": r"targets?|goals?",
    "Emissions": r"emissions?",
    "Energy": r"energy|electricity",
    "Water and waste": r"water|waste",
    "People": r"people|employees?|staff|safety",
    "Governance": r"governance",
    "Risks": r"risks?",
}

_TELLING = 3
NOTHING_CHANGED = InputError(
    "I did not find in this what to change.",
    "Write for example “add Northwind Cement”, “drop Northwind Cement”, “redo with 2022”, "
    "“leave Scope 3 out” or “only emissions and energy”.",
)


@dataclass(frozen=True, slots=True)
class Change:
    """The changed request, and what changes in words for the user."""

    request: AnalysisRequest
    words: str


def change_of(
    text: str, intent: Intent, request: AnalysisRequest, before: Sequence[str], extends: str = ""
) -> Change:
    """The request with what the message changes; everything else stays as it was.

    `before` are the companies of the analysis; `extends` is the reference of its result.
    Raises InputError where nothing is to be changed, or no company would be left.
    """
    companies = changed_companies(tuple(before), _named(text, intent, before), text)
    values: dict[str, object] = {
        "companies": companies,
        "year": intent.year or request.year,
        # Who names companies wants all of them.
        "limit": None,
        "extends": extends,
        **_narrowing(text, request, named=companies != tuple(before)),
    }
    changed = request.model_copy(update=values)
    words = _words(changed, request, tuple(before))
    if not words and _AGAIN.search(text):
        return Change(changed.model_copy(update={"extends": ""}), "Doing it again.")
    if not words:
        raise NOTHING_CHANGED
    if not companies:
        raise InputError("No company would be left.", "Name one to add first.")
    return Change(changed, words)


def changed_companies(
    before: tuple[str, ...], named: tuple[str, ...], text: str
) -> tuple[str, ...]:
    """“only X” replaces the list, “without X” shortens it, any other mention of X adds to it."""
    if not named:
        return before
    if _WITHOUT.search(text):
        return tuple(name for name in before if not _is_among(name, named))
    kept = tuple(name for name in before if _is_among(name, named))
    new = tuple(name for name in named if not _is_among(name, before))
    if _ONLY.search(text):
        return (*kept, *new)
    return tuple(dict.fromkeys((*before, *new)))


def _is_among(name: str, others: Sequence[str]) -> bool:
    return any(same_name(name, other) for other in others)


def _named(text: str, intent: Intent, before: Sequence[str]) -> tuple[str, ...]:
    """The companies meant: those of the list by a word only they have, and new ones."""
    said = set(name_key(text))
    words = {name: set(name_key(name)) for name in before}
    known = tuple(
        name
        for name in before
        if any(
            len(word) >= _TELLING and sum(word in others for others in words.values()) == 1
            for word in words[name] & said
        )
    )
    # “drop Verane” means “Casa Verane”; a name of its own is none of the list.
    meant = {word for name in known for word in words[name]}
    new = tuple(name for name in intent.companies if not set(name_key(name)) <= meant)
    return (*known, *new)


def _narrowing(text: str, request: AnalysisRequest, *, named: bool) -> dict[str, object]:
    """Figures and topics left out or taken in again; nothing where companies are meant."""
    if named:
        return {}
    kpis = asked_kpis(text)
    topics = tuple(
        topic
        for topic in TOPICS
        if re.search(rf"\b(?:{_TOPIC_WORDS[topic]})\b", text, re.IGNORECASE)
    )
    precise = bool(re.search(r"scope", text, re.IGNORECASE))
    if _WITHOUT.search(text):
        if precise or (kpis and not topics):
            return {"without": tuple(dict.fromkeys((*request.without, *kpis)))}
        left = tuple(topic for topic in request.topics or TOPICS if topic not in topics)
        return {"topics": left if topics else request.topics}
    if _ONLY.search(text) and topics and not precise:
        return {"topics": topics}
    return {
        "without": tuple(kpi for kpi in request.without if kpi not in kpis),
        "topics": tuple(t for t in TOPICS if t in (*request.topics, *topics))
        if request.topics
        else (),
    }


def _words(now: AnalysisRequest, old: AnalysisRequest, before: tuple[str, ...]) -> str:
    """What is different, as sentences; empty where nothing is."""
    said = []
    if added := [name for name in now.companies if name not in before]:
        said.append(f"Adding {listed(added)}.")
    if dropped := [name for name in before if name not in now.companies]:
        said.append(f"Leaving out {listed(dropped)}.")
    if now.year != old.year:
        said.append(f"Using the reports of {now.year}.")
    if out := [kpi for kpi in now.without if kpi not in old.without]:
        said.append(f"Leaving out {listed([mid_sentence(phrase(kpi).subject) for kpi in out])}.")
    if back := [kpi for kpi in old.without if kpi not in now.without]:
        said.append(f"Taking in {listed([mid_sentence(phrase(kpi).subject) for kpi in back])}.")
    if now.topics != old.topics:
        said.append(f"Topics: {listed([topic.lower() for topic in now.topics or TOPICS])}.")
    return " ".join(said)
