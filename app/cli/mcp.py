"""isra mcp: the tools for an analyst's own assistant, over standard input and output."""

import asyncio

import typer

from agent.logs import configure_logs
from agent.memory.database import upgrade
from agent.settings import get_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(mcp)


def mcp() -> None:
    """Serve the research as MCP tools on stdin and stdout, as the user of this computer.

    An assistant starts this command itself. For others over HTTP, `isra serve` has /mcp.
    """
    settings = get_settings()
    upgrade(settings.resolved_database_url)
    # The SDK is slow to import, and other commands need none of it.
    from app.mcp.stdio import make_stdio_server

    server = make_stdio_server(settings)
    # The SDK sets up logs of its own; ours go to stderr and leave stdout to the protocol.
    configure_logs(settings.log_level, settings.log_format)
    asyncio.run(server.run_stdio_async())
