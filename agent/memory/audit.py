"""The audit log: who signed in, took results away, deleted or changed who may call.

Rows are only ever added: the class has no other way, and triggers of the database refuse the
rest. They hold names and ids, never a secret, a question or text of a page.
"""

from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain.base import Noun
from agent.memory.database import utc_now
from agent.memory.tables import metadata

Action = Literal[
    "sign_in",
    "sign_in_failed",
    "export",
    "delete_analysis",
    "delete_conversation",
    "delete_user",
    "add_user",
    "remove_user",
    "create_token",
    "revoke_token",
]
ACTIONS: tuple[Action, ...] = get_args(Action)
_LONGEST = 255

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(40), nullable=False, index=True),
    sa.Column("actor", sa.String(_LONGEST), nullable=False, index=True),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("object", sa.String(_LONGEST), nullable=False),
)


class AuditEntry(Noun):
    """One thing that was done; `at` is an ISO time in UTC."""

    id: int
    at: str
    actor: str
    """Who did it: a user's name, or “command line” for whoever has the server's shell."""
    action: Action
    object: str
    """What it was done to: an analysis' id, a token's id, a user's name; "" for a sign-in."""


class AuditLog:
    """Adds to the log and reads it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def note(self, action: Action, actor: str, object_id: str = "") -> None:
        """Add a row. A name that was typed in is cut, and kept on one line."""
        row = {
            "at": utc_now(),
            "actor": _line(actor),
            "action": action,
            "object": _line(object_id),
        }
        async with self._engine.begin() as connection:
            await connection.execute(audit_log.insert().values(row))

    async def newest(
        self, *, actor: str | None = None, action: Action | None = None, limit: int = 100
    ) -> list[AuditEntry]:
        """The newest rows first, of one actor or action where given."""
        query = sa.select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
        if actor is not None:
            query = query.where(audit_log.c.actor == actor)
        if action is not None:
            query = query.where(audit_log.c.action == action)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [AuditEntry.model_validate(dict(row)) for row in rows]


def _line(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.split())[:_LONGEST]
