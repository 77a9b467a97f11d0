"""The ledger in the database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain import Usage
from agent.ledger import LedgerRow, total_usage
from agent.memory.database import make_engine
from agent.memory.ledger_table import SqlLedger, model_calls
from tests.agent.test_ledger import ROW


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'ledger.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(model_calls.create)
    yield engine
    await engine.dispose()


async def filled(engine: AsyncEngine) -> tuple[SqlLedger, list[LedgerRow]]:
    failed = replace(ROW, input_tokens=None, cached_tokens=None, output_tokens=None, usd=None)
    rows = [
        replace(ROW, id="1"),
        replace(ROW, id="2", prompt="synthesize", usd=1.5),
        replace(failed, id="3", status="failed", http_status=429),
        replace(ROW, id="4", analysis="other", at="2026-02-01T00:00:00", usd=None),
    ]
    ledger = SqlLedger(engine)
    for row in rows:
        await ledger.append(row)
    return ledger, rows


async def test_usage_is_that_of_one_analysis_failed_calls_included(engine: AsyncEngine) -> None:
    ledger, rows = await filled(engine)
    assert await ledger.usage("a") == total_usage(rows[:3])
    assert await ledger.usage("a") == Usage(
        model_calls=3, input_tokens=200, output_tokens=20, usd=1.75
    )
    assert (await ledger.usage("other")).usd is None
    assert await ledger.usage("never") == Usage()


async def test_lines_tell_prompts_models_and_failures_apart(engine: AsyncEngine) -> None:
    ledger, _ = await filled(engine)
    lines = await ledger.lines("a")
    assert [(x.prompt, x.status, x.calls, x.usd) for x in lines] == [
        ("synthesize", "ok", 1, 1.5),
        ("summarize", "ok", 1, 0.25),
        ("summarize", "failed", 1, 0.0),
    ]
    assert len(await ledger.lines(since="2026-01-15")) == 1
