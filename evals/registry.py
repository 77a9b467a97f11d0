"""The suites by name, and where their answers come from."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from agent.errors import InputError
from evals.golden.lines import lacking

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
    "identification": "evals.suites.identification",
    "synthesis": "evals.suites.synthesis",
    "followups": "evals.suites.followups",
}
"""Each module has `run(data)`: `data` is a folder with `gold/` and `reports/`."""


def run_suites(data: Path, names: list[str]) -> Scores:
    """Run suites over one data folder and give their scores by name.

    Raises:
        InputError: an unknown suite, a folder without gold/ and reports/, or gold that is not
            what the suite reads.
    """
    unknown = sorted(set(names) - set(SUITES))
    if unknown:
        raise InputError(
            f"There is no suite {', '.join(unknown)}.", f"There are: {', '.join(SUITES)}."
        )
    require_set(data)
    scores: Scores = {}
    for name in names or list(SUITES):
        run: Suite = import_module(SUITES[name]).run
        try:
            scores[name] = run(data)
        except KeyError as error:
            raise lacking(data, name, error) from error
    return scores


def require_set(data: Path) -> None:
    """Raises InputError where a folder is not that of an evaluation set."""
    if not (data / "gold").is_dir() or not (data / "reports").is_dir():
        raise InputError(
            f"{data} has no gold/ and reports/.", "Give the folder of an evaluation set."
        )
