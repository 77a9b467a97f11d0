"""Texts of one arm as a judge scores them, and as people are asked to score them first."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.errors import ProviderError
from evals.ab.case import Case
from evals.ab.judged import answers_of, why_no_gate
from evals.ab.paired import Trial, mean_interval
from evals.judge.calibration import Agreement
from evals.judge.judge import Criterion, Item, Judge


@dataclass(frozen=True)
class Scores:
    """What a judge gives an arm's texts by one criterion, 1 to 5."""

    judge: str
    criterion: Criterion
    by_case: Mapping[str, int]
    unanswered: int
    """Cases without a text, or for which the judge gave no usable answer."""
    mean: float | None
    low: float | None
    high: float | None
    """Bounds of the 95 per cent interval of the mean, over cases."""
    not_a_gate: str
    """Why it decides nothing; empty where its agreement with people is good enough."""


async def score_texts(
    judge: Judge,
    cases: Sequence[Case],
    trials: Sequence[Trial],
    criterion: Criterion,
    agreements: Sequence[Agreement] = (),
) -> Scores:
    """Score the text of every case.

    Raises ProviderError where the judge gives no answer for any text.
    """
    texts = {trial.case: trial.text for trial in trials if trial.text}
    written = [case for case in cases if case.name in texts]
    given = await asyncio.gather(*(_score(judge, x, texts[x.name], criterion) for x in written))
    if given:
        answers_of(given)
    by_case = {
        case.name: score
        for case, score in zip(written, given, strict=True)
        if isinstance(score, int)
    }
    values = np.array(list(by_case.values()), dtype=float)
    low, high = mean_interval(values) if by_case else (None, None)
    unanswered = len(cases) - len(by_case)
    return Scores(
        judge=judge.name,
        criterion=criterion,
        by_case=by_case,
        unanswered=unanswered,
        mean=float(values.mean()) if by_case else None,
        low=low,
        high=high,
        not_a_gate=why_no_gate(judge, criterion, agreements, unanswered),
    )


async def _score(judge: Judge, case: Case, text: str, criterion: Criterion) -> int | ProviderError:
    try:
        return (await judge.score(Item(case.question, text, case.evidence), criterion)).score
    except ProviderError as error:
        return error


def labels_to_give(
    cases: Sequence[Case], trials: Sequence[Trial], criteria: Sequence[Criterion]
) -> Iterator[str]:
    """The texts as lines for `isra eval calibrate`, `human` to be filled in by a person."""
    texts = {trial.case: trial.text for trial in trials}
    for criterion in criteria:
        for case in cases:
            if text := texts[case.name]:
                label = {
                    "criterion": criterion,
                    "question": case.question,
                    "text": text,
                    "evidence": case.evidence,
                    "human": None,
                }
                yield json.dumps(label, ensure_ascii=False)


def told_scores(one: Scores) -> str:
    """The scores in words."""
    if one.mean is None or one.low is None or one.high is None:
        return f"{one.criterion}: no text was scored."
    line = (
        f"{one.criterion}: {one.mean:.2f} of 5 ({one.low:.2f} to {one.high:.2f}) over "
        f"{len(one.by_case)} cases" + (f", none in {one.unanswered}" if one.unanswered else "")
    )
    return f"{line}.\n  not a gate: {one.not_a_gate}" if one.not_a_gate else f"{line}."
