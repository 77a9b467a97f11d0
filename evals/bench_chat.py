"""How the chat server holds up: start, memory with many open chats, first sign of progress.

`python -m evals.bench_chat [--chats 200] [--runs 20] [--seconds 900]` starts `isra serve` with a
data folder of its own, opens chats over websockets as a browser does, starts analyses of the
sample library in some of them, and prints a table. Times depend on the machine; nothing here is
asserted.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import socketio  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table

_OUT = Path("build/bench/chat.json")
_START_SECONDS = 180
_RUN_SECONDS = 900
_ALONE = 5
_QUESTION = "Analyse the sample cement industry"


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers others read."""

    first_page_s: float
    first_page_cpu_s: float
    open_chats: int
    running: int
    finished: int
    peak_mb: int
    first_progress_ms: float
    """Median over messages sent one after the other, the other chats open."""
    first_progress_at_once_ms: float
    """Median over all other messages, sent in the same moment."""


class Chat:
    """One browser's worth of a chat: a session, a socket, what came over it."""

    def __init__(self, base: str, cookie: str) -> None:
        self._base = base
        self._cookie = cookie
        self.session = str(uuid.uuid4())
        self.client = socketio.AsyncClient(reconnection=False)
        self.first_sign = asyncio.Event()
        self.review: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.finished = asyncio.Event()
        self.client.on("new_message", self._on_message)
        self.client.on("element", self._on_element)

    async def open(self) -> None:
        """Connect as the browser's client does."""
        await self.client.connect(
            self._base,
            headers={"Cookie": f"access_token={self._cookie}"},
            socketio_path="/ws/socket.io",
            transports=["websocket"],
            auth={"clientType": "webapp", "sessionId": self.session, "userEnv": "{}"},
        )
        await self.client.emit("connection_successful")

    async def ask(self, text: str) -> float:
        """Send a message; milliseconds until anything is shown for it."""
        message = {
            "id": str(uuid.uuid4()),
            "threadId": "",
            "name": "local",
            "type": "user_message",
            "output": text,
            "createdAt": datetime.now(UTC).isoformat(),
            "metadata": {},
        }
        started = time.perf_counter()
        await self.client.emit("client_message", {"message": message, "fileReferences": []})
        await self.first_sign.wait()
        return (time.perf_counter() - started) * 1000

    async def confirm(self, web: httpx.AsyncClient) -> None:
        """Confirm the proposed companies."""
        card = await self.review
        action = {
            "name": "confirm_companies",
            "payload": {"analysis_id": card["analysis_id"], "companies": card["companies"]},
        }
        answer = await web.post(
            "/project/action", json={"action": action, "sessionId": self.session}, timeout=60
        )
        answer.raise_for_status()

    def _on_message(self, step: dict[str, Any]) -> None:
        if step["type"] == "assistant_message":
            self.first_sign.set()

    def _on_element(self, element: dict[str, Any]) -> None:
        if element["name"] == "CompanyReview" and not self.review.done():
            self.review.set_result(element["props"])
        if element["name"] == "AnalysisResult":
            self.finished.set()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int) -> int:
    """The most memory a process has held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


async def measure(chats: int, runs: int, seconds: float, folder: str) -> Measured:
    """Start a server, load it, read its numbers."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    server = subprocess.Popen(  # noqa: ASYNC220 - starts once, before anything else runs
        [sys.executable, "-c", "from app.cli.main import main; main()", "serve"],
        env={
            **os.environ,
            "ISRA_DATA_DIR": folder,
            "ISRA_PORT": str(port),
            "ISRA_LOCAL_SEARCH": "off",
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        async with AsyncExitStack() as stack:
            web = await stack.enter_async_context(httpx.AsyncClient(base_url=base))
            await first_page(web, server)
            first_s, first_cpu = time.perf_counter() - started, cpu_seconds(server.pid)
            opened = [Chat(base, web.cookies["access_token"]) for _ in range(chats)]
            for chat in opened:
                await chat.open()
                stack.push_async_callback(chat.client.disconnect)
            alone = [await chat.ask(_QUESTION) for chat in opened[: min(_ALONE, runs)]]
            rest = opened[len(alone) : runs]
            at_once = await asyncio.gather(*(chat.ask(_QUESTION) for chat in rest))
            await asyncio.gather(*(chat.confirm(web) for chat in opened[:runs]))
            # What is not finished by then still counts as running.
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await asyncio.gather(*(chat.finished.wait() for chat in opened[:runs]))
            return Measured(
                first_page_s=round(first_s, 1),
                first_page_cpu_s=round(first_cpu, 1),
                open_chats=chats,
                running=runs,
                finished=sum(chat.finished.is_set() for chat in opened),
                peak_mb=peak_mb(server.pid),
                first_progress_ms=_median(alone),
                first_progress_at_once_ms=_median(at_once),
            )
    finally:
        server.terminate()
        server.wait(30)


def _median(values: Sequence[float]) -> int:
    return round(sorted(values)[len(values) // 2]) if values else 0


async def first_page(web: httpx.AsyncClient, server: subprocess.Popen[bytes]) -> None:
    """Wait until the page is served, with what its client asks for first."""
    async with asyncio.timeout(_START_SECONDS):
        while True:
            try:
                (await web.get("/")).raise_for_status()
                (await web.get("/project/settings")).raise_for_status()
                return
            except httpx.TransportError:
                if server.poll() is not None:
                    raise
                await asyncio.sleep(0.05)


def main() -> None:
    """Measure, print and write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=_RUN_SECONDS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = asyncio.run(measure(arguments.chats, arguments.runs, arguments.seconds, folder))
    table = Table("measure", "value")
    for name, value in asdict(measured).items():
        table.add_row(name, str(value))
    Console().print(table)
    _OUT.parent.mkdir(parents=True, exist_ok=True)
    _OUT.write_text(json.dumps(asdict(measured), indent=1))


if __name__ == "__main__":
    main()
