"""Commands about models: the prompts as they are kept, and where a trace is."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.domain import AnalysisRequest
from agent.errors import InputError, NotFoundError
from agent.memory.database import make_engine
from agent.prompts.registry import FOLDER
from agent.settings import get_settings
from agent.tracing import trace_id
from app.cli.commands import app
from graph.analyses import AnalysisTable
from tests.fakes.langsmith import FakeLangSmith
from tests.fakes.llm.server import serve


@pytest.fixture(autouse=True)
def _settings_read_anew() -> Iterator[None]:
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def said(*words: str) -> str:
    """What a command prints; its error is raised."""
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_every_prompt_is_listed_with_arm_sha_and_share() -> None:
    rows = json.loads(said("prompts", "list", "--json"))
    assert {row["name"] for row in rows} >= {"identify", "summarize", "synthesize", "answer"}
    assert all(row["arm"] == "a" and len(row["sha"]) == 12 and row["weight"] for row in rows)


def test_a_prompt_is_shown_as_its_file() -> None:
    text = (FOLDER / "summarize" / "a.md").read_text("utf-8")
    assert said("prompts", "show", "summarize").strip() == text.strip()


def test_two_arms_of_a_folder_of_ones_own_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FOLDER, tmp_path / "prompts")
    arm = tmp_path / "prompts" / "summarize" / "b.md"
    arm.write_text((FOLDER / "summarize" / "a.md").read_text("utf-8") + "Be brief.\n", "utf-8")
    monkeypatch.setenv("ISRA_PROMPTS_DIR", str(tmp_path / "prompts"))
    assert "+Be brief." in said("prompts", "diff", "summarize", "a", "b")
    with pytest.raises(NotFoundError, match="no arm 'c'"):
        said("prompts", "diff", "summarize", "a", "c")


def test_a_trace_is_found_where_analyses_are_traced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISRA_DATA_DIR", str(tmp_path))
    with pytest.raises(NotFoundError):
        said("traces", "a1")
    asyncio.run(_add_analysis(get_settings().resolved_database_url, "a1"))
    with pytest.raises(InputError, match="not traced"):
        said("traces", "a1")
    get_settings.cache_clear()
    monkeypatch.setenv("ISRA_LANGSMITH_API_KEY", "lsv2_pt_0123456789abcdef")
    monkeypatch.setenv("ISRA_LANGSMITH_PROJECT", "ours")
    langsmith = FakeLangSmith()
    with serve(langsmith) as address:
        monkeypatch.setenv("ISRA_LANGSMITH_ENDPOINT", address)
        found = json.loads(said("traces", "a1", "--json"))
        langsmith.failing = 404
        assert json.loads(said("traces", "a1", "--json")) == {**found, "address": ""}
    assert (found["trace"], found["project"]) == (trace_id("a1"), "ours")
    assert f"/r/{trace_id('a1')}" in found["address"]


async def _add_analysis(url: str, analysis_id: str) -> None:
    engine = make_engine(url)
    try:
        await AnalysisTable(engine).create(analysis_id, AnalysisRequest(industry="cement"))
    finally:
        await engine.dispose()
