"""The key-free suites on the sample library are held against the stored baseline."""

import json
from pathlib import Path

from tests.app.cli.test_commands import isra
from tests.conftest import REPOSITORY

BASELINE = REPOSITORY / "evals" / "golden" / "baseline.json"


def test_the_sample_library_scores_no_worse_than_the_baseline(tmp_path: Path) -> None:
    suites = json.loads(BASELINE.read_text(encoding="utf-8"))["suites"]
    assert {"kpis", "targets", "claims", "documents", "synthesis", "followups"} <= set(suites)
    named = [part for suite in suites for part in ("--suite", suite)]
    ended = isra(tmp_path / "data", "eval", *named, "--baseline", str(BASELINE))
    assert ended.returncode == 0, ended.stderr
    assert "measures is worse" in ended.stderr
