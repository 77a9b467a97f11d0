import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain import AnalysisRequest, Claim, ProposedCompany
from agent.memory.database import upgrade
from agent.prompts.registry import FOLDER, PromptRegistry
from agent.settings import Settings
from graph.runner import Research, open_research
from tests.fakes.llm.analyst import careful, document
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply
from tests.graph.test_research import INDUSTRY, run, until
from tools.directory import load_directory


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


async def proposed(research: Research, industry: str, limit: int) -> tuple[ProposedCompany, ...]:
    """The list as it is put before the user."""
    analysis_id = await research.start(AnalysisRequest(industry=industry, limit=limit))
    events = await until(research, analysis_id, "proposed", "failed")
    assert events[-1].kind == "proposed", events[-1].data
    return await research.proposal(analysis_id)


def naming(*names: str) -> Callable[[Call], Reply]:
    """A model that chooses the first candidate and names companies of its own."""
    added = [{"name": name, "country": "", "reason": "It leads."} for name in names]

    def respond(call: Call) -> Reply:
        whole = document(call)
        if "chosen" in whole:
            whole |= {"chosen": whole["chosen"][:1], "added": added}
        return Reply(text=json.dumps(whole))

    return respond


async def test_a_company_only_the_model_names_is_looked_up_or_left_to_the_user(
    settings: Settings, models: FakeModels
) -> None:
    elsewhere = load_directory().companies("airlines")[0]
    models.responder = naming(elsewhere.name, "Grosszement Vereinigte")
    async with open_research(settings) as research:
        rows = {row.company.name: row for row in await proposed(research, INDUSTRY, 2)}
    found, invented = rows[elsewhere.name], rows["Grosszement Vereinigte"]
    assert found.company == elsewhere
    assert found.known and found.selected
    assert "under another industry" in found.reason
    assert not invented.known and not invented.selected
    assert "Not in the directory" in invented.reason
    left_out = [row for row in rows.values() if row.known and not row.selected]
    assert left_out
    assert all("Left out" in row.reason for row in left_out)


async def test_a_model_names_companies_of_an_industry_the_directory_does_not_have(
    settings: Settings, models: FakeModels
) -> None:
    elsewhere = load_directory().companies("airlines")[0]
    models.responder = naming(elsewhere.name, "Grosszement Vereinigte")
    async with open_research(settings) as research:
        rows = await proposed(research, "zeppelinwerften", 5)
    assert [(row.company.name, row.selected) for row in rows] == [
        (elsewhere.name, True),
        ("Grosszement Vereinigte", False),
    ]


async def test_a_run_keeps_its_prompts_when_the_weights_change_before_it_is_resumed(
    settings: Settings, models: FakeModels, tmp_path: Path
) -> None:
    folder = tmp_path / "prompts"
    shutil.copytree(FOLDER, folder)
    own = settings.model_copy(update={"prompts_dir": folder})
    weigh(folder, a=0, b=100)
    async with open_research(own) as research:
        analysis_id = await research.start(AnalysisRequest(industry=INDUSTRY, limit=1))
        await until(research, analysis_id, "proposed")
    weigh(folder, a=100, b=0)
    async with open_research(own) as research:
        await research.confirm(analysis_id, await research.proposal(analysis_id))
        await until(research, analysis_id, "published", "failed")
        analysis = await research.result(analysis_id)
        other, _ = await run(research, AnalysisRequest(industry=INDUSTRY, limit=1))
    assert analysis.arms["summarize"] == "b"
    assert " summarize/b@" in analysis.companies[0].summary.generated_by
    assert other.arms["summarize"] == "a"
    assert " summarize/a@" in other.companies[0].summary.generated_by


def weigh(folder: Path, **weights: int) -> None:
    """Two arms of the summary's prompt with these weights."""
    text = (FOLDER / "summarize" / "a.md").read_text("utf-8")
    for arm, weight in weights.items():
        weighed = text.replace("version: 1\n", f"version: 1\nweight: {weight}\n")
        (folder / "summarize" / f"{arm}.md").write_text(weighed, "utf-8")


async def test_all_analyses_of_a_conversation_have_the_same_prompts(settings: Settings) -> None:
    async with open_research(settings) as research:
        request = AnalysisRequest(industry=INDUSTRY, limit=1, thread="conversation")
        analysis, _ = await run(research, request)
    assert analysis.arms == PromptRegistry().arms("conversation")


async def test_a_spent_budget_delivers_what_is_done_and_says_so(
    settings: Settings, models: FakeModels
) -> None:
    # Enough for the choice and for one of the two summaries.
    own = settings.model_copy(update={"budget_tokens": 9_000, "model_concurrency": 1})
    async with open_research(own) as research:
        analysis, events = await run(research, AnalysisRequest(industry=INDUSTRY, limit=2))
    assert [company.status for company in analysis.companies] == ["done", "done"]
    by = [company.summary.generated_by for company in analysis.companies]
    assert any(name.startswith("openai:careful") for name in by), by
    assert "The budget of this analysis does not cover another call" in str(
        (by, analysis.synthesis.generated_by)
    )
    assert analysis.synthesis.claims
    warnings = [text for company in analysis.companies for text in company.warnings]
    assert any("budget" in text for text in warnings) == any("budget" in name for name in by)
    spent = analysis.usage.input_tokens + analysis.usage.output_tokens
    assert 0 < spent <= 9_000
    assert events[-1].kind == "published"
