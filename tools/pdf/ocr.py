"""Reads scanned pages with the `ocr` extra, in one worker that lives as long as its document."""

import time
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path

from tools.pdf.codec import Json, PackedPage
from tools.pdf.limits import ReaderLimits
from tools.pdf.sandbox import Worker, WorkerDiedError

_KEPT = ("label", "hidden", "image")
"""What the drawing of a page does not tell better than its file."""


def ocr_installed() -> bool:
    """Whether the packages of the `ocr` extra are there."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


class OcrReader:
    """Starts its worker at the first scanned page; a page it fails on stays unreadable."""

    def __init__(
        self, path: Path, limits: ReaderLimits, password: str | None, stack: AsyncExitStack
    ) -> None:
        """The worker ends with `stack`."""
        self._path = path
        self._limits = limits
        self._password = password
        self._stack = stack
        self._worker: Worker | None = None
        self._left = limits.ocr_pages if limits.ocr and ocr_installed() else 0

    async def read(self, page: PackedPage, peak_mb: float) -> tuple[PackedPage, float]:
        """The page with the text OCR found, or as it was; and the peak memory with it."""
        if self._left <= 0:
            return page, peak_mb
        self._left -= 1
        deadline = time.monotonic() + self._limits.ocr_page_seconds
        try:
            if self._worker is None:
                self._worker = await self._stack.enter_async_context(
                    Worker(self._job(), deadline, more=True)
                )
            self._worker.deadline = deadline
            line = await self._worker.ask({"page": page.number})
        except WorkerDiedError as death:
            self._left = 0
            warnings = [*page.head.get("warnings", ()), f"OCR {death.reason}"]
            return PackedPage({**page.head, "warnings": warnings}, page.body), peak_mb
        kept: Json = {key: page.head[key] for key in _KEPT if key in page.head}
        seen = PackedPage({**line["page"], **kept}, line.get("body", b""))
        return seen, max(peak_mb, line["peak_mb"])

    def _job(self) -> dict[str, object]:
        return {
            "task": "ocr",
            "path": str(self._path.absolute()),
            "password": self._password,
            "memory_mb": self._limits.ocr_memory_mb,
            "cpu_seconds": int(self._limits.ocr_page_seconds) * (self._limits.ocr_pages + 1),
            "page_cpu_seconds": self._limits.ocr_page_seconds,
            "page_characters": self._limits.page_characters,
        }
