"""What a whole run really prints as metrics, held against the catalogue."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.domain import AnalysisRequest
from agent.memory.database import upgrade
from agent.metrics import collecting, exposition
from agent.metrics_catalogue import load_catalogue
from agent.settings import Settings
from graph.runner import open_research
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply
from tests.graph.test_research import INDUSTRY, run

STAGES = {
    *("resolve_industry", "identify_companies", "search_report", "retrieve_pdf", "read_pdf"),
    *("extract_kpis", "summarize", "verify_summary", "compare_companies", "synthesize"),
    *("verify_synthesis", "publish", "retrieve_passages", "answer_question", "verify_answer"),
}


class _BusyAtFirst:
    """A provider that takes too many calls at the first one."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, call: Call) -> Reply:
        self.calls += 1
        return Reply(status=429, retry_after=0.1) if self.calls == 1 else careful(call)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with serve(FakeModels(_BusyAtFirst())) as models:
        made = Settings(
            _env_file=None,  # type: ignore[call-arg]
            data_dir=tmp_path / "data",
            model="openai:careful",
            model_base_url=f"{models}/v1",
            openai_api_key=SecretStr("sk-secret-openai-key-0123456789"),
            metrics="emf",
            environment="test",
        )
        upgrade(made.resolved_database_url)
        yield made


async def printed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    with collecting(settings):
        async with open_research(settings) as research:
            analysis, _ = await run(research, AnalysisRequest(industry=INDUSTRY, limit=1))
            await research.ask(analysis.analysis_id, "What are the Scope 1 emissions?")
    # Without the command's set-up the log is on stdout too.
    lines = capsys.readouterr().out.splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


async def test_a_run_prints_few_lines_and_only_what_the_catalogue_has(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = await printed(settings, capsys)
    assert len(lines) < 40
    catalogue = load_catalogue()
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        [directive] = line["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == catalogue.namespace
        assert line["Environment"] == "test"
        dimensions = {name for names in directive["Dimensions"] for name in names}
        for metric in directive["Metrics"]:
            known = catalogue.get(metric["Name"])
            assert metric["Unit"] == known.unit
            assert dimensions == {"Environment", *known.dimensions}
            assert all(isinstance(line[name], str) for name in dimensions)
            told[known.name].append(line)
    assert {line["Stage"] for line in told["StageSeconds"]} == STAGES
    unseen = {metric.name for metric in catalogue.metrics} - set(told)
    # The queue and the thumbs have no part in this run; nothing was slow or broken.
    assert unseen == {"QueueDepth", "QueueLagSeconds", "FeedbackScore", "DatabaseErrors"}

    [calls] = told["ModelCalls"]
    assert calls["Provider"] == "openai"
    assert (calls["ModelErrors"], calls["ModelThrottles"], calls["ModelTimeouts"]) == (1, 1, 0)
    assert len(calls["ModelSeconds"]) == calls["ModelCalls"] > 3
    assert sum(line["ModelInputTokens"] for line in told["ModelInputTokens"]) > 0
    [finished] = told["AnalysesFinished"]
    assert finished["State"] == "published"
    assert all(share <= 100 for line in told["VerifiedShare"] for share in line["VerifiedShare"])
    assert b'isra_stage_seconds_count{stage="read_pdf"}' in exposition()[0]
