"""The worker process: one job from standard input, JSON lines to standard output.

Kinds of line: `document` (first), `page` (followed by the page's packed body of `size` bytes),
`rendering` (the next step may cost the process its life), `error`, `end` (last). The parent
believes nothing else about this process.
"""

import json
import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, BinaryIO, Protocol

from tools.pdf.confine import budget, confine, cpu_ms, peak_mb

Job = dict[str, Any]


class Emit(Protocol):
    """Writes one line, and after it the bytes that belong to it."""

    def __call__(self, values: dict[str, Any], body: bytes = b"") -> None: ...


def main() -> None:
    """Run the job; exit code 0 when the last line could be written."""
    job = json.loads(sys.stdin.buffer.readline())
    task = _task(job["task"])
    out = _take_stdout()
    confine(job["memory_mb"], job["cpu_seconds"])

    def emit(values: dict[str, Any], body: bytes = b"") -> None:
        line = json.dumps({**values, "size": len(body)}, ensure_ascii=False, separators=(",", ":"))
        out.write(line.encode("utf-8", "replace") + b"\n" + body)
        out.flush()

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        code = "memory" if issubclass(kind, MemoryError) else "crashed"
        detail = "ran out of memory" if code == "memory" else f"failed ({kind.__name__})"
        emit({"kind": "error", "code": code, "detail": detail})

    sys.excepthook = report
    task(job, emit)
    budget(0)
    emit({"kind": "end", "cpu_ms": cpu_ms(), "peak_mb": peak_mb()})


def _task(name: str) -> Callable[[Job, Emit], None]:
    # Imported here so that each kind of worker starts with only what it needs.
    if name == "pdfium":
        from tools.pdf.pdfium_pages import read_pages

        return read_pages
    if name == "pypdf":
        from tools.pdf.pypdf_pages import read_pages as survive

        return survive
    if name == "ocr":
        from tools.pdf.ocr_pages import read_pages as look

        return look
    if name == "camelot":
        from tools.pdf.camelot_pages import find_grids

        return find_grids
    if name == "picture":
        from tools.pdf.draw_page import draw_page

        return draw_page
    raise ValueError(name)


def _take_stdout() -> BinaryIO:
    """Keep the pipe for our lines; whatever a C library prints goes nowhere."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    return pipe
