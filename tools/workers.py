"""CPU work in processes, so that nothing blocks the event loop."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import ParamSpec, TypeVar

from agent.errors import DocumentError

P = ParamSpec("P")
T = TypeVar("T")


class CpuWorkers:
    """A pool of processes for pure functions of pickled arguments.

    A worker that dies takes the calls of its pool with it: each is tried once more in a new
    pool, alone, so that only the call that kills workers fails.
    """

    def __init__(self, processes: int = 0) -> None:
        self._processes = processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._making = asyncio.Lock()
        self._alone = asyncio.Lock()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the function in a worker process and give its result.

        Raises:
            DocumentError: the work killed its process twice (code `crashed`).
        """
        async with self._making:
            if self._pool is None:
                self._pool = await asyncio.to_thread(self._make, self._processes)
            pool = self._pool
        try:
            return await self._submit(pool, function, *args, **kwargs)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
            pool.shutdown(wait=False, cancel_futures=True)
        async with self._alone:
            single = await asyncio.to_thread(self._make, 1)
            try:
                return await self._submit(single, function, *args, **kwargs)
            except BrokenProcessPool:
                raise DocumentError(
                    "The work on this document ended its process twice.",
                    "It may need more memory than there is; the other companies go on.",
                    code="crashed",
                ) from None
            finally:
                single.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    @staticmethod
    def _make(processes: int) -> ProcessPoolExecutor:
        # Spawn: a fork would copy the event loop's threads' locks in whatever state they are.
        return ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_end_with_parent,
        )

    @staticmethod
    async def _submit(
        pool: ProcessPoolExecutor, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        # Submitting may start processes, which writes to pipes: not on the event loop.
        try:
            future = await asyncio.to_thread(pool.submit, function, *args, **kwargs)
        except RuntimeError as error:
            # Another call has just found the pool broken and shut it down.
            raise BrokenProcessPool(str(error)) from error
        return await asyncio.wrap_future(future)


def _end_with_parent() -> None:
    """A killed parent cannot end its workers, and they would wait for it for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive, args=(parent,), daemon=True).start()


def _outlive(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
