"""How often: each person for themselves, and no name can be tried without end."""

import pytest

from agent.errors import InputError
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
