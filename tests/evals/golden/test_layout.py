import json
from pathlib import Path

from evals.golden.layout import samples_as_shared


def test_the_samples_can_be_read_like_any_evaluation_set(tmp_path: Path) -> None:
    data = samples_as_shared(tmp_path)
    named = set()
    for file in (data / "gold").glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            named.add(entry.get("report") or entry["file"])
    assert len(named) == 8
    for report in named:
        assert (data / "reports" / report).read_bytes().startswith(b"%PDF-")
