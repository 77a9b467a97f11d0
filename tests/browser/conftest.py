"""A real server in a process of its own, and a real browser that may call nothing else."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import REPOSITORY, need

SHOTS = REPOSITORY / "build" / "screenshots"
_START_SECONDS = 90
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Server:
    """`isra serve` on a free port with a data folder of its own."""

    data: Path
    options: dict[str, str] = field(default_factory=dict)
    module: str = "app.cli.main"
    """Where its `main` is; tests have one that serves in place of `isra serve`."""
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.data / "isra.db"

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.port = self.port or int(self.options.get("ISRA_PORT", 0)) or free_port()
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self._program()],
                cwd=REPOSITORY,
                env={
                    **os.environ,
                    "ISRA_DATA_DIR": str(self.data),
                    "ISRA_LOCAL_SEARCH": "off",
                    "ISRA_PORT": str(self.port),
                    **self.options,
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.base}/health", timeout=1).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise AssertionError((self.data / "server.log").read_text()[-2000:])

    def _program(self) -> list[str]:
        return ["-c", f"from {self.module} import main; main()", "serve"]

    @contextmanager
    def held_work(self) -> Iterator[None]:
        """The server's workers stand still meanwhile, so that no run can end."""
        try:
            # More than once: the pool may be starting one just now.
            for _ in range(10):
                self._signal_workers(signal.SIGSTOP)
                time.sleep(0.05)
            yield
        finally:
            self._signal_workers(signal.SIGCONT)

    def _signal_workers(self, number: signal.Signals) -> None:
        assert self.process is not None
        pid = self.process.pid
        for child in Path(f"/proc/{pid}/task").glob("*/children"):
            for worker in child.read_text().split():
                # A child that has not begun its own program yet still holds up the server itself.
                with suppress(OSError):
                    if b"spawn_main" in Path(f"/proc/{worker}/cmdline").read_bytes():
                        os.kill(int(worker), number)

    def kill(self) -> None:
        """End it with no chance to tidy up, together with the readers it started."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts servers; ends them all."""
    servers: list[Server] = []

    def start(module: str = "app.cli.main", **options: str) -> Server:
        server = Server(tmp_path_factory.mktemp("server"), options, module)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def server(serve: Callable[..., Server]) -> Server:
    """One server that tests without special wishes share."""
    return serve()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = os.environ.get("ISRA_TEST_CHROMIUM") or shutil.which("chromium")
    need(path is not None, "Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages; at the end none may have called another host or thrown an error."""
    outside: list[str] = []
    errors: list[str] = []

    def opened(**options: object) -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 860}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: _note_outside(request.url, outside))
        return page

    yield opened
    assert outside == [], "the client called other hosts"
    assert errors == [], "the client threw errors"


def _note_outside(url: str, outside: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
        outside.append(url)


def shot(page: Page, name: str) -> None:
    """Keep a picture of the step for a person to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    # Panels slide in; nothing is asserted on a picture.
    page.wait_for_timeout(700)
    page.screenshot(path=SHOTS / f"{name}.png")
