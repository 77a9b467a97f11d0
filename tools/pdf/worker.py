"""The worker process: one job from standard input, JSON lines to standard output.

Kinds of line: `document` (first), `page`, `begin` (before a step that may kill the process),
`end` (last) or `error`. The parent believes nothing else about this process.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from tools.pdf.confine import budget, confine, cpu_ms, peak_mb

Emit = Callable[[dict[str, Any]], None]


def main() -> None:
    """Run the job; exit code 0 when the last line could be written."""
    job = json.loads(sys.stdin.buffer.readline())
    task = _task(job["task"])
    out = _take_stdout()
    confine(job["memory_mb"], job["cpu_seconds"])

    def emit(values: dict[str, Any]) -> None:
        line = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        out.write(line.encode("utf-8", "replace") + b"\n")
        out.flush()

    try:
        task(job, emit)
    except MemoryError:
        emit({"kind": "error", "code": "memory", "detail": "out of memory"})
    budget(0)
    emit({"kind": "end", "cpu_ms": cpu_ms(), "peak_mb": peak_mb()})


def _task(name: str) -> Callable[[dict[str, Any], Emit], None]:
    # Imported here so that each kind of worker starts with only what it needs.
    if name == "pdfium":
        from tools.pdf.pdfium_pages import read_pages

        return read_pages
    if name == "pypdf":
        from tools.pdf.pypdf_pages import read_pages as survive

        return survive
    raise ValueError(name)


def _take_stdout() -> BinaryIO:
    """Keep the pipe for our lines; whatever a C library prints goes nowhere."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    return pipe
