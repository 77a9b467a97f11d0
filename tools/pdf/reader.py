"""Reads a PDF page by page in sandboxed workers; a bad page costs that page, not the report.

Way of a page: pdfium; where that dies on it, pypdf under strict limits; where that dies too, a
record that says the page is lost and why. A scanned page is read by OCR where that is installed;
camelot looks for tables on pages that pass a screen where that is installed and wanted.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from agent.errors import DocumentError
from tools.pdf.camelot_reader import CamelotReader, uses_camelot
from tools.pdf.check import check_file, end_is_missing
from tools.pdf.codec import PackedPage, pack
from tools.pdf.limits import DEFAULT_LIMITS, ReaderLimits
from tools.pdf.ocr import OcrReader, ocr_installed
from tools.pdf.page import PageRecord
from tools.pdf.sandbox import Worker, WorkerDiedError, core_slot

READER_VERSION = "6"
"""Part of a bundle's name: raise it whenever the same PDF would give another record or index."""
Engine = Literal["pdfium", "pypdf"]


def reader_version(limits: ReaderLimits) -> str:
    """The version of what this reader gives, which differs with and without OCR and camelot."""
    ocr = "-ocr" if limits.ocr and ocr_installed() else ""
    return f"{READER_VERSION}{ocr}{'-camelot' if uses_camelot(limits) else ''}"


@dataclass(frozen=True, slots=True)
class LostPage:
    """A page that could not be read, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What reading a document came to; the pages themselves went to `on_page`.

    `seconds` is wall time, `cpu_ms` CPU time of the workers that ended well, `peak_mb` the
    largest worker. `unreadable` are scanned pages nobody read, `hidden` pages with hidden text.
    """

    file: str
    pages: int
    characters: int
    seconds: float
    cpu_ms: float
    peak_mb: float
    warnings: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    lost: tuple[LostPage, ...] = ()
    unreadable: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()


async def read_pdf(
    path: Path,
    *,
    limits: ReaderLimits = DEFAULT_LIMITS,
    password: str | None = None,
    on_page: Callable[[PageRecord], None] | None = None,
) -> ReadResult:
    """Read every page; `on_page` gets each record as soon as it is there, in page order.

    Raises DocumentError where no page can be read, InputError where there is no file.
    """
    reading = PdfReading(path, limits, password)
    async with aclosing(reading.pages()) as pages:
        async for page in pages:
            if on_page is not None:
                on_page(page.record())
    return reading.result()


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of pages for one worker; `last` 0 means to the end, `bare` without drawing."""

    engine: Engine
    first: int
    last: int = 0
    bare: bool = False


class PdfReading:
    """One reading of one document: iterate `pages()`, then ask for `result()`."""

    def __init__(
        self, path: Path, limits: ReaderLimits, password: str | None = None, name: str = ""
    ) -> None:
        """`name` is what messages call the file; its own name where empty."""
        self._path = path
        self._name = name or path.name
        self._limits = limits
        self._password = password
        self._started = time.monotonic()
        self._deadline = 0.0
        self._cut_off = False
        self._total = 0
        self._next = 1
        self._rendering = False
        self._copy = b""
        self._crashes = {"pdfium": 0, "pypdf": 0}
        self._metadata: dict[str, str] = {}
        self._warnings: list[str] = []
        self._lost: list[LostPage] = []
        self._unreadable: list[int] = []
        self._hidden: list[int] = []
        self._any_text = False
        self._characters = 0
        self._cpu_ms = 0.0
        self._peak_mb = 0.0

    async def pages(self) -> AsyncGenerator[PackedPage, None]:
        """Every page in order, lost ones as records that say so. Use with `aclosing`."""
        await asyncio.to_thread(check_file, self._path, self._limits.max_mb)
        self._cut_off = await asyncio.to_thread(end_is_missing, self._path)
        if self._cut_off:
            self._warnings.append("The end of the file is missing: it seems to be cut off.")
        async with core_slot(), AsyncExitStack() as stack:
            self._started = time.monotonic()
            self._deadline = self._started + self._limits.seconds
            ocr = OcrReader(self._path, self._limits, self._password, stack)
            camelot = CamelotReader(self._limits, stack)
            left: _Segment | None = _Segment("pdfium", 1)
            while left is not None:
                segment = left
                try:
                    async with aclosing(self._run(segment)) as pages:
                        async for page in pages:
                            if page.head.get("unreadable"):
                                page = await self._read_scan(ocr, page)  # noqa: PLW2901
                            elif self._copy:
                                page = await self._look_again(camelot, page)  # noqa: PLW2901
                            yield self._counted(page)
                    left = self._following(segment)
                except WorkerDiedError as death:
                    left, losses = self._after(death, segment)
                    for page in losses:
                        yield self._counted(page)
        if camelot.skipped:
            self._warnings.append(
                f"{camelot.skipped} more pages look like tables and were not read by camelot: "
                f"it reads {self._limits.camelot_pages} pages of a document."
            )
        if len(self._lost) == self._total:
            raise self._failure("crashed", self._lost[0].reason)
        if not self._any_text and not self._unreadable:
            raise self._failure("no_text", "none of its pages has text to be seen")

    def result(self) -> ReadResult:
        """What the reading came to; call it when `pages()` is exhausted."""
        return ReadResult(
            file=self._name,
            pages=self._total,
            characters=self._characters,
            seconds=time.monotonic() - self._started,
            cpu_ms=self._cpu_ms,
            peak_mb=self._peak_mb,
            warnings=tuple(self._warnings),
            metadata=self._metadata,
            lost=tuple(self._lost),
            unreadable=tuple(self._unreadable),
            hidden=tuple(self._hidden),
        )

    async def _run(self, segment: _Segment) -> AsyncGenerator[PackedPage, None]:
        """Pages of one worker. Raises WorkerDiedError, DocumentError for the whole document."""
        self._rendering, self._copy = False, b""
        async with Worker(self._job(segment), self._deadline) as worker:
            async for line in worker.lines():
                kind = line["kind"]
                if kind == "page":
                    self._rendering = False
                    self._peak_mb = max(self._peak_mb, line["peak_mb"])
                    yield self._page(line)
                    self._copy = b""
                elif kind == "document":
                    self._open(line)
                elif kind == "rendering":
                    self._rendering = True
                elif kind == "copy":
                    self._copy = line.get("body", b"")
                elif kind == "end":
                    self._cpu_ms += line["cpu_ms"]
                elif self._total:
                    raise WorkerDiedError(line["detail"], line["code"])
                else:
                    self._refuse(line["code"], segment.engine)
                worker.deadline = self._deadline
        if self._total == 0:
            raise WorkerDiedError("gave no pages", "crashed")

    def _job(self, segment: _Segment) -> dict[str, Any]:
        limits = self._limits
        return {
            "task": segment.engine,
            "path": str(self._path.absolute()),
            "password": self._password,
            "first": segment.first,
            "last": segment.last,
            "bare": segment.bare,
            "max_pages": limits.max_pages,
            "memory_mb": limits.memory_mb,
            "cpu_seconds": limits.cpu_seconds,
            "page_cpu_seconds": limits.page_cpu_seconds,
            "page_characters": limits.page_characters,
            "text_only": limits.text_only,
            "screen": uses_camelot(limits),
        }

    def _open(self, line: dict[str, Any]) -> None:
        count = int(line["pages"])
        if count < 1:
            raise self._failure("no_pages", "it has no pages")
        if count > self._limits.max_pages:
            raise DocumentError(
                f"{self._name} has {count:,} pages, more than the limit of "
                f"{self._limits.max_pages:,}.",
                "Raise ISRA_MAX_PDF_PAGES to read it.",
                code="too_many_pages",
            )
        self._total = self._total or count
        self._metadata = self._metadata or dict(line["metadata"])

    def _page(self, line: dict[str, Any]) -> PackedPage:
        page = PackedPage(line["page"], line.get("body", b""))
        if page.number != self._next or page.number > self._total:
            raise WorkerDiedError("gave a page nobody asked for", "crashed")
        return page

    async def _read_scan(self, ocr: OcrReader, page: PackedPage) -> PackedPage:
        """The page as OCR reads it; that time does not count against the deadline."""
        started = time.monotonic()
        seen, self._peak_mb = await ocr.read(page, self._peak_mb)
        self._deadline += time.monotonic() - started
        return seen

    async def _look_again(self, camelot: CamelotReader, page: PackedPage) -> PackedPage:
        """The page with camelot's tables; that time does not count against the deadline."""
        started = time.monotonic()
        seen = await camelot.read(page, self._copy)
        self._deadline += time.monotonic() - started
        return seen

    def _counted(self, page: PackedPage) -> PackedPage:
        number, head = page.number, page.head
        self._next = number + 1
        self._characters += len(page.text)
        self._any_text = self._any_text or bool(page.text.strip())
        if head.get("lost"):
            self._lost.append(LostPage(number, head["lost"]))
            self._warnings.append(f"Page {number} is lost: {head['lost']}.")
        if head.get("unreadable"):
            self._unreadable.append(number)
        if head.get("hidden"):
            self._hidden.append(number)
        self._warnings.extend(f"Page {number}: {text}." for text in head.get("warnings", ()))
        return page

    def _following(self, done: _Segment) -> _Segment | None:
        """What is left after a worker that ended well."""
        if self._next > self._total:
            return None
        return _Segment(done.engine if done.last == 0 else "pdfium", self._next)

    def _after(
        self, death: WorkerDiedError, segment: _Segment
    ) -> tuple[_Segment | None, Iterator[PackedPage]]:
        """What to do after a worker died, and the pages that are lost by it."""
        engine, page = segment.engine, self._next
        self._crashes[engine] += 1
        spent = self._crashes[engine] > self._limits.crashes
        late = time.monotonic() >= self._deadline
        if self._total == 0:
            if engine == "pypdf" or late:
                raise self._failure(death.code, death.reason)
            return _Segment("pypdf", 1), iter(())
        if late or (engine == "pypdf" and spent):
            return None, self._lose(self._total, death.reason)
        if engine == "pypdf":
            rest: Engine = "pypdf" if segment.last == 0 else "pdfium"
            following = _Segment(rest, page + 1) if page < self._total else None
            return following, self._lose(page, death.reason)
        if self._rendering and not segment.bare:
            self._warnings.append(f"Page {page} could not be drawn to look for hidden text.")
            return _Segment("pdfium", page, bare=True), iter(())
        self._warnings.append(f"Page {page} was read without tables: pdfium {death.reason}.")
        return _Segment("pypdf", page, 0 if spent else page), iter(())

    def _lose(self, last: int, reason: str) -> Iterator[PackedPage]:
        for number in range(self._next, last + 1):
            yield pack(PageRecord(number, 0.0, 0.0, "", lost=f"reading it {reason}"))

    def _refuse(self, code: str, engine: str) -> None:
        """Turn a worker's word on the whole document into an error, or try the other engine."""
        if code == "password" and self._password:
            raise DocumentError(
                f"The password given does not open {self._name}.",
                "Check ISRA_PDF_PASSWORD.",
                code="password",
            )
        if code == "password":
            raise DocumentError(
                f"{self._name} is protected by a password.",
                "Set ISRA_PDF_PASSWORD to the password, or take an unprotected copy.",
                code="password",
            )
        if engine == "pdfium":
            raise WorkerDiedError("found it damaged", code)
        raise self._failure(code, "it is damaged")

    def _failure(self, code: str, why: str) -> DocumentError:
        if self._cut_off and code != "deadline":
            return DocumentError(
                f"{self._name} is cut off, its end is missing: {why}.",
                "Download it again.",
                code="truncated",
            )
        return DocumentError(
            f"{self._name} cannot be read: {why}.",
            "Try another copy of it.",
            code="not_pdf" if code == "damaged" else code,
        )
