"""isra audit: who signed in, exported, deleted, and who made or ended tokens and users."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from agent.errors import InputError
from agent.memory.audit import ACTIONS, Action, AuditEntry, AuditLog
from agent.memory.database import make_engine, upgrade
from agent.settings import Settings, get_settings
from app.cli.output import print_json, print_table

BY_COMMAND = "command line"
"""Who did what was done with the server's own command."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(
    user: Annotated[str, typer.Option(help="Only what this user did.")] = "",
    action: Annotated[str, typer.Option(help=f"Only one of: {', '.join(ACTIONS)}.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most rows, newest first.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """List the audit log, newest first. Nothing can change or remove its rows."""
    if action and action not in ACTIONS:
        raise InputError(f"“{action}” is not an action.", f"They are: {', '.join(ACTIONS)}.")

    async def read(log: AuditLog) -> list[AuditEntry]:
        return await log.newest(actor=user or None, action=action or None, limit=limit)

    settings = get_settings()
    upgrade(settings.resolved_database_url)
    rows = asyncio.run(_with_log(settings, read))
    if as_json:
        print_json([row.model_dump(mode="json") for row in rows])
        return
    print_table(
        "Audit log",
        ("at", "who", "did", "to"),
        [(row.at[:19], row.actor, row.action.replace("_", " "), row.object) for row in rows],
    )


def note(action: Action, object_id: str) -> None:
    """Write down what a command did."""

    async def add(log: AuditLog) -> list[AuditEntry]:
        await log.note(action, BY_COMMAND, object_id)
        return []

    settings = get_settings()
    upgrade(settings.resolved_database_url)
    asyncio.run(_with_log(settings, add))


async def _with_log(
    settings: Settings, call: Callable[[AuditLog], Awaitable[list[AuditEntry]]]
) -> list[AuditEntry]:
    engine = make_engine(settings.resolved_database_url)
    try:
        return await call(AuditLog(engine))
    finally:
        await engine.dispose()
