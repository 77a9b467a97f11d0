"""The report library: PDFs by sha256, each read once into a bundle that everyone shares."""

import asyncio
import hashlib
import json
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from functools import lru_cache
from pathlib import Path, PurePosixPath

from filelock import AsyncFileLock

from agent import metrics
from agent.errors import DocumentError, IsraError, NotFoundError
from agent.logs import get_logger
from agent.memory.blobs import BlobStore, FolderBlobs
from tools.library.bundle import Bundle, BundleWriter
from tools.library.embedding import embedding_installed
from tools.library.pictures import PictureCache
from tools.library.vectors import make_vectors, vectors_path
from tools.pdf.check import check_file
from tools.pdf.codec import PackedPage
from tools.pdf.limits import DEFAULT_LIMITS, ReaderLimits
from tools.pdf.page import PageRecord
from tools.pdf.picture import Picture
from tools.pdf.reader import PdfReading, reader_version
from tools.workers import CpuWorkers

log = get_logger(__name__)

_BATCH = 16


class ReportLibrary:
    """Adds, reads and opens reports.

    `root` holds locks and work files (and, without another `blobs`, the files themselves). With
    `local_search`, pages are also found by meaning where the extra of that name is installed.
    """

    def __init__(
        self,
        root: Path,
        limits: ReaderLimits = DEFAULT_LIMITS,
        *,
        blobs: BlobStore | None = None,
        local_search: bool = False,
    ) -> None:
        self._root = root
        self._local_search = local_search
        self._limits = limits
        self._blobs: BlobStore = blobs or FolderBlobs(root)
        self._version = reader_version(limits)
        self._pictures = PictureCache(root / "pictures")

    async def add(self, path: Path) -> str:
        """Store a PDF and give its sha256; a file already stored is not stored again.

        Raises DocumentError (empty, web_page, not_pdf, too_large), InputError (no such file).
        """
        await asyncio.to_thread(check_file, path, self._limits.max_mb)
        sha256 = await asyncio.to_thread(_digest, path)
        if not await self._blobs.exists(_pdf_key(sha256)):
            await self._put_name(sha256, path.name)
            await self._blobs.put_file(_pdf_key(sha256), path)
        return sha256

    async def read(
        self,
        sha256: str,
        on_page: Callable[[PageRecord], None] | None = None,
        *,
        password: str | None = None,
    ) -> Bundle:
        """The report's bundle; reads the PDF when nobody has yet.

        Two callers at the same moment, also in two processes, wait for one reading; `on_page`
        is called only in the one that reads. Raises NotFoundError, DocumentError, StorageError.
        """
        key = _bundle_key(sha256, self._version)
        known = await self._blobs.exists(key)
        metrics.count("CacheHits" if known else "CacheMisses", Cache="reports")
        if not known:
            lock = self._root / "locks" / f"{sha256}.lock"
            await asyncio.to_thread(lock.parent.mkdir, parents=True, exist_ok=True)
            async with AsyncFileLock(lock, preserve_lock_file=True):
                if not await self._blobs.exists(key):
                    await self._make_bundle(sha256, key, on_page, password)
        if self._local_search:
            await self._add_vectors(sha256)
        return await self.open(sha256)

    async def open(self, sha256: str) -> Bundle:
        """The bundle of a report that has been read. Raises NotFoundError."""
        key = _bundle_key(sha256, self._version)
        path = await self._blobs.get_path(key)
        vectors = _vectors_key(key)
        if self._local_search and await self._blobs.exists(vectors):
            # A store that keeps its files elsewhere lays them beside each other here.
            await self._blobs.get_path(vectors)
        return await asyncio.to_thread(Bundle.open, path, by_meaning=self._local_search)

    async def _add_vectors(self, sha256: str) -> None:
        """Make the bundle's vectors in a process, once; without them pages are found by words."""
        if not embedding_installed():
            _say_once("the local-search extra is not installed")
            return
        key = _bundle_key(sha256, self._version)
        target = _vectors_key(key)
        if await self._blobs.exists(target):
            return
        part = self._root / "work" / f"{Path(target).name}.part"
        async with AsyncFileLock(self._root / "locks" / f"{sha256}.lock", preserve_lock_file=True):
            if await self._blobs.exists(target):
                return
            workers = CpuWorkers(1)
            try:
                await workers.run(make_vectors, await self._blobs.get_path(key), part)
                await self._blobs.put_file(target, part)
            except IsraError as error:
                _say_once(str(error))
            finally:
                workers.close()
                await asyncio.to_thread(part.unlink, missing_ok=True)

    async def picture(
        self, sha256: str, page: int, quote: str | None = None, *, crop: bool = False
    ) -> Picture:
        """The page as a picture with the quote marked; `crop` shows only what is around it.

        Raises NotFoundError (report or page), DocumentError (the page cannot be drawn).
        """
        pdf = await self.pdf_path(sha256)
        return await self._pictures.get(sha256, pdf, page, quote, crop=crop, limits=self._limits)

    async def pdf_path(self, sha256: str) -> Path:
        """A local file of the PDF. Raises NotFoundError."""
        return await self._blobs.get_path(_pdf_key(sha256))

    async def _make_bundle(
        self,
        sha256: str,
        key: str,
        on_page: Callable[[PageRecord], None] | None,
        password: str | None,
    ) -> None:
        pdf = await self.pdf_path(sha256)
        name = await self._name(sha256)
        # One name for each bundle: what a killed process left is overwritten by the next.
        part = self._root / "work" / f"{sha256}-{self._version}.part"
        reading = PdfReading(pdf, self._limits, password, name=name)
        writer = await asyncio.to_thread(BundleWriter, part)
        try:
            batch: list[PackedPage] = []
            async with aclosing(reading.pages()) as pages:
                async for page in pages:
                    if on_page is not None:
                        on_page(page.record())
                    batch.append(page)
                    if len(batch) == _BATCH:
                        await asyncio.to_thread(writer.add, batch)
                        batch = []
            await asyncio.to_thread(writer.add, batch)
            await asyncio.to_thread(writer.finish, sha256, name, self._version, reading.result())
            await self._blobs.put_file(key, part)
        finally:
            await asyncio.to_thread(writer.abandon)
            await asyncio.to_thread(part.unlink, missing_ok=True)

    async def _put_name(self, sha256: str, name: str) -> None:
        folder = await asyncio.to_thread(tempfile.TemporaryDirectory)
        try:
            note = Path(folder.name) / "name.json"
            await asyncio.to_thread(note.write_text, json.dumps({"file": name}), encoding="utf-8")
            await self._blobs.put_file(_name_key(sha256), note)
        finally:
            await asyncio.to_thread(folder.cleanup)

    async def _name(self, sha256: str) -> str:
        try:
            note = await self._blobs.get_path(_name_key(sha256))
        except NotFoundError:
            return f"{sha256[:12]}.pdf"
        text = await asyncio.to_thread(note.read_text, encoding="utf-8")
        return str(json.loads(text)["file"])


@lru_cache(maxsize=8)
def _say_once(reason: str) -> None:
    log.info("pages_found_by_words_alone", reason=reason)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pdf_key(sha256: str) -> str:
    return f"pdf/{_checked(sha256)}.pdf"


def _name_key(sha256: str) -> str:
    return f"pdf/{_checked(sha256)}.json"


def _bundle_key(sha256: str, version: str) -> str:
    return f"bundles/{_checked(sha256)}-{version}.sqlite"


def _vectors_key(bundle_key: str) -> str:
    return str(PurePosixPath(bundle_key).parent / vectors_path(Path(bundle_key)).name)


def _checked(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise DocumentError(f"{sha256[:80]!r} is no sha256.", code="not_pdf")
    return sha256
