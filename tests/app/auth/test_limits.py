"""How often: each person for themselves, and no name can be tried without end."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.errors import InputError
from agent.memory.database import make_engine, upgrade
from agent.memory.rate_table import SqlCounters, rate_counts
from agent.settings import Settings
from app.auth.limits import RateLimits


async def test_a_name_can_be_tried_a_few_times_from_wherever() -> None:
    limits = RateLimits(Settings(logins_per_minute=2))
    assert [await limits.may_log_in("ada", f"10.0.0.{n}") for n in range(4)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert not await limits.may_log_in("ADA", "10.0.0.9")
    assert await limits.may_log_in("bob", "10.0.0.1")


async def test_an_address_cannot_try_names_without_end() -> None:
    limits = RateLimits(Settings(logins_per_minute=1))
    assert [await limits.may_log_in(f"user{n}", "10.0.0.1") for n in range(6)][-1] is False


async def test_messages_and_uploads_are_counted_for_each_user() -> None:
    limits = RateLimits(Settings(messages_per_minute=1, uploads_per_hour=1))
    await limits.message("ada")
    await limits.upload("ada")
    with pytest.raises(InputError, match="many messages"):
        await limits.message("ada")
    with pytest.raises(InputError, match="many files"):
        await limits.upload("ada")
    await limits.message("bob")
    await limits.upload("bob")


async def test_processes_that_share_a_database_count_together(
    postgres_url: str, tmp_path: Path
) -> None:
    settings = Settings(database_url=postgres_url, messages_per_minute=3, data_dir=tmp_path)
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    engines = [make_engine(settings.resolved_database_url) for _ in range(2)]
    try:
        one, other = (RateLimits(settings, engine) for engine in engines)

        async def sent(limits: RateLimits) -> bool:
            try:
                await limits.message("ada")
            except InputError:
                return False
            return True

        both = [sent(limits) for _ in range(4) for limits in (one, other)]
        assert (await asyncio.gather(*both)).count(True) == 3
        await one.message("bob")
    finally:
        for engine in engines:
            await engine.dispose()


async def test_a_window_ends_and_is_forgotten(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    engine = make_engine(settings.resolved_database_url)
    try:
        counters = SqlCounters(engine)
        assert [await counters.incr("a", 60) for _ in range(3)] == [1, 2, 3]
        async with engine.begin() as connection:
            await connection.execute(sa.update(rate_counts).values(expires_at=1.0))
        assert await counters.get("a") == 0
        assert await counters.incr("b", 60) == 1
        async with engine.connect() as connection:
            kept = (await connection.execute(sa.select(rate_counts.c.key))).scalars().all()
        assert kept == ["b"]
        await counters.clear("b")
        assert await counters.get("b") == 0
    finally:
        await engine.dispose()
