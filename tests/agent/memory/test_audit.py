"""The audit log: rows are added and listed, and nothing changes or removes them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.audit import AuditLog, audit_log
from agent.memory.database import make_engine, upgrade


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    on_postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if on_postgres else f"sqlite:///{tmp_path}/a.db"
    upgrade(url)
    return str(url)


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    made = make_engine(url)
    yield made
    await made.dispose()


async def test_what_was_done_is_listed_newest_first(engine: AsyncEngine) -> None:
    log = AuditLog(engine)
    await log.note("sign_in_failed", "mallory")
    await log.note("sign_in", "anna")
    await log.note("export", "anna", "a1 as pdf")
    assert [(row.actor, row.action, row.object) for row in await log.newest()] == [
        ("anna", "export", "a1 as pdf"),
        ("anna", "sign_in", ""),
        ("mallory", "sign_in_failed", ""),
    ]
    assert [row.action for row in await log.newest(actor="mallory")] == ["sign_in_failed"]
    assert [row.actor for row in await log.newest(action="sign_in")] == ["anna"]


async def test_a_row_can_be_neither_changed_nor_removed(engine: AsyncEngine) -> None:
    log = AuditLog(engine)
    await log.note("delete_analysis", "anna", "a1")
    for statement in (sa.update(audit_log).values(actor="bob"), sa.delete(audit_log)):
        with pytest.raises(sa.exc.DBAPIError, match="only added"):
            async with engine.begin() as connection:
                await connection.execute(statement)
    assert [row.actor for row in await log.newest()] == ["anna"]


async def test_a_name_that_was_typed_in_stays_on_its_line(engine: AsyncEngine) -> None:
    log = AuditLog(engine)
    await log.note("sign_in_failed", "x\n2026 sign_in admin\x1b[2J" + "y" * 500)
    [row] = await log.newest()
    assert row.actor.startswith("x 2026 sign_in admin")
    assert len(row.actor) == 255
    assert row.actor.isprintable()
