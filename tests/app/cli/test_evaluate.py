"""`isra eval` as a gate: results are kept, held against, and fail the command when worse."""

import json
from pathlib import Path

from tests.app.cli.test_commands import isra


def test_a_fall_below_the_baseline_fails_the_command_and_is_shown_on_the_page(
    tmp_path: Path,
) -> None:
    saved, out = tmp_path / "baseline.json", tmp_path / "out"
    only = ("eval", "--suite", "identification")
    first = isra(tmp_path / "data", *only, "--save", str(saved), "--json")
    assert first.returncode == 0, first.stderr
    results = json.loads(first.stdout)
    assert results == json.loads(saved.read_text())
    understood = results["suites"]["identification"]["measures"][0]
    assert (understood["name"], understood["of"]) == ("understood", 100)

    same = isra(tmp_path / "data", *only, "--baseline", str(saved))
    assert same.returncode == 0, same.stderr
    assert "None of 3 measures is worse" in same.stderr

    # A baseline of a better day.
    understood["value"] = 1.01
    saved.write_text(json.dumps(results))
    worse = isra(tmp_path / "data", *only, "--baseline", str(saved), "--out", str(out))
    assert worse.returncode == 1
    assert "identification/understood fell" in worse.stderr
    assert "Worse than the baseline" in (out / "results.html").read_text()


def test_wrong_words_are_answered_with_what_to_do(tmp_path: Path) -> None:
    for arguments, said in (
        (("eval", "--baseline", "nowhere.json"), "cannot be read"),
        (("eval", "check", str(tmp_path)), "no gold/ and reports/"),
        (("eval", "ab", "summarize", "--arms", "a"), "not two arms"),
        (("eval", "ab", "synthesize"), "Add --online"),
        (("eval", "calibrate", "nowhere.jsonl"), "cannot be read"),
    ):
        done = isra(tmp_path / "data", *arguments)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
