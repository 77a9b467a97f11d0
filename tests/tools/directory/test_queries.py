"""What people write is understood as the industry and region they mean."""

from typing import Any

import pytest
import yaml

from evals.suites.identification import QUERIES as FILE
from tools.directory import load_directory

QUERIES = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def is_right(query: dict[str, Any]) -> bool:
    found = load_directory().understand(query["text"])
    return (
        {industry.id for industry in found.industries} == set(query["industries"])
        and not found.tie
        and query.get("region", found.region) == found.region
    )


def test_nine_of_ten_held_out_queries_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [query["text"] for query in QUERIES if not is_right(query)]
    rate = 1 - len(wrong) / len(QUERIES)
    with capsys.disabled():
        print(f"\n{len(QUERIES)} held-out queries: {rate:.0%} understood; not: {wrong}")  # noqa: T201
    assert len(QUERIES) == 100
    assert rate >= 0.9
