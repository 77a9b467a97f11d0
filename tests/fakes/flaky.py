"""A proxy in front of an HTTP server that fails the requests a test names."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Fails = Callable[[str, str], bool]


class Flaky:
    """Passes requests on, but answers 503 where `fails(method, path)` says so."""

    def __init__(self, target: str) -> None:
        self.fails: Fails = lambda method, path: False
        self.failed: list[str] = []
        self._client = httpx.AsyncClient(base_url=target, timeout=60)
        methods = ["GET", "PUT", "POST", "HEAD", "DELETE"]
        self.app = Starlette(routes=[Route("/{path:path}", self._pass_on, methods=methods)])

    async def _pass_on(self, request: Request) -> Response:
        if self.fails(request.method, request.url.path):
            self.failed.append(request.url.path)
            return Response(status_code=503)
        # The signature covers the host, which the real server checks.
        answer = await self._client.request(
            request.method,
            request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            headers=request.headers.raw,
            content=await request.body(),
        )
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in {"transfer-encoding", "content-encoding", "connection"}
        }
        return Response(answer.content, answer.status_code, headers)


@contextlib.contextmanager
def serve_flaky(flaky: Flaky) -> Iterator[str]:
    """Run the proxy in a thread; gives its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        config = uvicorn.Config(flaky.app, log_level="critical", lifespan="off")
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
