"""How often a person may log in, write and upload.

Counted in this process, or in the database where several processes serve.
"""

import math
import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.errors import InputError
from agent.memory.rate_table import SqlCounters
from agent.settings import Settings

# Everyone behind one proxy or office shares an address; a name is only ever one person's.
_LOGINS_BY_ADDRESS = 5


class TooManyError(InputError):
    """More than is allowed in a time; `seconds` from now it can be tried again."""

    code = "too_many"

    def __init__(self, what: str, do: str = "", *, seconds: int) -> None:
        super().__init__(what, do)
        self.seconds = seconds


class RateLimits:
    """Moving windows in this process, or fixed ones that all processes of a database share.

    With fixed ones, twice as much can come within a time that lies across two windows.
    """

    def __init__(self, settings: Settings, shared: AsyncEngine | None = None) -> None:
        """`shared` is the database to count in, where others serve beside this process."""
        self._limiter: MovingWindowRateLimiter | FixedWindowRateLimiter
        if shared is None:
            self._limiter = MovingWindowRateLimiter(MemoryStorage())
        else:
            self._limiter = FixedWindowRateLimiter(SqlCounters(shared))
        self._logins = RateLimitItemPerMinute(settings.logins_per_minute)
        self._logins_by_address = RateLimitItemPerMinute(
            settings.logins_per_minute * _LOGINS_BY_ADDRESS
        )
        self._messages = RateLimitItemPerMinute(settings.messages_per_minute)
        self._uploads = RateLimitItemPerHour(settings.uploads_per_hour)
        self._calls = RateLimitItemPerMinute(settings.api_calls_per_minute)

    async def may_log_in(self, name: str, address: str) -> bool:
        """Whether one more attempt is allowed for this name from this address."""
        return await self._limiter.hit(
            self._logins_by_address, "address", address
        ) and await self._limiter.hit(self._logins, "name", name.casefold()[:255])

    async def message(self, user: str) -> None:
        """Count a message. Raises TooManyError when there were too many."""
        await self._count(
            (self._messages, "message", user),
            "These were many messages in a short time.",
            "Wait a minute, then send it again.",
        )

    async def upload(self, user: str) -> None:
        """Count an upload. Raises TooManyError when there were too many."""
        await self._count(
            (self._uploads, "upload", user),
            "You have added as many files as one hour allows.",
            "Go on in an hour.",
        )

    async def call(self, user: str) -> None:
        """Count a call of the HTTP API. Raises TooManyError when there were too many."""
        await self._count(
            (self._calls, "call", user),
            "These were many calls in a short time.",
            "Wait as long as Retry-After says.",
        )

    async def _count(self, which: tuple[RateLimitItem, str, str], what: str, do: str) -> None:
        if await self._limiter.hit(*which):
            return
        free = await self._limiter.get_window_stats(*which)
        raise TooManyError(what, do, seconds=max(1, math.ceil(free.reset_time - time.time())))
