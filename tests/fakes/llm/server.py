"""One HTTP server on 127.0.0.1 that speaks as four model providers.

The real client libraries talk to it over real HTTP; a responder decides every answer.
"""

import asyncio
import contextlib
import inspect
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.fakes.llm import bedrock, gemini, ollama, openai
from tests.fakes.llm.wire import Call, Record, Reply, Responder, WireError

Endpoint = Callable[[Request], Awaitable[Response]]


class FakeModels:
    """The server's behaviour and its memory; `serve` runs it."""

    def __init__(self, responder: Responder) -> None:
        self.responder = responder
        self.seen = Record()
        providers = (gemini, bedrock, openai, ollama)
        self.app = Starlette(
            routes=[
                Route(path, self._endpoint(provider), methods=["POST"])
                for provider in providers
                for path in provider.ROUTES
            ]
        )

    @property
    def calls(self) -> list[Call]:
        """Every request that was well formed, in order of arrival."""
        return self.seen.calls

    def _endpoint(self, provider: Any) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            try:
                call = provider.read(request, await request.json())
            except WireError as wrong:
                self.seen.refused.append(wrong.message)
                refusal: Response = provider.error(Reply(status=400, error=wrong.message))
                return refusal
            reply = await self._decide(call)
            failed = reply.status >= 400
            sent: Response = provider.error(reply) if failed else provider.answer(call, reply)
            return sent

        return endpoint

    async def _decide(self, call: Call) -> Reply:
        self.seen.calls.append(call)
        self.seen.active += 1
        self.seen.peak = max(self.seen.peak, self.seen.active)
        try:
            reply = self.responder(call)
            if inspect.isawaitable(reply):
                reply = await reply
            await asyncio.sleep(reply.delay)
            return reply
        finally:
            self.seen.active -= 1


class Serving(Protocol):
    """Anything with an application to serve."""

    @property
    def app(self) -> ASGIApp: ...


@contextlib.contextmanager
def serve(models: Serving) -> Iterator[str]:
    """Run the server in a thread of its own; gives its address, without a trailing slash."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        config = uvicorn.Config(
            models.app,
            log_level="critical",
            lifespan="off",
            # Named, because an application that is a method would be taken for the older kind.
            interface="asgi3",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True
        )
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


class Barrier:
    """Holds calls back until `parties` of them are at the server together."""

    def __init__(self, parties: int, patience: float = 30.0) -> None:
        self.parties = parties
        self.patience = patience
        self._waiting = 0
        self._open: asyncio.Event | None = None

    async def wait(self) -> bool:
        """True where all came, False where patience ran out first."""
        self._open = self._open or asyncio.Event()
        self._waiting += 1
        if self._waiting >= self.parties:
            self._open.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._open.wait(), self.patience)
        return self._open.is_set()
