"""Results of an evaluation in LangSmith: a dataset a suite, an experiment a time they were sent.

A case is one report (or one question set) of a suite, its scores are feedback of its run. Names of
files and counts are sent, never texts of pages.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests
from langsmith import Client
from langsmith.schemas import Dataset
from langsmith.utils import LangSmithError, LangSmithNotFoundError

from agent.errors import InputError, ProviderError
from agent.settings import Settings
from agent.tracing import direct_client
from evals.baseline import Results

_NAMESPACE = uuid.UUID("0c8f4b0e-1d8b-5a55-9b0e-5f0b7f8e9a11")


@dataclass(frozen=True, slots=True)
class Case:
    """What one report gave in one suite: name of each measure, how many are right, of how many."""

    suite: str
    report: str
    scores: Mapping[str, tuple[float, float]]


def cases_of(results: Results) -> Iterator[Case]:
    """The results by suite and report; suites without measures have none."""
    for suite, found in sorted(results["suites"].items()):
        by_report: dict[str, dict[str, tuple[float, float]]] = {}
        for measure in found.get("measures", ()):
            for report, counts in measure["by_report"].items():
                scores = by_report.setdefault(report, {})
                scores[measure["name"]] = (counts["right"], counts["of"])
        for report, scores in sorted(by_report.items()):
            yield Case(suite, report, scores)


def upload(results: Results, name: str, settings: Settings) -> dict[str, int]:
    """Send the results as experiments called `name`; gives the number of cases by suite.

    Datasets are made once and used by every later experiment. Blocking. Raises
    ConfigurationError without a key, InputError without measures, ProviderError where LangSmith
    refuses or does not answer.
    """
    client = direct_client(settings)
    sent: dict[str, int] = {}
    by_suite: dict[str, list[Case]] = {}
    for case in cases_of(results):
        by_suite.setdefault(case.suite, []).append(case)
    if not by_suite:
        raise InputError("The results hold no measures.", "Make some: isra eval --save FILE.")
    try:
        for suite, cases in by_suite.items():
            _send(client, f"{settings.langsmith_project}-{suite}", name, cases)
            sent[suite] = len(cases)
    except (LangSmithError, requests.RequestException) as error:
        raise ProviderError(
            f"LangSmith did not take the results ({type(error).__name__}).",
            "Check the key and ISRA_LANGSMITH_ENDPOINT, then send them again under another name.",
        ) from error
    return sent


def _dataset(client: Client, name: str) -> Dataset:
    try:
        held: Dataset = client.read_dataset(dataset_name=name)
    except LangSmithNotFoundError:
        held = client.create_dataset(name, description="Cases of `isra eval`.")
    return held


def _send(client: Client, dataset: str, name: str, cases: list[Case]) -> None:
    held = _dataset(client, dataset)
    known = {example.id for example in client.list_examples(dataset_id=held.id)}
    for case in cases:
        if _example_id(held.id, case) not in known:
            client.create_example(
                inputs={"suite": case.suite, "report": case.report},
                reference_outputs={key: of for key, (_, of) in case.scores.items()},
                dataset_id=held.id,
                example_id=_example_id(held.id, case),
            )
    project = client.create_project(f"{name}-{cases[0].suite}", reference_dataset_id=held.id)
    for case in cases:
        run, now = uuid.uuid4(), datetime.now(UTC)
        outputs: dict[str, Any] = {key: right for key, (right, _) in case.scores.items()}
        client.create_run(
            case.report,
            {"suite": case.suite, "report": case.report},
            "chain",
            id=run,
            project_name=project.name,
            reference_example_id=_example_id(held.id, case),
            start_time=now,
            end_time=now,
            outputs=outputs,
        )
        for key, (right, of) in case.scores.items():
            client.create_feedback(run, key, score=right / of, trace_id=run, session_id=project.id)


def _example_id(dataset: uuid.UUID, case: Case) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, f"{dataset}/{case.suite}/{case.report}")
