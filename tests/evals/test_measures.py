"""Intervals of shares, and scores held against a baseline."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from agent.errors import InputError
from evals.baseline import compare, load_results
from evals.measures import Measure, bootstrap, measured, wilson
from evals.report import as_html, as_markdown, measures_said, write_results
from tests.evals.test_baseline import BASELINE


def results(*measures: Measure, suite: str = "kpis") -> dict[str, Any]:
    return {"suites": {suite: {"measures": [measure.shape() for measure in measures]}}}


def recall(first: int = 9, second: int = 9, *, hard: bool = False) -> Measure:
    return measured("recall", {"a.pdf": (first, 10), "b.pdf": (second, 10)}, hard=hard)


def test_wilson_gives_the_published_interval() -> None:
    # 81 of 263: R. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == pytest.approx(1)


def test_reports_that_differ_widen_the_interval_beyond_that_of_single_cases() -> None:
    groups = [(100.0, 100.0), (0.0, 100.0), (100.0, 100.0), (0.0, 100.0)]
    low, high = bootstrap(groups)
    assert high - low > 0.5
    spread = measured("x", {str(n): group for n, group in enumerate(groups)}).interval
    assert spread is not None
    assert spread[1] - spread[0] > 2 * (wilson(200, 400)[1] - wilson(200, 400)[0])


def test_the_same_counts_give_the_same_interval() -> None:
    assert recall().interval == recall().interval


def test_a_measure_without_cases_has_no_score() -> None:
    assert measured("x", {"a.pdf": (0, 0)}).shape()["value"] is None


def test_nothing_is_worse_than_itself() -> None:
    [change] = compare(results(recall()), results(recall()))
    assert change.worse == ""


def test_a_fall_is_a_regression_and_names_the_report() -> None:
    [change] = compare(results(recall()), results(recall(second=7)))
    assert change.worse == "fell"
    assert change.reports == ("b.pdf",)


def test_a_rise_is_none() -> None:
    [change] = compare(results(recall()), results(recall(second=10)))
    assert change.worse == ""


def test_a_fall_within_the_tolerance_is_let_pass() -> None:
    [change] = compare(results(recall()), results(recall(second=8)), tolerance=0.1)
    assert change.worse == ""


def test_one_more_case_that_must_never_go_wrong_is_one_too_many() -> None:
    before, now = results(recall(hard=True)), results(recall(second=8, hard=True))
    [change] = compare(before, now, tolerance=0.5)
    assert "never" in change.worse


def test_a_report_or_measure_that_is_no_longer_there_counts_as_worse() -> None:
    [change] = compare(results(recall()), results(measured("recall", {"a.pdf": (10, 10)})))
    assert change.worse == "no longer covers b.pdf"
    [change] = compare(results(recall()), results())
    assert change.worse == "is no longer measured"
    assert compare(results(recall()), results(recall(), suite="claims")) == []


def test_a_suite_that_says_why_it_cannot_run_here_is_not_worse() -> None:
    now = {"suites": {"kpis": {"skipped": "its model is not here"}}}
    assert compare(results(recall()), now) == []


def test_results_are_written_as_json_markdown_and_a_page_that_stands_alone(
    tmp_path: Path,
) -> None:
    now = results(recall(second=7))
    changes = compare(results(recall()), now)
    data, markdown, page = write_results(tmp_path / "out", now, changes)
    assert load_results(data) == json.loads(json.dumps(now))
    assert "kpis/recall fell (90.0 % → 80.0 %; in b.pdf)" in markdown.read_text()
    html = page.read_text()
    assert html.count("<svg") == 2
    assert "Worse than the baseline" in html
    assert "<script" not in html
    # The names of SVG's own vocabulary are no addresses anything is loaded from.
    assert "src=" not in html and "<link" not in html and "@import" not in html


def test_plots_of_one_page_do_not_cut_each_other() -> None:
    page = as_html(results(recall(), measured("precision", {"a.pdf": (1, 2), "b.pdf": (2, 2)})))
    shapes = re.findall(r'<clipPath id="([^"]+)"', page)
    assert len(shapes) == page.count("<svg") == len(set(shapes)) == 3
    assert set(re.findall(r"url\(#([^)]+)\)", page)) == set(shapes)


def test_every_measure_of_the_baseline_is_explained() -> None:
    for suite, scores in load_results(BASELINE)["suites"].items():
        for measure in scores["measures"]:
            said = measures_said()[suite][measure["name"]]
            assert escape(said) in as_html({"suites": {suite: scores}}) or not measure["of"]


def test_a_name_in_the_results_is_shown_and_not_run() -> None:
    evil = measured("<script>alert(1)</script>", {"<b>.pdf": (1, 2), "c.pdf": (1, 2)})
    assert "<script" not in as_html(results(evil))
    assert "alert(1)" in as_markdown(results(evil))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"suites": {"a": {"measures": [{}]}}}',
        "{}",
        '{"suites": {"a": {"measures": [{"name": "x", "value": 1, "low": 0, "high": 1, "right": 1, '
        '"of": 1, "hard": false, "by_report": {"r": {"right": 1, "of": 0}}}]}}}',
    ],
)
def test_a_file_that_holds_no_results_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(InputError):
        load_results(path)
