"""Commands that run, follow and look after many analyses."""

import json
from pathlib import Path

import pytest

from tests.app.cli.test_commands import isra


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs") / "data"


def test_a_batch_runs_every_industry_of_a_file_and_its_events_can_be_replayed(
    data: Path, tmp_path: Path
) -> None:
    industries = tmp_path / "industries.txt"
    industries.write_text("# two that nobody knows\nqqzzxx\n\nxxqqzz\nqqzzxx\n")
    done = isra(data, "research", "--batch", str(industries), "--json", "-")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["analyses"]
    assert [(row["industry"], row["state"]) for row in rows] == [
        ("qqzzxx", "failed"),
        ("xxqqzz", "failed"),
    ]
    assert "Nearest" in rows[0]["reason"]

    told = isra(data, "events", rows[0]["analysis_id"], "--after", "1")
    events = [json.loads(line) for line in told.stdout.splitlines()]
    assert events[0]["seq"] == 2
    assert events[-1]["kind"] == "failed"

    pruned = isra(data, "db", "prune", "--days", "0", "--dry-run", "--json")
    assert json.loads(pruned.stdout)["analyses"] == 2
    assert json.loads(pruned.stdout)["dry_run"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["worker"], "ISRA_DATABASE_URL"),
        (["research", "cement", "--queue"], "ISRA_DATABASE_URL"),
        (["research"], "Name one industry"),
        (["research", "cement", "--retry", "x"], "Name one industry"),
        (["research", "--batch", "none.txt"], "none.txt is not a file"),
        (["events", "none"], "no analysis of this id"),
    ],
)
def test_what_cannot_be_done_is_one_line_that_says_why(
    data: Path, arguments: list[str], said: str
) -> None:
    done = isra(data, *arguments)
    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
    assert len(done.stderr.strip().splitlines()) == 1
