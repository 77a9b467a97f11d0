"""The threat model names files and tests that exist."""

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
TEXT = (REPOSITORY / "THREAT_MODEL.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([\w/.]+\.py(?:::\w+)?)`", TEXT)))


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name: str) -> None:
    file, _, test = name.partition("::")
    assert (REPOSITORY / file).is_file()
    if test:
        tree = ast.parse((REPOSITORY / file).read_text("utf-8"))
        found = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert test in found


def test_every_threat_has_what_stops_it_and_a_test() -> None:
    rows = [
        line for line in TEXT.splitlines() if line.startswith("| ") and "What could" not in line
    ]
    assert len(rows) >= 30
    for row in rows:
        _, stops, shown = row.strip("| ").split(" | ")
        assert re.search(r"`[\w/.]+\.py`", stops), row
        assert re.search(r"`tests/[\w/.]+\.py::test_\w+`", shown), row
