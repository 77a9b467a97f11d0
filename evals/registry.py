"""The suites by name, and where their answers come from."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from agent.errors import InputError

Scores = dict[str, Any]
Suite = Callable[[Path], Scores]
SUITES = {
    "kpis": "evals.suites.kpis",
    "targets": "evals.suites.targets",
    "coverage": "evals.suites.coverage",
    "documents": "evals.suites.documents",
    "claims": "evals.suites.claims",
    "retrieval": "evals.suites.retrieval",
    "injection": "evals.suites.injection",
    "page_text_emissions": "evals.suites.page_text_emissions",
}
"""Each module has `run(data)`: `data` is a folder with `gold/` and `reports/`."""


def run_suites(data: Path, names: list[str]) -> Scores:
    """Run suites over one data folder and give their scores by name.

    Raises:
        InputError: an unknown suite, or a folder without gold/ and reports/.
    """
    unknown = sorted(set(names) - set(SUITES))
    if unknown:
        raise InputError(
            f"There is no suite {', '.join(unknown)}.", f"There are: {', '.join(SUITES)}."
        )
    if not (data / "gold").is_dir() or not (data / "reports").is_dir():
        raise InputError(
            f"{data} has no gold/ and reports/.", "Give the folder of an evaluation set."
        )
    scores: Scores = {}
    for name in names or list(SUITES):
        run: Suite = import_module(SUITES[name]).run
        scores[name] = run(data)
    return scores
