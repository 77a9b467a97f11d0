"""Bedrock's chat model on threads of its own.

Its client has no async: every call takes a thread, and a call that was cancelled keeps its
thread until the read time-out. On the event loop's own few threads such calls would hold up
all else that runs there, files and databases included.
"""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from langchain_aws import ChatBedrockConverse
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables.config import run_in_executor
from pydantic import PrivateAttr

LEAST_THREADS = 32


class ThreadedConverse(ChatBedrockConverse):
    """`ChatBedrockConverse`, its blocking calls on `threads` threads of its own."""

    threads: int = LEAST_THREADS
    _pool: ThreadPoolExecutor = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Make the pool, which copies of this model share."""
        super().model_post_init(context)
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="isra-bedrock")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        sync = run_manager.get_sync() if run_manager else None
        return await run_in_executor(self._pool, self._generate, messages, stop, sync, **kwargs)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        sync = run_manager.get_sync() if run_manager else None
        pieces = await run_in_executor(
            self._pool, partial(self._stream, messages, stop, sync, **kwargs)
        )
        while (piece := await run_in_executor(self._pool, next, pieces, None)) is not None:
            yield piece
