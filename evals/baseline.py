"""Scores held against stored ones: what got worse, in words and as a verdict.

The suites without a model give the same score for the same code, so every fall is the code's
doing; `tolerance` says which falls are let pass. A measure or report that the baseline has and
the new results lack counts as worse: what is no longer measured cannot be said to hold.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.errors import InputError

Results = Mapping[str, Any]
TOLERANCE = 0.005
"""Share points a score may fall: one case of two hundred."""


@dataclass(frozen=True)
class Change:
    """One measure before and now; `worse` says why it counts as a regression."""

    suite: str
    measure: str
    before: float | None
    now: float | None
    worse: str = ""
    reports: tuple[str, ...] = ()
    """Reports in which it fell."""


def compare(before: Results, now: Results, tolerance: float = TOLERANCE) -> list[Change]:
    """Every measure of the baseline that was run again, and those that should have been.

    Suites that were not run now are left out, so that one suite can be compared alone, and so are
    those that say themselves why they cannot run here.
    """
    changes = []
    for suite, scores in before["suites"].items():
        if suite not in now["suites"] or now["suites"][suite].get("skipped"):
            continue
        fresh = {m["name"]: m for m in now["suites"][suite].get("measures", [])}
        for old in scores.get("measures", []):
            changes.append(_change(suite, old, fresh.get(old["name"]), tolerance))
    return changes


def _change(
    suite: str, old: Mapping[str, Any], new: Mapping[str, Any] | None, tolerance: float
) -> Change:
    if new is None:
        return Change(suite, old["name"], old["value"], None, "is no longer measured")
    before, now = old["value"], new["value"]
    reports = tuple(
        name
        for name, counts in old["by_report"].items()
        if name in new["by_report"] and _share(new["by_report"][name]) < _share(counts)
    )
    lost = sorted(set(old["by_report"]) - set(new["by_report"]))
    worse = ""
    if lost:
        worse = f"no longer covers {', '.join(lost)}"
    elif old["hard"] and new["of"] - new["right"] > old["of"] - old["right"]:
        worse = "has more cases that must never go wrong"
    elif before is not None and (now is None or now < before - tolerance):
        worse = "fell"
    return Change(suite, old["name"], before, now, worse, reports)


def _share(counts: Mapping[str, float]) -> float:
    return counts["right"] / counts["of"]


def load_results(path: Path) -> dict[str, Any]:
    """Results as `isra eval --save` wrote them.

    Raises InputError where the file is not there or holds something else.
    """
    try:
        results = json.loads(path.read_text("utf-8"))
        for scores in results["suites"].values():
            for measure in scores.get("measures", []):
                _ = [
                    measure[key] for key in ("name", "value", "low", "high", "right", "of", "hard")
                ]
                _ = [_share(counts) for counts in measure["by_report"].values()]
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name a file.") from error
    except (ValueError, ArithmeticError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} holds no results of an evaluation.", "Make one: isra eval --save FILE."
        ) from error
    return dict(results)
