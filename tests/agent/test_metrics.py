"""The catalogue refuses what it does not have; lines and exposition carry what was recorded."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from agent import metrics
from agent.metrics_catalogue import Catalogue, load_catalogue
from agent.settings import Settings


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[list[str]]:
    """What is written while the test runs; `metrics.collecting` ends with it."""
    written: list[str] = []
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=tmp_path,
        metrics="emf",
        environment="test",
    )
    with metrics.collecting(settings, written.append):
        yield written


def flushed(lines: list[str]) -> list[dict[str, Any]]:
    assert metrics._emf is not None
    metrics._emf.flush()
    return [json.loads(line) for line in lines]


def test_the_catalogue_is_valid_and_names_what_alarms_need() -> None:
    names = {metric.name for metric in load_catalogue().metrics}
    assert {"StageSeconds", "ModelErrors", "QueueLagSeconds", "FeedbackScore"} <= names


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "Fortnights"}, "unit"),
        ({"kind": "histogram"}, "kind"),
        ({"name": "stage_seconds"}, "pattern"),
        ({"name": "Stage"}, "Seconds"),
        ({"dimensions": ["Environment"]}, "Environment"),
        ({"ids": ["Thread Id"]}, "small"),
        ({"alarm": 3}, "alarm"),
        ({"meaning": ""}, "meaning"),
    ],
)
def test_a_wrong_catalogue_is_refused(change: dict[str, Any], message: str) -> None:
    metric = load_catalogue().get("StageSeconds").model_dump() | change
    with pytest.raises(ValueError, match=message):
        Catalogue.model_validate({"namespace": "ISRA", "metrics": [metric]})


def test_a_metric_named_twice_is_refused() -> None:
    metric = load_catalogue().get("StageSeconds").model_dump()
    with pytest.raises(ValueError, match="named twice: StageSeconds"):
        Catalogue.model_validate({"namespace": "ISRA", "metrics": [metric, metric]})


@pytest.mark.parametrize(
    "record",
    [
        lambda: metrics.count("Unheard"),
        lambda: metrics.count("StageSeconds", Stage="read_pdf"),
        lambda: metrics.observe("StageSeconds", 1.0),
        lambda: metrics.observe("StageSeconds", 1.0, Stage="read_pdf", Company="kion"),
        lambda: metrics.observe("StageSeconds", 1.0, Stage="what the user typed"),
        lambda: metrics.observe("StageSeconds", 1.0, Stage="read_pdf", ids={"thread": "1"}),
        lambda: metrics.count("ModelCalls", Stage="read_pdf"),
    ],
)
def test_what_the_catalogue_does_not_have_cannot_be_recorded(record: Any) -> None:
    with pytest.raises(ValueError):
        record()


def test_counts_add_up_gauges_replace_and_values_stay_apart(lines: list[str]) -> None:
    for _ in range(3):
        metrics.count("ModelCalls", Provider="gemini")
        metrics.observe("ModelSeconds", 1.23456, Provider="gemini")
    metrics.gauge("QueueDepth", 7)
    metrics.gauge("QueueDepth", 2)
    assert lines == []
    provider, queue = flushed(lines)
    assert provider["ModelCalls"] == 3
    assert provider["ModelSeconds"] == [1.235, 1.235, 1.235]
    assert provider["Provider"] == "gemini"
    [directive] = provider["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "ISRA"
    assert directive["Dimensions"] == [["Environment"], ["Environment", "Provider"]]
    assert {"Name": "ModelSeconds", "Unit": "Seconds"} in directive["Metrics"]
    assert (queue["QueueDepth"], queue["Environment"]) == (2, "test")
    assert queue["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Environment"]]


def test_no_line_carries_more_values_than_the_format_allows(lines: list[str]) -> None:
    for number in range(250):
        metrics.observe("DatabaseSeconds", number)
    assert [len(line["DatabaseSeconds"]) for line in flushed(lines)] == [100, 100, 50]


def test_an_id_is_a_plain_field_of_a_line_of_its_own(lines: list[str]) -> None:
    metrics.observe("FeedbackScore", 0, ids={"thread": "t-1", "analysis": "a-1"})
    [line] = [json.loads(line) for line in lines]
    assert (line["FeedbackScore"], line["thread"], line["analysis"]) == (0, "t-1", "a-1")
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Environment"]]


def test_nothing_is_lost_or_told_twice_when_threads_record_at_once(lines: list[str]) -> None:
    def record() -> None:
        for _ in range(500):
            metrics.count("CacheHits", Cache="replies")
            metrics.observe("EventLagSeconds", 1)

    threads = [threading.Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = flushed(lines)
    assert sum(line.get("CacheHits", 0) for line in written) == 2000
    assert sum(len(line.get("EventLagSeconds", [])) for line in written) == 2000


def test_prometheus_reads_every_metric_under_its_own_name(lines: list[str]) -> None:
    for metric in load_catalogue().metrics:
        dimensions = dict.fromkeys(metric.dimensions, "x")
        record = {"count": metrics.count, "distribution": metrics.observe, "gauge": metrics.gauge}
        record[metric.kind](metric.name, 1, **dimensions)  # type: ignore[operator]
    body, content_type = metrics.exposition()
    assert content_type.startswith("text/plain")
    families = {family.name: family for family in text_string_to_metric_families(body.decode())}
    assert len(families) >= len(load_catalogue().metrics)
    stages = families["isra_stage_seconds"]
    assert stages.type == "histogram"
    assert any(sample.labels.get("stage") == "x" for sample in stages.samples)
    assert families["isra_model_calls"].type == "counter"
    assert families["isra_queue_depth"].type == "gauge"


def test_off_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    with metrics.collecting(settings):
        metrics.count("CacheHits", Cache="replies")
    assert capsys.readouterr().out == ""


def test_the_catalogue_file_is_what_is_loaded() -> None:
    text = (Path(metrics.__file__).parent / "metrics.yaml").read_text("utf-8")
    assert Catalogue.model_validate(yaml.safe_load(text)) == load_catalogue()
