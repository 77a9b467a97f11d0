"""Traces over real HTTP against a fake LangSmith: what is sent, what is not, and an outage."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain import Analysis, AnalysisRequest
from agent.memory.database import upgrade
from agent.settings import Settings
from agent.tracing import trace_id
from graph.runner import open_research
from tests.fakes.langsmith import FakeLangSmith
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.graph.test_research import INDUSTRY, run

KEY = "lsv2_pt_0123456789abcdef"
MODEL_KEY = "sk-secret-openai-key-0123456789"


@pytest.fixture
def langsmith() -> FakeLangSmith:
    return FakeLangSmith()


@pytest.fixture
def settings(tmp_path: Path, langsmith: FakeLangSmith) -> Iterator[Settings]:
    with serve(FakeModels(careful)) as models, serve(langsmith) as traces:
        made = Settings(
            _env_file=None,  # type: ignore[call-arg]
            data_dir=tmp_path / "data",
            model="openai:careful",
            model_base_url=f"{models}/v1",
            openai_api_key=SecretStr(MODEL_KEY),
            ISRA_LANGSMITH_API_KEY=SecretStr(KEY),  # type: ignore[call-arg]
            langsmith_endpoint=traces,
        )
        upgrade(made.resolved_database_url)
        yield made


async def analysed(settings: Settings) -> Analysis:
    async with open_research(settings) as research:
        request = AnalysisRequest(industry=INDUSTRY, limit=1, owner="jane.doe@example.org")
        analysis, _ = await run(research, request)
        await research.ask(analysis.analysis_id, "What are the Scope 1 emissions?")
    return analysis


async def test_an_analysis_is_one_trace_with_its_steps_and_calls_and_no_page_text(
    settings: Settings, langsmith: FakeLangSmith
) -> None:
    analysis = await analysed(settings)
    [root] = langsmith.roots
    assert root["id"] == analysis.trace == trace_id(analysis.analysis_id)
    assert root["name"] == "analysis"
    assert root["end_time"]
    assert {run["trace_id"] for run in langsmith.runs.values()} == {root["id"]}
    names = {run["name"] for run in langsmith.runs.values()}
    assert {"search_report", "extract_kpis", "summarize", "synthesize", "answer_question"} <= names
    calls = [run for run in langsmith.runs.values() if run["run_type"] == "llm"]
    assert len(calls) >= 3
    for call in calls:
        metadata = call["extra"]["metadata"]
        assert metadata["prompt_arm"] == "a"
        assert len(metadata["prompt_sha"]) == 12
    company = analysis.companies[0]
    assert company.report is not None
    assert any(run["name"] == f"summarize {company.report.company}" for run in calls)

    sent = langsmith.captured.decode(errors="replace")
    assert "items of evidence" in sent
    places = [claim.evidence[0].quote for claim in company.summary.claims]
    places += [record.evidence.quote for record in company.kpis]
    assert not [quote for quote in places if len(quote) > 40 and quote in sent]
    for secret in (KEY, MODEL_KEY, "jane.doe"):
        assert secret not in sent


async def test_without_a_key_nothing_is_sent_whatever_the_environment_says(
    settings: Settings, langsmith: FakeLangSmith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", KEY)
    monkeypatch.setenv("LANGSMITH_ENDPOINT", settings.langsmith_endpoint)
    analysis = await analysed(settings.model_copy(update={"langsmith_api_key": SecretStr("")}))
    assert analysis.trace == ""
    assert langsmith.paths == []


async def test_an_analysis_outside_the_sample_is_not_traced(
    settings: Settings, langsmith: FakeLangSmith
) -> None:
    analysis = await analysed(settings.model_copy(update={"langsmith_sampling": 0.0}))
    assert analysis.trace == ""
    assert langsmith.runs == {}


async def test_an_outage_costs_the_analysis_nothing(
    settings: Settings, langsmith: FakeLangSmith
) -> None:
    langsmith.failing = 500
    analysis = await analysed(settings)
    assert analysis.companies[0].status == "done"
    assert langsmith.paths
    assert langsmith.runs == {}
