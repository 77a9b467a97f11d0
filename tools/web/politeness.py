"""Manners: few requests at once to a host, a pause between them, and what its robots.txt says."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from protego import Protego

from tools.web.errors import WebError

_KEEP_SECONDS = 24 * 3600.0
_LONGEST_PAUSE = 5.0

ReadRobots = Callable[[str], Awaitable[str | None]]
"""The text of the robots.txt of an origin; None where the site has none."""


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0


class Turns:
    """At most `at_once` requests to a host, started at least `pause` seconds apart."""

    def __init__(self, at_once: int, pause: float) -> None:
        self._at_once = at_once
        self._pause = pause
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, delay: float | None = None) -> AsyncIterator[None]:
        """Wait for a turn at a host and keep it while the body runs."""
        state = self._hosts.setdefault(host, _Host(asyncio.Semaphore(self._at_once)))
        async with state.slots:
            async with state.turn:
                wait = state.free_at - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                pause = max(self._pause, min(delay or 0.0, _LONGEST_PAUSE))
                state.free_at = time.monotonic() + pause
            yield


class Robots:
    """The rules of each site for our name, read once a day."""

    def __init__(self, agent: str, read: ReadRobots) -> None:
        self._agent = agent
        self._read = read
        self._rules: dict[str, tuple[float, Protego]] = {}
        self._reading: dict[str, asyncio.Lock] = {}

    async def of(self, origin: str) -> Protego:
        """The rules of an origin ("https://example.com"). Raises WebError where unreachable."""
        async with self._reading.setdefault(origin, asyncio.Lock()):
            known = self._rules.get(origin)
            if known is None or time.monotonic() - known[0] > _KEEP_SECONDS:
                text = await self._read(origin)
                known = time.monotonic(), Protego.parse(text or "")
                self._rules[origin] = known
        return known[1]

    async def check(self, origin: str, url: str) -> float | None:
        """The pause in seconds the site asks for, if any.

        Raises:
            WebError: the site's robots.txt asks programs not to fetch this address.
        """
        rules = await self.of(origin)
        if not rules.can_fetch(url, self._agent):
            raise WebError(
                f"The site {origin.partition('://')[2]} asks programs not to fetch this address "
                "(robots.txt).",
                code="robots",
            )
        return rules.crawl_delay(self._agent)
