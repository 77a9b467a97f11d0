"""Looks for tables with the `tables` extra, in one worker that lives as long as its document."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from tools.pdf.camelot_tables import read_grids, tables_of_grids
from tools.pdf.codec import UNPACK_ERRORS, Json, PackedPage, pack
from tools.pdf.limits import ReaderLimits
from tools.pdf.sandbox import Worker, WorkerDiedError

log = structlog.get_logger(__name__)
_CRASHES = 2
"""After so many failures in one document its other pages are left alone."""


def camelot_installed() -> bool:
    """Whether the package of the `tables` extra is there."""
    return find_spec("camelot") is not None


def uses_camelot(limits: ReaderLimits) -> bool:
    """Whether pages are screened and looked at with camelot at all."""
    return limits.camelot and not limits.text_only and camelot_installed()


class CamelotReader:
    """Starts its worker at the first screened page; a page it fails on keeps what it has."""

    def __init__(self, limits: ReaderLimits, stack: AsyncExitStack) -> None:
        """The worker and the folder of page copies end with `stack`."""
        self._limits = limits
        self._stack = stack
        self._copy: Path | None = None
        self._alive = AsyncExitStack()
        self._worker: Worker | None = None
        self._left = limits.camelot_pages
        self._crashes = 0
        self.skipped = 0
        """Pages that passed the screen and were not looked at, for there were too many."""

    async def read(self, page: PackedPage, copy: bytes) -> PackedPage:
        """The page with the tables camelot adds, or as it was; `copy` is a PDF of this page."""
        if self._left <= 0:
            self.skipped += 1
            return page
        if self._crashes >= _CRASHES:
            return page
        self._left -= 1
        try:
            grids = await self._ask(copy)
            return await asyncio.to_thread(_with_tables, page, grids)
        except WorkerDiedError as death:
            reason = death.reason
        except OSError as error:
            reason = f"could not be given the page ({error.strerror})"
        except UNPACK_ERRORS:
            reason = "gave grids that make no sense"
        if self._crashes == 0:
            log.warning("camelot_failed", page=page.number, reason=reason)
        self._crashes += 1
        self._worker = None
        await self._alive.aclose()
        return page

    async def _ask(self, copy: bytes) -> list[Json]:
        if self._copy is None:
            # Made here and not in the worker, which may write no file.
            folder = await asyncio.to_thread(TemporaryDirectory, prefix="isra-")
            self._stack.push_async_callback(asyncio.to_thread, folder.cleanup)
            self._copy = Path(folder.name) / "page.pdf"
        await asyncio.to_thread(self._copy.write_bytes, copy)
        deadline = time.monotonic() + self._limits.camelot_page_seconds
        if self._worker is None:
            self._alive = await self._stack.enter_async_context(AsyncExitStack())
            worker = Worker(self._job(), deadline, more=True)
            self._worker = await self._alive.enter_async_context(worker)
        self._worker.deadline = deadline
        line = await self._worker.ask({"path": str(self._copy)})
        grids: list[Json] = line["page"]["grids"]
        return grids

    def _job(self) -> Json:
        limits = self._limits
        return {
            "task": "camelot",
            "memory_mb": limits.camelot_memory_mb,
            "cpu_seconds": int(limits.camelot_page_seconds) * (limits.camelot_pages + 1),
            "page_cpu_seconds": limits.camelot_page_seconds,
        }


def _with_tables(page: PackedPage, grids: list[Json]) -> PackedPage:
    record = page.record()
    added = tables_of_grids(record, read_grids(record, grids))
    if not added:
        return page
    tables = sorted([*record.tables, *added], key=lambda table: (table.top, table.x0))
    return PackedPage(page.head, pack(replace(record, tables=tuple(tables))).body)
