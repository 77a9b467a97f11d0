"""How often a person may log in, write and upload; counted in this process."""

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from agent.errors import InputError
from agent.settings import Settings

# Everyone behind one proxy or office shares an address; a name is only ever one person's.
_LOGINS_BY_ADDRESS = 5


class RateLimits:
    """Moving windows; a refused attempt counts for nothing."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._logins = RateLimitItemPerMinute(settings.logins_per_minute)
        self._logins_by_address = RateLimitItemPerMinute(
            settings.logins_per_minute * _LOGINS_BY_ADDRESS
        )
        self._messages = RateLimitItemPerMinute(settings.messages_per_minute)
        self._uploads = RateLimitItemPerHour(settings.uploads_per_hour)

    async def may_log_in(self, name: str, address: str) -> bool:
        """Whether one more attempt is allowed for this name from this address."""
        return await self._limiter.hit(
            self._logins_by_address, "address", address
        ) and await self._limiter.hit(self._logins, "name", name.casefold()[:255])

    async def message(self, user: str) -> None:
        """Count a message. Raises InputError when there were too many."""
        if not await self._limiter.hit(self._messages, "message", user):
            raise InputError(
                "These were many messages in a short time.", "Wait a minute, then send it again."
            )

    async def upload(self, user: str) -> None:
        """Count an upload. Raises InputError when there were too many."""
        if not await self._limiter.hit(self._uploads, "upload", user):
            raise InputError(
                "You have added as many files as one hour allows.", "Go on in an hour."
            )
