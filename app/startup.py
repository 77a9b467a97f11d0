"""A server that cannot start says why in one sentence."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.errors import IsraError


class Startup:
    """Wraps an application: tells when it is ready, and keeps the error that refused the start.

    Otherwise the server would log the whole traceback of a missing key or an absent database.
    """

    def __init__(self, app: ASGIApp, ready: Callable[[], None]) -> None:
        self._app = app
        self._ready = ready
        self.refused: IsraError | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the application."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failed: list[Message] = []

        async def watched(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                failed.append(message)
                return
            if message["type"] == "lifespan.startup.complete":
                self._ready()
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except IsraError as error:
            self.refused = error
            failed = [{"type": "lifespan.startup.failed", "message": ""} for _ in failed]
        finally:
            for message in failed:
                await send(message)
