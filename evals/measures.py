"""A score as counts a report, with an interval: what suites give besides their own keys.

A score is a share: so many right `of` so many. The interval is the wider of two of 95 per cent:
Wilson's, as if all cases were independent (E. B. Wilson, JASA 22, 1927), and a bootstrap over
reports, because cases of one report succeed and fail together (B. Efron, R. Tibshirani, An
Introduction to the Bootstrap, 1993).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

import numpy as np

_Z = 1.959963984540054
_DRAWS = 2000
_SEED = 20_240_601


@dataclass
class Measure:
    """One score; more is better. `hard`: no case may go wrong at all."""

    name: str
    hard: bool = False
    by_report: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Right and all, by report."""

    def add(self, report: str, right: float, of: float) -> None:
        """Count cases of a report; none at all leave it out."""
        if of:
            before = self.by_report.get(report, (0.0, 0.0))
            self.by_report[report] = (before[0] + right, before[1] + of)

    @property
    def right(self) -> float:
        """Cases that are right."""
        return sum(right for right, _ in self.by_report.values())

    @property
    def of(self) -> float:
        """All cases."""
        return sum(of for _, of in self.by_report.values())

    @property
    def value(self) -> float | None:
        """The share; None without cases."""
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 per cent interval of the share; None without cases."""
        if not self.of:
            return None
        low, high = wilson(self.right, self.of)
        if len(self.by_report) > 1:
            drawn = bootstrap(self.by_report.values())
            low, high = min(low, drawn[0]), max(high, drawn[1])
        return low, high

    def shape(self) -> dict[str, Any]:
        """As it stands in results and baselines."""
        interval = self.interval
        return {
            "name": self.name,
            "value": None if self.value is None else round(self.value, 4),
            "low": interval and round(interval[0], 4),
            "high": interval and round(interval[1], 4),
            "right": self.right,
            "of": self.of,
            "hard": self.hard,
            "by_report": {
                name: {"right": right, "of": of}
                for name, (right, of) in sorted(self.by_report.items())
            },
        }


def measured(
    name: str, counts: Mapping[str, tuple[float, float]], *, hard: bool = False
) -> Measure:
    """A measure of counts (right, of) by report."""
    measure = Measure(name, hard)
    for report, (right, of) in counts.items():
        measure.add(report, right, of)
    return measure


def wilson(right: float, of: float) -> tuple[float, float]:
    """Wilson's 95 per cent score interval of a share."""
    share = right / of
    middle = share + _Z**2 / (2 * of)
    half = _Z * sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    whole = 1 + _Z**2 / of
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def bootstrap(groups: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """95 per cent percentile interval of a share whose cases come in groups (right, of)."""
    counts = np.array(list(groups), dtype=float)
    draws = np.random.default_rng(_SEED).integers(0, len(counts), size=(_DRAWS, len(counts)))
    sums = counts[draws].sum(axis=1)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return float(low), float(high)
