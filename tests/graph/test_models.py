from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain import AnalysisRequest
from agent.memory.database import upgrade
from agent.settings import Settings
from graph.runner import open_research
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.graph.test_research import INDUSTRY, run


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
