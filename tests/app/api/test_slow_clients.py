"""Clients that send too slowly or too much head: answered or let go, and nobody else waits."""

import asyncio
import socket

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app import guard, serving
from app.guard import Guard, GuardOptions
from tests.app.api.conftest import Api

HEAD = b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n"


def connect(api: Api) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", api.server.port), timeout=10)
    made.sendall(HEAD)
    return made


def test_half_sent_requests_keep_nobody_waiting(api: Api) -> None:
    slow = [connect(api) for _ in range(200)]
    for one in slow:
        one.sendall(b"x-more: ")
    assert api.root.get("/healthz").text == "ok"
    for one in slow:
        one.close()


def test_an_oversized_head_is_answered(api: Api) -> None:
    with connect(api) as one:
        one.sendall(b"x-big: " + b"a" * (serving.MOST_HEAD_BYTES + 1000))
        assert one.recv(100).startswith(b"HTTP/1.1 400")
    answer = api.root.get("/healthz", headers={"x-big": "a" * 20_000})
    assert answer.is_success


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def serve(patience: pytest.MonkeyPatch) -> tuple[uvicorn.Server, asyncio.Task[None], int]:
    patience.setattr(serving, "HEAD_SECONDS", 0.2)
    patience.setattr(guard, "_BODY_SECONDS", 0.2)
    inner = Starlette(routes=[Route("/healthz", echo, methods=["GET", "POST"])])
    config = uvicorn.Config(
        Guard(inner, GuardOptions()), port=0, log_config=None, http=serving.PatientProtocol
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    return server, task, server.servers[0].sockets[0].getsockname()[1]


async def test_a_head_that_does_not_end_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    server, task, port = await serve(monkeypatch)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD)
    first = await asyncio.wait_for(reader.read(), 10)
    assert first.startswith(b"HTTP/1.1 408")
    writer.close()

    # The second request of a connection has no more time than the first.
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"\r\n")
    whole = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n0"), 10)
    assert whole.startswith(b"HTTP/1.1 200")
    writer.write(HEAD)
    assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 408")
    writer.close()
    server.should_exit = True
    await task


async def test_a_body_that_does_not_come_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    server, task, port = await serve(monkeypatch)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD.replace(b"GET", b"POST") + b"content-length: 100\r\n\r\nabc")
    assert (await asyncio.wait_for(reader.read(100), 10)).startswith(b"HTTP/1.1 408")
    writer.close()
    async with httpx.AsyncClient() as client:
        whole = await client.post(f"http://127.0.0.1:{port}/healthz", content=b"x" * 100)
    assert whole.text == "100"
    server.should_exit = True
    await task
