"""A team's own golden set is checked line by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.golden.check import check_set
from evals.golden.layout import samples_as_shared

FIGURE: dict[str, Any] = {
    "report": "a.pdf",
    "company": "Acme",
    "kpi": "scope_1",
    "year": 2024,
    "value": 12.5,
    "printed": "12.5",
    "unit": "kt CO2e",
    "basis": None,
    "pdf_page": 4,
    "quote": "Scope 1 (kt CO2e) 12.5",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "gold").mkdir()
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.pdf").write_bytes(b"%PDF-1.7")
    return tmp_path


def test_the_set_of_the_samples_is_valid(tmp_path: Path) -> None:
    assert check_set(samples_as_shared(tmp_path)) == []


def test_a_right_line_is_let_pass(data: Path) -> None:
    (data / "gold" / "kpi_values.jsonl").write_text(json.dumps(FIGURE) + "\n\n")
    assert check_set(data) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"report": "b.pdf.."}, "reports/b.pdf.. is not there"),
        ({"kpi": "scope_9"}, "no figure scope_9"),
        ({"year": 24}, "year"),
        ({"pdf_page": 0}, "pdf_page"),
        ({"basis": "both"}, "basis"),
        ({"quote": "Scope 1 (kt CO2e) 13.5"}, "does not hold “12.5”"),
        ({"value": "twelve"}, "value"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(
    data: Path, change: dict[str, Any], said: str
) -> None:
    lines = [json.dumps(FIGURE), json.dumps({**FIGURE, **change})]
    (data / "gold" / "kpi_values.jsonl").write_text("\n".join(lines))
    [problem] = check_set(data)
    assert problem.startswith("kpi_values.jsonl, line 2: ")
    assert said in problem


def test_a_line_that_is_no_json_and_an_empty_set_are_named(data: Path) -> None:
    assert "holds none of" in check_set(data)[0]
    (data / "gold" / "absent.jsonl").write_text("{")
    assert check_set(data)[0].startswith("absent.jsonl, line 1: no JSON")
