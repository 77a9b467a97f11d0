"""A client that comes back after its line was dead, which the server had not noticed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from evals.bench_chat import Chat
from tests.browser.conftest import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "data", {"ISRA_COMPANIES": "1"})
    try:
        started.start()
        yield started
    finally:
        started.kill()


async def test_a_result_sent_into_a_dead_line_is_sent_again(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.base) as web, asyncio.timeout(150):
        await web.get("/")
        await web.get("/project/settings")
        gone = Chat(server.base, web.cookies["access_token"])
        await gone.open()
        await gone.ask("Analyse the sample cement industry")
        await gone.confirm(web)
        await gone.finished.wait()
        # To the server the first line is open all the while, as one that died unnoticed.
        back = Chat(server.base, web.cookies["access_token"])
        back.session = gone.session
        await back.open()
        await back.finished.wait()
        for chat in (back, gone):
            await chat.client.disconnect()
