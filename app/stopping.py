"""Waiting that ends when a process is told to stop."""

import asyncio


async def sleep_until(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop` is set."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
