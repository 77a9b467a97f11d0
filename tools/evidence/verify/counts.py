"""Counts and ranks of companies in a claim over several reports."""

import re
from collections.abc import Sequence

from agent.domain import KpiRecord
from tools.evidence.verify.mentions import Mentions
from tools.evidence.verify.outcome import NotBorneOutError, Outcome
from tools.evidence.verify.values import Pair
from tools.evidence.verify.vocabulary import vocabulary


def check_counts(
    text: str, pairs: Sequence[Pair], records: Sequence[KpiRecord], companies: int
) -> None:
    """Counts in words agree with the cited reports.

    "Three of five companies report …" cites three reports; "fell at two" has two pairs that fell.
    """
    counts = vocabulary().data.counts
    word = "|".join(sorted((re.escape(w) for w in counts), key=len, reverse=True)) + r"|\d{1,2}"
    reports = len({r.evidence.report for r in records})
    moved = {
        direction: len({p.now.evidence.report for p in pairs if p.direction == direction})
        for direction in ("up", "down")
    }
    for match in re.finditer(rf"(\w+)\s+at\s+(?:all\s+)?({word})\b(?!\s*~)", text, re.IGNORECASE):
        for mark in vocabulary().directions(match[1]):
            _same(_number(match[2]), moved.get(mark.value, 0), match.group())
    lead = re.match(
        rf"\s*(?:all\s+)?({word})(?:\s+of\s+(?:the\s+)?({word}))?\s+companies\b",
        text,
        re.IGNORECASE,
    )
    if lead:
        _same(_number(lead[1]), reports, lead.group())
        _at_least(_number(lead[2]), reports, companies, lead.group())
    for match in re.finditer(
        rf"\b(?:among|of(?: the)?)\s+({word})\s+(?:comparable\s+)?(?:companies|figures|reports)\b",
        text,
        re.IGNORECASE,
    ):
        if lead and match.start() < lead.end():
            continue
        _same(_number(match[1]), reports, match.group())


def _number(word: str | None) -> int | None:
    if word is None:
        return None
    return int(word) if word.isdigit() else vocabulary().data.counts.get(word.casefold())


def _same(said: int | None, counted: int, words: str) -> None:
    if said is not None and said != counted:
        raise NotBorneOutError(
            Outcome.NUMBER_NOT_BORNE_OUT, f"“{words.strip()}”: the cited reports are {counted}."
        )


def _at_least(said: int | None, counted: int, companies: int, words: str) -> None:
    if said is not None and (said < counted or (companies and said > companies)):
        raise NotBorneOutError(
            Outcome.NUMBER_NOT_BORNE_OUT, f"“{words.strip()}” does not fit the companies compared."
        )


def check_order(mentions: Mentions, records: Sequence[KpiRecord]) -> None:
    """“Lowest” and “highest” stand with the lowest and highest cited value."""
    marks = vocabulary().contrasts("order", mentions.text)
    values = [(r, r.normalised.value if r.normalised else r.value) for r in records]
    for index, mark in enumerate(marks):
        end = marks[index + 1].start if index + 1 < len(marks) else len(mentions.text)
        said = [q for q in mentions.quantities if mark.end <= q.start < end]
        if not said or len(values) < 2:
            raise NotBorneOutError(
                Outcome.AMBIGUOUS, f"Nothing to compare with is cited for “{mark.value}”."
            )
        own = [v for r, v in values if _is_value_of(said[0].value, r)]
        best = (min if mark.value == "lowest" else max)(v for _, v in values)
        if best not in own:
            raise NotBorneOutError(
                Outcome.DIRECTION_NOT_BORNE_OUT, f"{said[0].printed} is not the {mark.value}."
            )


def _is_value_of(said: float, record: KpiRecord) -> bool:
    values = [record.value, record.normalised.value if record.normalised else record.value]
    return any(abs(said - v) <= 0.005 * max(1e-9, abs(v)) for v in values)
