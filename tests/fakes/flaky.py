"""A proxy in front of an HTTP server that fails the requests a test names."""

from collections.abc import Callable

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_OURS = {b"expect", b"connection", b"transfer-encoding"}
"""Headers about this connection, not about the request."""
Fails = Callable[[str, str], bool]


class Flaky:
    """Passes requests on, but answers 503 where `fails(method, path)` says so."""

    def __init__(self, target: str) -> None:
        self.fails: Fails = lambda method, path: False
        self.failed: list[str] = []
        self._client = httpx.AsyncClient(base_url=target, timeout=60)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any method, any path."""
        answer = await self._pass_on(Request(scope, receive))
        await answer(scope, receive, send)

    async def _pass_on(self, request: Request) -> Response:
        # Read in any case: what is left of it would be taken for the next request.
        body = await request.body()
        if self.fails(request.method, request.url.path):
            self.failed.append(request.url.path)
            return Response(status_code=503)
        # The signature covers the host, which the real server checks.
        answer = await self._client.request(
            request.method,
            request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            headers=[pair for pair in request.headers.raw if pair[0] not in _OURS],
            content=body,
        )
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in {"transfer-encoding", "content-encoding", "connection"}
        }
        return Response(answer.content, answer.status_code, headers)
