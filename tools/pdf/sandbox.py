"""Starts a confined worker process, streams its lines, and kills its whole group at the end."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
import weakref
from collections.abc import AsyncGenerator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.errors import StorageError
from tools.pdf.limits import usable_cores

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = "import sys;sys.path.insert(0,sys.argv[1]);from tools.pdf.worker import main;main()"
_LONGEST_LINE = 64 * 1024 * 1024
_slots: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
    weakref.WeakKeyDictionary()
)


def core_slot() -> asyncio.Semaphore:
    """One slot a core and event loop; a document holds one while its workers run."""
    loop = asyncio.get_running_loop()
    if loop not in _slots:
        _slots[loop] = asyncio.Semaphore(usable_cores())
    return _slots[loop]


class WorkerDiedError(Exception):
    """The worker ended without its last line; `reason` in words, `code` as in DocumentError."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Worker:
    """One worker process and one job; leaving the context kills its process group."""

    def __init__(self, job: dict[str, Any], deadline: float, *, more: bool = False) -> None:
        """`deadline` is a `time.monotonic()` value; with `more` the worker can be asked again."""
        self._job = job
        self._more = more
        self.deadline = deadline
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-B", "-X", "utf8", "-c", _BOOT, str(_ROOT),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                # No settings, no keys: a document that takes the worker over finds none.
                env={"PATH": os.defpath, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                limit=_LONGEST_LINE,
            )  # fmt: skip
        except OSError as error:
            raise StorageError("No worker process could be started.", str(error)) from error
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(self._job).encode() + b"\n")
        if not self._more:
            self._process.stdin.close()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())

    async def lines(self) -> AsyncGenerator[dict[str, Any], None]:
        """Each line as a dict. Raises WorkerDiedError where the last one is missing."""
        while True:
            values = await self._line()
            yield values
            if values["kind"] == "end":
                return

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The next page line after one more line to the worker. Raises WorkerDiedError."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        line = await self._line()
        if line["kind"] != "page":
            raise WorkerDiedError(line.get("detail", "gave no page"), "crashed")
        return line

    async def _line(self) -> dict[str, Any]:
        assert self._process is not None and self._process.stdout is not None
        out = self._process.stdout
        try:
            async with asyncio.timeout(self.deadline - time.monotonic()):
                values: dict[str, Any] = json.loads(await out.readuntil())
                if values["size"]:
                    values["body"] = await out.readexactly(values["size"])
            values["kind"]
        except TimeoutError:
            raise WorkerDiedError("took longer than the time limit", "deadline") from None
        except asyncio.LimitOverrunError:
            raise WorkerDiedError("gave a page too large to take", "memory") from None
        except asyncio.IncompleteReadError:
            raise await self._death() from None
        except (ValueError, TypeError, KeyError):
            raise WorkerDiedError("gave lines that make no sense", "crashed") from None
        return values

    async def _death(self) -> WorkerDiedError:
        assert self._process is not None
        code = await self._process.wait()
        if code in (-signal.SIGPROF, -signal.SIGXCPU):
            return WorkerDiedError("took more processor time than the limit", "deadline")
        if code == -signal.SIGKILL:
            return WorkerDiedError("was ended from outside", "crashed")
        return WorkerDiedError("broke the PDF engine or its memory limit", "crashed")
