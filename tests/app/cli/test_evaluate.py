"""`isra eval` as a gate: results are kept, held against, and fail the command when worse."""

import json
from pathlib import Path

import pytest

from evals.judge.judge import criteria
from tests.app.cli.test_commands import isra
from tests.evals.ab.conftest import data, models, prompts_dir, server
from tests.fakes.llm.server import FakeModels

__all__ = ["data", "models", "prompts_dir", "server"]


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
    ab, gold = ("eval", "ab"), tmp_path / "set" / "gold"
    gold.mkdir(parents=True)
    (tmp_path / "set" / "reports").mkdir()
    (gold / "industry_queries.yaml").write_text("- {text: cement}")
    (gold / "targets.jsonl").write_text("{]")
    for name in ("empty", "binary", "list"):
        (tmp_path / name).write_bytes({"empty": b"", "binary": b"\xff\xfe", "list": b"[]"}[name])
    own = str(tmp_path / "set")
    for arguments, said in (
        (("eval", "--baseline", "nowhere.json"), "cannot be read"),
        (("eval", "--baseline", str(tmp_path / "binary")), "holds no results"),
        (("eval", "--baseline", str(tmp_path / "list")), "holds no results"),
        (("eval", "--suite", "beauty"), "There is no suite beauty. There are: kpis"),
        (("eval", "--data", "nowhere"), "no gold/ and reports/"),
        (("eval", "--data", own, "--suite", "targets"), "targets.jsonl, line 1 is no JSON"),
        (("eval", "--data", own, "--suite", "identification"), "isra eval check"),
        (("eval", "check", str(tmp_path)), "no gold/ and reports/"),
        (("eval", "calibrate", "nowhere.jsonl"), "cannot be read"),
        (("eval", "calibrate", str(tmp_path / "empty")), "holds no labels"),
        (("eval", "calibrate", str(tmp_path / "binary")), "is no text"),
        (("eval", "harvest", str(tmp_path / "binary")), "cannot take the cases"),
        (("eval", "upload", "nowhere.json", "--name", "x"), "cannot be read"),
        ((*ab, "summarize", "--arms", "a"), "not two arms"),
        ((*ab, "summarize", "--arms", "a,a"), "not two arms"),
        ((*ab, "summarize"), "no arm 'b'"),
        ((*ab, "poem"), "no prompt 'poem'"),
        ((*ab, "summarize", "--data", "nowhere"), "no gold/ and reports/"),
        ((*ab, "identify", "--judge"), "writes no texts that a judge could compare"),
        ((*ab, "summarize", "--criterion", "beauty"), "no criterion beauty"),
        ((*ab, "summarize", "--judge", "--calibration", "nowhere"), "is no calibration"),
        ((*ab, "summarize", "--online", "--judge"), "Thumbs need no judge"),
        (("eval", "judge", "identify"), "writes no texts"),
        (("eval", "judge", "summarize", "--arm", "z"), "no arm 'z'"),
        (("eval", "judge", "summarize"), "Set ISRA_MODEL"),
        ((*ab, "understand", "--online"), "Thumbs do not tell arms of understand apart"),
        ((*ab, "summarize", "--online", "--arms", "x,y"), "no arm 'x'"),
    ):
        done = isra(tmp_path / "data", *arguments)
        assert done.returncode == 1, arguments
        assert said in " ".join(done.stderr.split()), (arguments, done.stderr)
        assert "unexpected" not in done.stderr, arguments
        assert "Traceback" not in done.stderr


@pytest.fixture
def settings(prompts_dir: Path, server: str) -> dict[str, str]:
    """A writer, another model as judge, and prompts with two arms."""
    return {
        "ISRA_MODEL": f"openai:writer@{server}",
        "ISRA_JUDGE_MODEL": f"openai:judge@{server}",
        "ISRA_PROMPTS_DIR": str(prompts_dir),
    }


def test_arms_are_compared_and_judged_by_another_model(
    data: Path, settings: dict[str, str], models: FakeModels, tmp_path: Path
) -> None:
    ab = ("eval", "ab", "summarize", "--data", str(data), "--criterion", "usefulness")
    same = {**settings, "ISRA_JUDGE_MODEL": settings["ISRA_MODEL"]}
    refused = isra(tmp_path / "data", *ab, **same)
    assert refused.returncode == 1
    assert "would judge its own texts" in refused.stderr
    assert models.calls == []

    done = isra(tmp_path / "data", *ab, "--json", **settings)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["cases"], report["keep"]) == (1, None)
    assert report["quality"][0] > report["quality"][1]
    [said] = report["judge"]
    assert said["judge"].startswith("openai:judge")
    assert (said["wins"], said["followed_position"]) == ([1, 0], 0)
    assert "not calibrated" in said["not_a_gate"]
    assert [call.model for call in models.calls].count("judge") == 2


def test_texts_are_scored_by_the_judge(
    data: Path, settings: dict[str, str], tmp_path: Path
) -> None:
    judge = ("eval", "judge", "summarize", "--data", str(data), "--criterion", "coherence")
    done = isra(tmp_path / "data", *judge, **settings)
    assert done.returncode == 0, done.stderr
    assert "coherence: 4.00 of 5" in done.stdout
    assert "not a gate: The judge was not calibrated for coherence" in done.stdout


def test_texts_are_written_down_for_people_to_score(
    data: Path, settings: dict[str, str], models: FakeModels, tmp_path: Path
) -> None:
    labels = tmp_path / "labels.jsonl"
    judge = ("eval", "judge", "summarize", "--data", str(data), "--labels", str(labels))
    done = isra(tmp_path / "data", *judge, **settings)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in labels.read_text("utf-8").splitlines()]
    assert [line["criterion"] for line in lines] == list(criteria())
    assert all(line["text"] and line["human"] is None for line in lines)
    assert {call.model for call in models.calls} == {"writer"}
