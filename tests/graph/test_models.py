import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain import AnalysisRequest, Claim
from agent.memory.database import upgrade
from agent.settings import Settings
from graph.runner import open_research
from tests.fakes.llm.analyst import careful, document
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply
from tests.graph.test_research import INDUSTRY, run, until


@pytest.fixture
def models() -> FakeModels:
    return FakeModels(careful)


@pytest.fixture
def settings(tmp_path: Path, models: FakeModels) -> Iterator[Settings]:
    with serve(models) as address:
        made = Settings(
            _env_file=None,  # type: ignore[call-arg]
            data_dir=tmp_path / "data",
            model="openai:careful",
            model_base_url=f"{address}/v1",
            openai_api_key=SecretStr("not-a-key"),
        )
        upgrade(made.resolved_database_url)
        yield made


async def test_an_analysis_with_a_model_is_cited_counted_and_free_the_second_time(
    settings: Settings, models: FakeModels
) -> None:
    async with open_research(settings) as research:
        first, _ = await run(research, AnalysisRequest(industry=INDUSTRY, limit=2))
        asked = len(models.seen.calls)
        second, _ = await run(research, AnalysisRequest(industry=INDUSTRY, limit=2))
    done = [company for company in first.companies if company.status == "done"]
    assert len(done) == 2
    for company in done:
        assert company.summary.generated_by != "extractive"
        assert company.summary.claims
        assert all(claim.status == "verified" for claim in company.summary.claims)
        assert all(claim.evidence for claim in company.summary.claims)
    assert first.synthesis.claims
    assert first.usage.model_calls == asked > 0
    assert first.usage.input_tokens > 0
    assert len(models.seen.calls) == asked, "the second analysis asked a model again"
    assert second.usage.model_calls == 0


async def test_the_synthesis_is_told_sentence_by_sentence_once_each_is_verified(
    settings: Settings, models: FakeModels
) -> None:
    lie = {"text": "Aldermoor emitted 1 t CO2e in 2024.", "topic": "Emissions", "cites": ["K1"]}

    def respond(call: Call) -> Reply:
        whole = document(call)
        if set(call.wanted["properties"]) == {"claims"} and "claims" in whole and whole["claims"]:
            whole["claims"] = [lie, *whole["claims"]]
        return Reply(text=json.dumps(whole), chunks=30)

    models.responder = respond
    async with open_research(settings) as research:
        analysis, events = await run(research, AnalysisRequest(industry=INDUSTRY, limit=2))
        replayed = await until(research, analysis.analysis_id, "published")
    kinds = [event.kind for event in events]
    pieces = [event for event in events if event.kind == "synthesis_piece"]
    claims = [Claim.model_validate(event.data["claim"]) for event in pieces]
    assert [event.data["number"] for event in pieces] == list(range(1, len(pieces) + 1))
    assert len(pieces) > 3
    assert kinds.index("synthesizing") < kinds.index("synthesis_piece") < kinds.index("published")
    assert all(claim.status == "verified" and claim.evidence for claim in claims)
    assert {claim.text for claim in claims} <= {c.text for c in analysis.synthesis.claims}
    assert lie["text"] not in str([event.data for event in events])
    assert events == replayed
