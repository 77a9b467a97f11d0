"""The tools work for one user: what is another's is not found, and readers start nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError

from agent.domain import AnalysisRequest
from agent.memory.database import upgrade
from agent.settings import Settings
from app.mcp.tools import Desk, add_tools
from graph.runner import Research, open_research
from tests.graph.test_research import INDUSTRY, until


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path / "data", _env_file=None)  # type: ignore[call-arg]
    upgrade(made.resolved_database_url)
    return made


@pytest.fixture
async def research(settings: Settings) -> AsyncIterator[Research]:
    async with open_research(settings) as opened:
        yield opened


def serving(desk: Desk) -> FastMCP[Any]:
    server: FastMCP[Any] = FastMCP("test")
    add_tools(server, lambda _context: desk)
    return server


@pytest.mark.parametrize("tool", ["get_analysis", "report_figures", "find_pages", "ask_analysis"])
async def test_another_users_analysis_is_not_found(research: Research, tool: str) -> None:
    analysis_id = await research.start(AnalysisRequest(industry=INDUSTRY, owner="anna", limit=1))
    await until(research, analysis_id, "proposed")
    arguments = {"analysis_id": analysis_id}
    if tool in {"find_pages", "ask_analysis"}:
        arguments["question"] = "What about Scope 1?"
    foreign, own = serving(Desk(research, "bob")), serving(Desk(research, "anna"))
    with pytest.raises(ToolError, match="There is no such analysis"):
        await foreign.call_tool(tool, arguments)
    with pytest.raises(ToolError, match="no result"):
        await own.call_tool(tool, arguments)
    _, listed = await foreign.call_tool("list_analyses", {})
    assert listed == {"result": []}


async def test_who_only_reads_starts_nothing(research: Research) -> None:
    server = serving(Desk(research, "anna", writes=False))
    with pytest.raises(ToolError, match="may only read"):
        await server.call_tool("research_industry", {"industry": INDUSTRY})
    assert await research.analyses("anna", limit=5) == []
