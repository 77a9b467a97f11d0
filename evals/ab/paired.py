"""Two arms on the same cases: what differs, and whether it may be chance.

The number of cases is that of the golden set, fixed before the first call, and a verdict is given
only when every case has both arms: there is nothing to peek at. The test is the sign-flip
permutation test of paired differences (R. A. Fisher, The Design of Experiments, 1935).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.errors import ConflictError

ALPHA = 0.05
LEAST_CASES = 6
"""With fewer no difference, however clear, could reach the level: 2 / 2^5 is above it."""
_EXACT = 14
_DRAWS = 20_000
_SEED = 20_240_601


@dataclass(frozen=True)
class Trial:
    """One case done with one arm."""

    case: str
    arm: str
    quality: float
    usd: float | None
    """None where the price is not known."""
    seconds: float
    tokens: int
    text: str = ""
    """What was written, for a judge."""


@dataclass(frozen=True)
class Verdict:
    """What the cases say; differences are the second arm's less the first's."""

    arms: tuple[str, str]
    cases: int
    quality: tuple[float, float]
    difference: float
    low: float
    high: float
    p: float
    usd: tuple[float | None, float | None]
    seconds: tuple[float, float]
    tokens: tuple[int, int]
    keep: str | None
    """The arm to keep; None where the data do not tell."""
    why: str


def judge_arms(trials: Sequence[Trial], one: str, other: str, cases: Sequence[str]) -> Verdict:
    """The verdict on two arms over exactly these cases.

    Raises ConflictError where a case lacks an arm: a verdict on half the cases is peeking.
    """
    by = {(trial.case, trial.arm): trial for trial in trials}
    missing = [case for case in cases for arm in (one, other) if (case, arm) not in by]
    if missing or not cases:
        raise ConflictError(
            f"{len(set(missing))} of {len(cases)} cases lack an arm.",
            "Run all of them: a verdict on some would be picked by chance.",
        )
    firsts, seconds = ([by[case, arm] for case in cases] for arm in (one, other))
    gaps = np.array([b.quality - a.quality for a, b in zip(firsts, seconds, strict=True)])
    p = sign_flip(gaps)
    low, high = mean_interval(gaps)
    keep, why = _decide(one, other, gaps, p)
    return Verdict(
        arms=(one, other),
        cases=len(cases),
        quality=(_mean(firsts), _mean(seconds)),
        difference=float(gaps.mean()),
        low=low,
        high=high,
        p=p,
        usd=(_usd(firsts), _usd(seconds)),
        seconds=(sum(t.seconds for t in firsts), sum(t.seconds for t in seconds)),
        tokens=(sum(t.tokens for t in firsts), sum(t.tokens for t in seconds)),
        keep=keep,
        why=why,
    )


def _decide(one: str, other: str, gaps: "np.ndarray", p: float) -> tuple[str | None, str]:
    if len(gaps) < LEAST_CASES:
        return None, f"The data do not tell: {len(gaps)} cases, {LEAST_CASES} are the least."
    if p >= ALPHA:
        return None, f"The data do not tell ({told_p(p)}); cost and time may decide."
    keep = other if gaps.mean() > 0 else one
    return keep, f"Keep {keep}: it does better ({told_p(p)})."


def told_p(p: float) -> str:
    """A p in words: none is ever nought."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def sign_flip(gaps: "np.ndarray") -> float:
    """Two-sided p of paired differences: exact up to 14 cases, drawn with a fixed seed beyond."""
    count = len(gaps)
    observed = abs(gaps.sum())
    if count <= _EXACT:
        signs = 1 - 2 * ((np.arange(2**count)[:, None] >> np.arange(count)) & 1)
        return float((np.abs(signs @ gaps) >= observed - 1e-12).mean())
    drawn = np.random.default_rng(_SEED).choice((-1, 1), size=(_DRAWS, count))
    extreme = int((np.abs(drawn @ gaps) >= observed - 1e-12).sum())
    return (extreme + 1) / (_DRAWS + 1)


def mean_interval(values: "np.ndarray") -> tuple[float, float]:
    """95 per cent bootstrap interval of a mean over cases."""
    draws = np.random.default_rng(_SEED).integers(0, len(values), size=(2000, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _mean(trials: Sequence[Trial]) -> float:
    return sum(trial.quality for trial in trials) / len(trials)


def _usd(trials: Sequence[Trial]) -> float | None:
    known = [trial.usd for trial in trials if trial.usd is not None]
    return sum(known) if len(known) == len(trials) else None


def told_arms(verdict: Verdict) -> str:
    """What each arm came to and by how much they differ, in words."""
    lines = []
    for at, arm in enumerate(verdict.arms):
        usd = verdict.usd[at]
        price = "price unknown" if usd is None else f"${usd:.4f}"
        lines.append(
            f"{arm}: quality {verdict.quality[at]:.3f}, {verdict.tokens[at]} tokens, {price}, "
            f"{verdict.seconds[at]:.1f} s"
        )
    lines.append(
        f"Difference {verdict.difference:+.3f} ({verdict.low:+.3f} to {verdict.high:+.3f}) "
        f"over {verdict.cases} cases, {told_p(verdict.p)}."
    )
    return "\n".join(lines)
