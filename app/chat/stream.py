"""Events in the tempo a screen can follow, and whether anyone is looking."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

from chainlit.server import sio
from chainlit.session import WebsocketSession

from graph.events import RunEvent


async def batches(events: AsyncIterator[RunEvent]) -> AsyncGenerator[list[RunEvent]]:
    """Whatever events are there at once, so that a replay is drawn once and not in steps."""
    queue: asyncio.Queue[RunEvent | None] = asyncio.Queue()

    async def pump() -> None:
        try:
            async for event in events:
                queue.put_nowait(event)
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(pump())
    try:
        open_ = True
        while open_:
            batch = [await queue.get()]
            with suppress(asyncio.QueueEmpty):
                while True:
                    batch.append(queue.get_nowait())
            open_ = None not in batch
            if told := [event for event in batch if event is not None]:
                yield told
        await task
    finally:
        task.cancel()


def ping_seconds() -> float:
    """How long a dead line may be taken for an open one."""
    return float(sio.eio.ping_interval + sio.eio.ping_timeout)


def connected(session: WebsocketSession) -> bool:
    """Whether the session's socket is open at this moment."""
    return bool(sio.manager.is_connected(session.socket_id, "/"))
