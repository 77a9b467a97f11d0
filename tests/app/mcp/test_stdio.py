"""The MCP server as a real process, with the SDK's own client."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

TOOLS = {"research_industry", "ask_analysis", "list_analyses", "get_analysis"}
TOOLS |= {"report_figures", "find_pages"}


@asynccontextmanager
async def connected(data: Path) -> AsyncIterator[ClientSession]:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "app.cli.main", "mcp"],
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "ISRA_DATA_DIR": str(data),
            "ISRA_OFFLINE": "1",
            "ISRA_LOCAL_SEARCH": "off",
        },
        cwd=Path(__file__).resolve().parents[3],
    )
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        yield session


async def call(session: ClientSession, tool: str, **arguments: Any) -> Any:
    result = await session.call_tool(tool, arguments)
    assert not result.isError, result.content
    found = result.structuredContent
    assert found is not None
    return found.get("result", found)


async def test_an_assistant_researches_an_industry_and_gets_page_and_quote(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []

    async def progress(step: float, _total: float | None, message: str | None) -> None:
        told.append((step, message or ""))

    async with connected(tmp_path / "data") as session:
        listed = await session.list_tools()
        assert {tool.name for tool in listed.tools} == TOOLS
        assert all(tool.outputSchema for tool in listed.tools)
        result = await session.call_tool(
            "research_industry",
            {"industry": "sample cement industry", "limit": 2},
            progress_callback=progress,
        )
        assert not result.isError, result.content
        analysis = result.structuredContent
        assert analysis is not None
        assert analysis["fictional"]
        sentences = [s for row in analysis["companies"] for s in row["sentences"]]
        assert sentences and analysis["synthesis"]
        for sentence in [*sentences, *analysis["synthesis"]]:
            assert sentence["places"]
            assert all(place["page"] >= 1 and place["quote"] for place in sentence["places"])
        assert told[-1][0] == 100
        assert any("company done" in message for _, message in told)

        own = {"analysis_id": analysis["analysis_id"]}
        figures = await call(session, "report_figures", **own, figure_id="scope_1")
        assert figures
        assert {row["figure"] for row in figures} == {"scope_1"}
        assert all(row["place"]["quote"] and row["place"]["page"] for row in figures)
        one = analysis["companies"][0]["company"]
        pages = await call(session, "find_pages", **own, question="Scope 1 emissions", company=one)
        assert pages and {row["company"] for row in pages} == {one}
        answer = await call(session, "ask_analysis", **own, question="What are Scope 1 emissions?")
        assert answer["found"]
        assert all(sentence["places"] for sentence in answer["sentences"])
        [row] = await call(session, "list_analyses")
        assert row["state"] == "published"
        missing = await session.call_tool("get_analysis", {"analysis_id": "nobody-s"})
        assert missing.isError
        assert "There is no such analysis" in str(missing.content)
