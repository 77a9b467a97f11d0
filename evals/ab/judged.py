"""What a judge prefers of two arms' texts, and what may be made of it.

Every case is compared in both orders. A judge decides with the code only where its agreement with
people is known and good enough, it gave an answer for every case, and seldom went with the place
a text stood at; else its preference is shown and decides nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.errors import ConflictError, ProviderError
from evals.ab.case import Case
from evals.ab.paired import ALPHA, Trial, Verdict, sign_flip, told_arms, told_p
from evals.judge.calibration import Agreement, require_gate
from evals.judge.judge import Comparison, Criterion, Item, Judge, followed_position

MOST_FOLLOWED = 0.25
"""Share of comparisons in which a judge may go with the place and still decide."""
_TWICE = Comparison("neither", ("The texts are the same.",) * 2, followed_position=False)


@dataclass(frozen=True)
class Preference:
    """What a judge says of two arms by one criterion."""

    judge: str
    criterion: Criterion
    arms: tuple[str, str]
    wins: tuple[int, int]
    """Cases in which each arm's text was preferred in both orders."""
    ties: int
    unanswered: int
    """Cases for which the judge gave no usable answer."""
    p: float
    """Of a sign test over the cases with a preference, two-sided."""
    followed_position: float
    """Share of the comparisons in which the answer went with the place and not with the text."""
    not_a_gate: str
    """Why it may not decide; empty where it may."""

    @property
    def better(self) -> str | None:
        """The arm with more wins."""
        one, other = self.wins
        return None if one == other else self.arms[0 if one > other else 1]


@dataclass(frozen=True)
class Decision:
    """Which arm to keep by code and by those judges that may decide."""

    keep: str | None
    """None where the data do not tell."""
    why: str


async def preference(
    judge: Judge,
    cases: Sequence[Case],
    trials: Sequence[Trial],
    arms: tuple[str, str],
    criterion: Criterion,
    agreements: Sequence[Agreement] = (),
) -> Preference:
    """Compare the texts of every case; `agreements` are those of the judge with people."""
    texts = {(trial.case, trial.arm): trial.text for trial in trials}
    found = await asyncio.gather(
        *(_compared(judge, case, texts, arms, criterion) for case in cases)
    )
    answered = [comparison for comparison in found if comparison is not None]
    better = [comparison.better for comparison in answered]
    wins = (better.count("first"), better.count("second"))
    followed = followed_position(answered)
    gaps = np.array([{"first": -1.0, "second": 1.0, "neither": 0.0}[one] for one in better])
    return Preference(
        judge=judge.name,
        criterion=criterion,
        arms=arms,
        wins=wins,
        ties=better.count("neither"),
        unanswered=len(found) - len(answered),
        p=sign_flip(gaps) if sum(wins) else 1.0,
        followed_position=followed,
        not_a_gate=why_no_gate(judge, criterion, agreements, len(found) - len(answered), followed),
    )


async def _compared(
    judge: Judge,
    case: Case,
    texts: Mapping[tuple[str, str], str],
    arms: tuple[str, str],
    criterion: Criterion,
) -> Comparison | None:
    one, other = (Item(case.question, texts[case.name, arm], case.evidence) for arm in arms)
    if one.text == other.text:
        return _TWICE
    try:
        return await judge.compare(one, other, criterion)
    except ProviderError:
        return None


def why_no_gate(
    judge: Judge,
    criterion: Criterion,
    agreements: Sequence[Agreement],
    unanswered: int,
    followed: float = 0.0,
) -> str:
    """Why a judge may not decide by what it said of these cases; empty where it may."""
    try:
        require_gate(agreements, judge, criterion)
    except ConflictError as error:
        return error.what
    if unanswered:
        return f"The judge gave no answer for {unanswered} cases."
    if followed > MOST_FOLLOWED:
        return (
            f"The judge followed the position in {100 * followed:.0f} % of the comparisons "
            f"({100 * MOST_FOLLOWED:.0f} % at most)."
        )
    return ""


def decide(verdict: Verdict, preferences: Sequence[Preference]) -> Decision:
    """Keep an arm where code or a judge that may decide tells, and none of them says otherwise.

    Several criteria share the level: the more one asks, the sooner one says yes by chance.
    """
    gates = [one for one in preferences if not one.not_a_gate]
    voices = {verdict.keep: ["code"]} if verdict.keep else {}
    for one in gates:
        if (arm := one.better) and one.p < ALPHA / len(gates):
            said = f"the judge on {one.criterion} ({told_p(one.p)})"
            voices.setdefault(arm, []).append(said)
    if voices in ({}, {verdict.keep: ["code"]}):
        return Decision(verdict.keep, verdict.why)
    if len(voices) > 1:
        told = "; ".join(f"{arm} by {' and '.join(by)}" for arm, by in voices.items())
        return Decision(None, f"The data do not tell: {told}.")
    [(keep, by)] = voices.items()
    return Decision(keep, f"Keep {keep}: it does better by {' and '.join(by)}.")


def told(verdict: Verdict, quality: str, preferences: Sequence[Preference]) -> str:
    """Everything in words, the decision last; `quality` says what code counted."""
    lines = [f"Quality: {quality}.", told_arms(verdict), *map(_told, preferences)]
    return "\n".join([*lines, decide(verdict, preferences).why])


def _told(one: Preference) -> str:
    first, second = one.arms
    line = (
        f"Judge on {one.criterion}: {first} better in {one.wins[0]}, {second} in {one.wins[1]}, "
        f"neither in {one.ties}"
        + (f", no answer in {one.unanswered}" if one.unanswered else "")
        + f" ({told_p(one.p)}; followed the position in {100 * one.followed_position:.0f} %)."
    )
    return f"{line}\n  not a gate: {one.not_a_gate}" if one.not_a_gate else line
