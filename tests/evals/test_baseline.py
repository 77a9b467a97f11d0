"""The key-free suites on the sample library are held against the stored baseline."""

import json
from pathlib import Path

from evals.baseline import load_results
from evals.registry import SUITES
from tests.app.cli.test_commands import isra
from tests.conftest import REPOSITORY

BASELINE = REPOSITORY / "evals" / "golden" / "baseline.json"


def test_the_sample_library_scores_no_worse_than_the_baseline(tmp_path: Path) -> None:
    suites = json.loads(BASELINE.read_text(encoding="utf-8"))["suites"]
    # Its gold is of real reports only.
    assert set(suites) == set(SUITES) - {"page_text_emissions"}
    # Attacks are held against the baseline where they are run, in tests/injection.
    named = [part for suite in suites if suite != "injection" for part in ("--suite", suite)]
    ended = isra(tmp_path / "data", "eval", *named, "--baseline", str(BASELINE))
    assert ended.returncode == 0, ended.stderr
    assert "measures is worse" in ended.stderr


def test_every_suite_of_the_baseline_has_measures_with_intervals_by_report() -> None:
    for suite, scores in load_results(BASELINE)["suites"].items():
        assert scores["measures"], suite
        for measure in scores["measures"]:
            assert (measure["value"] is None) == (measure["low"] is None) == (not measure["of"])
            assert bool(measure["by_report"]) == bool(measure["of"])
