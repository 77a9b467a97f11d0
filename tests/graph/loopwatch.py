"""Watches an event loop for callbacks that hold it up.

Time is measured as the CPU time of the loop's own thread plus the time it waits in blocking
system calls that are known by name, so that a busy machine does not fail the test.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from blockbuster import blockbuster_ctx

LIMIT_SECONDS = 0.1


@dataclass
class LoopWatch:
    """The callbacks that held the loop longer than the limit: what, and seconds of CPU."""

    slow: list[tuple[str, float]] = field(default_factory=list)


@contextmanager
def watch_loop(modules: list[str]) -> Iterator[LoopWatch]:
    """Measure every callback of the loop; a blocking call in our modules raises at once."""
    watch = LoopWatch()
    run = asyncio.events.Handle._run

    def timed(handle: asyncio.Handle) -> Any:
        began = time.thread_time()
        try:
            return run(handle)
        finally:
            spent = time.thread_time() - began
            if spent > LIMIT_SECONDS:
                watch.slow.append((repr(handle), spent))

    asyncio.events.Handle._run = timed  # type: ignore[method-assign]
    try:
        with blockbuster_ctx(scanned_modules=modules):
            yield watch
    finally:
        asyncio.events.Handle._run = run  # type: ignore[method-assign]
