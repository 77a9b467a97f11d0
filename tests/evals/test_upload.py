"""Results go to LangSmith as datasets and experiments: names and counts, each case once."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.errors import ConfigurationError, ProviderError
from agent.settings import Settings
from evals.baseline import load_results
from evals.upload import cases_of, upload
from tests.conftest import REPOSITORY
from tests.fakes.langsmith import FakeLangSmith
from tests.fakes.llm.server import serve

BASELINE = REPOSITORY / "evals" / "golden" / "baseline.json"


@pytest.fixture
def results() -> dict[str, Any]:
    found = load_results(BASELINE)
    return {"suites": {name: found["suites"][name] for name in ("kpis", "identification")}}


def settings_for(address: str, tmp_path: Path, key: str = "a-key") -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        langsmith_endpoint=address,
        langsmith_api_key=SecretStr(key),
        langsmith_project="isra",
    )


def test_a_suite_is_a_dataset_and_each_time_an_experiment(
    results: dict[str, Any], tmp_path: Path
) -> None:
    fake = FakeLangSmith()
    with serve(fake) as address:
        settings = settings_for(address, tmp_path)
        sent = upload(results, "monday", settings)
        assert upload(results, "tuesday", settings) == sent
    cases = list(cases_of(results))
    assert sum(sent.values()) == len(cases) == len(fake.examples)
    assert {made["name"] for made in fake.datasets.values()} == {"isra-kpis", "isra-identification"}
    assert {made["name"] for made in fake.experiments.values()} == {
        f"{day}-{suite}" for day in ("monday", "tuesday") for suite in sent
    }
    assert len(fake.runs) == 2 * len(cases)
    assert {run["reference_example_id"] for run in fake.runs.values()} == set(fake.examples)
    scores = sum(len(case.scores) for case in cases)
    assert len(fake.feedback) == 2 * scores
    recall = results["suites"]["kpis"]["measures"][1]
    of_one, (report, counts) = [], next(iter(recall["by_report"].items()))
    for told in fake.feedback.values():
        run = fake.runs[told["run_id"]]
        if run["inputs"]["report"] == report and told["key"] == "recall":
            of_one.append(told["score"])
    assert of_one == [pytest.approx(counts["right"] / counts["of"])] * 2
    assert b"a-key" not in fake.captured


def test_a_refusal_is_one_sentence(results: dict[str, Any], tmp_path: Path) -> None:
    fake = FakeLangSmith(failing=403)
    with serve(fake) as address, pytest.raises(ProviderError, match="did not take"):
        upload(results, "monday", settings_for(address, tmp_path))
    with pytest.raises(ConfigurationError, match="no key"):
        upload(results, "monday", settings_for("http://127.0.0.1:9", tmp_path, key=""))


def test_results_without_measures_give_no_case() -> None:
    assert list(cases_of(json.loads('{"suites": {"injection": {"kinds": {}}}}'))) == []
