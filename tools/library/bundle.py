"""One report as the reader saw it: an immutable SQLite file, openable in any process."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.domain.base import Noun
from agent.errors import NotFoundError, StorageError
from tools.library.find import Hit, PageFinder
from tools.library.fusion import POOL, fuse
from tools.library.stems import TOKENIZER
from tools.library.vectors import PageVectors, vectors_path
from tools.pdf.codec import UNPACK_ERRORS, PackedPage
from tools.pdf.page import PageRecord
from tools.pdf.reader import ReadResult

_SCHEMA = f"""
CREATE TABLE info (document TEXT NOT NULL);
CREATE TABLE pages (
    number INTEGER PRIMARY KEY, text TEXT NOT NULL, head TEXT NOT NULL, body BLOB NOT NULL,
    words INTEGER NOT NULL, numbers REAL NOT NULL, listing INTEGER NOT NULL
);
CREATE VIRTUAL TABLE texts USING fts5 (
    headings, body, figures, content = "", tokenize = "{TOKENIZER}"
);
"""
_RUNNING, _RUNNING_SHARE = 3, 0.25
"""Pages a heading may stand on and still be one: this many, or this share of all."""
_SELECT = "SELECT text, head, body FROM pages"


class BundleInfo(Noun):
    """About the reading: `file` is the name the PDF came under, `metadata` the PDF's own."""

    sha256: str
    file: str
    pages: int
    reader_version: str
    characters: int
    seconds: float
    cpu_ms: float
    peak_mb: float
    warnings: tuple[str, ...]
    metadata: dict[str, str]
    lost: tuple[tuple[int, str], ...]
    unreadable: tuple[int, ...]
    hidden: tuple[int, ...]


class Bundle:
    """Read-only and safe to share between threads; every call is short and synchronous."""

    def __init__(self, path: Path, *, by_meaning: bool = True) -> None:
        """`by_meaning` false leaves the vectors beside the bundle alone."""
        self._by_meaning = by_meaning
        self._database = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        (document,) = self._database.execute("SELECT document FROM info").fetchone()
        self.path = path
        self.info = BundleInfo.model_validate_json(document)
        self.sha256 = self.info.sha256
        self.page_count = self.info.pages

    @classmethod
    def open(cls, path: Path, *, by_meaning: bool = True) -> Self:
        """Open a bundle file. Raises NotFoundError, or StorageError where it is none."""
        if not path.is_file():
            raise NotFoundError(f"There is no bundle {path.name}.")
        try:
            return cls(path, by_meaning=by_meaning)
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            raise StorageError(f"{path.name} is not a bundle of this version.") from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def page(self, number: int) -> PageRecord:
        """The record of one page (1-based). Raises NotFoundError."""
        row = self._database.execute(f"{_SELECT} WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise NotFoundError(f"{self.info.file} has no page {number}.")
        return self._record(row)

    def pages(self) -> Iterator[PageRecord]:
        """All pages in order."""
        for row in self._database.execute(f"{_SELECT} ORDER BY number"):
            yield self._record(row)

    def texts(self) -> Iterator[tuple[int, str]]:
        """Page numbers and texts in order, without the cost of rows and tables."""
        yield from self._database.execute("SELECT number, text FROM pages ORDER BY number")

    def find(self, question: str, k: int = 10) -> list[Hit]:
        """The `k` pages that answer `question` best, best first.

        By words, and where the bundle has vectors (`local-search` extra) by meaning as well.
        """
        finder = self._finder
        if self._vectors is None:
            return finder.find(question, k)
        near = self._vectors.rank(question, POOL, finder.listings(question))
        return fuse(finder.find(question, POOL), near, k, finder.first_words)

    @cached_property
    def _finder(self) -> PageFinder:
        return PageFinder(self._database)

    @cached_property
    def _vectors(self) -> PageVectors | None:
        return PageVectors.open(vectors_path(self.path)) if self._by_meaning else None

    def _record(self, row: tuple[str, str, bytes]) -> PageRecord:
        text, head, body = row
        try:
            return PackedPage({**json.loads(head), "t": text}, body).record()
        except UNPACK_ERRORS as error:
            raise StorageError(
                f"A page of {self.info.file} is stored wrongly.", "Delete its bundle."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class BundleWriter:
    """Writes a new bundle file; nobody may open it before `finish`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._index: list[tuple[int, list[str], str, str]] = []
        # The file is worthless unless finished, so nothing is journaled or synced on the way.
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)

    def add(self, pages: list[PackedPage]) -> None:
        """Store pages as they came from the worker."""
        for page in pages:
            head = {**page.head, "t": ""}
            digest: dict[str, Any] = head.pop("digest", None) or {}
            self._database.execute(
                "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    page.number,
                    page.text,
                    json.dumps(head, ensure_ascii=False, separators=(",", ":")),
                    page.body,
                    len(page.text.split()),
                    digest.get("numbers", 0.0),
                    digest.get("listing", False),
                ),
            )
            headings = [str(heading) for heading in digest.get("headings", ())]
            labels = "\n".join(str(label) for label in digest.get("labels", ()))
            self._index.append((page.number, headings, page.text, labels))

    def finish(self, sha256: str, file: str, version: str, result: ReadResult) -> None:
        """Store the reading's outcome, compact the index and close."""
        info = BundleInfo(
            sha256=sha256,
            file=file,
            pages=result.pages,
            reader_version=version,
            characters=result.characters,
            seconds=round(result.seconds, 3),
            cpu_ms=round(result.cpu_ms, 1),
            peak_mb=round(result.peak_mb, 1),
            warnings=result.warnings,
            metadata=result.metadata,
            lost=tuple((page.number, page.reason) for page in result.lost),
            unreadable=result.unreadable,
            hidden=result.hidden,
        )
        self._database.execute("INSERT INTO info VALUES (?)", (info.model_dump_json(),))
        self._write_index()
        self._database.commit()
        self._database.close()

    def _write_index(self) -> None:
        """Index all pages; what heads many pages is a running header and no heading."""
        often = Counter(heading for _, headings, _, _ in self._index for heading in set(headings))
        most = max(_RUNNING, _RUNNING_SHARE * len(self._index))
        self._database.executemany(
            "INSERT INTO texts (rowid, headings, body, figures) VALUES (?, ?, ?, ?)",
            (
                (number, "\n".join(h for h in headings if often[h] <= most), text, labels)
                for number, headings, text, labels in self._index
            ),
        )
        self._database.execute("INSERT INTO texts (texts) VALUES ('optimize')")

    def abandon(self) -> None:
        """Close without finishing."""
        self._database.close()
