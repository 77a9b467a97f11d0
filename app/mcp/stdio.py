"""The MCP server over standard input and output, for one person on this computer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.fastmcp import FastMCP

from agent.settings import Settings
from app.auth.modes import LOCAL
from app.mcp.tools import INSTRUCTIONS, AnyContext, Desk, add_tools
from graph.runner import open_research


def make_stdio_server(settings: Settings) -> FastMCP[Any]:
    """The server; it opens the research when a client connects. The database is migrated."""

    @asynccontextmanager
    async def opened(_server: FastMCP[Any]) -> AsyncIterator[Desk]:
        async with open_research(settings) as research:
            yield Desk(research, LOCAL.identifier)

    server: FastMCP[Any] = FastMCP("isra", instructions=INSTRUCTIONS, lifespan=opened)

    def desk_of(context: AnyContext) -> Desk:
        desk: Desk = context.request_context.lifespan_context
        return desk

    add_tools(server, desk_of)
    return server
