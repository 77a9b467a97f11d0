"""The MCP server over HTTP, with the SDK's own client: tokens, ownership, scopes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from tests.app.api.conftest import Api


@asynccontextmanager
async def connected(api: Api, token: str) -> AsyncIterator[ClientSession]:
    headers = {"authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(headers=headers, timeout=60) as client,
        streamable_http_client(f"{api.server.base}/mcp", http_client=client) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


@pytest.mark.parametrize("token", ["", "isra_000000000000_" + "x" * 43])
def test_without_a_valid_token_nothing_is_told(api: Api, token: str) -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    answer = api.root.post("/mcp", json=call, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "research_industry" not in answer.text


async def call(api: Api, token: str, tool: str, **arguments: Any) -> CallToolResult:
    async with connected(api, token) as session:
        return await session.call_tool(tool, arguments)


def test_an_assistant_reads_what_is_its_users_and_nothing_else(api: Api, analysis_id: str) -> None:
    own = asyncio.run(call(api, api.tokens["ada"], "report_figures", analysis_id=analysis_id))
    assert not own.isError, own.content
    found: Any = own.structuredContent
    assert found["result"]
    assert all(row["place"]["quote"] for row in found["result"])
    for tool in ("report_figures", "get_analysis"):
        foreign = asyncio.run(call(api, api.tokens["bob"], tool, analysis_id=analysis_id))
        assert foreign.isError
        assert "There is no such analysis" in str(foreign.content)


def test_who_only_reads_starts_nothing(api: Api) -> None:
    token = api.token("ada", "read")
    refused = asyncio.run(call(api, token, "research_industry", industry="sample cement"))
    assert refused.isError
    assert "may only read" in str(refused.content)
