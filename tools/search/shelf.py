"""The shelf: every report at hand, identified once and remembered by content."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain import IdentityVerdict, Report
from agent.errors import DocumentError, IsraError
from agent.memory.database import utc_now
from agent.memory.tables import reports
from tools.evidence.analyse import describe_report
from tools.library.library import ReportLibrary
from tools.library.samples import sample_files
from tools.search.held import HeldReports
from tools.search.known import KnownReport
from tools.workers import CpuWorkers

SAMPLES = "sample library"
SHARED = "*"
"""Owner of what everybody may use: the fictional samples."""

OnFile = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShelfContents:
    """What is at hand, and what could not be read."""

    known: tuple[KnownReport, ...]
    unreadable: tuple[Unreadable, ...] = ()


class Shelf:
    """Reads and identifies the PDFs of a folder, of the user's uploads and of the samples."""

    def __init__(
        self,
        library: ReportLibrary,
        engine: AsyncEngine,
        workers: CpuWorkers,
        *,
        password: str | None = None,
    ) -> None:
        self._library = library
        self._engine = engine
        self._workers = workers
        self._password = password
        self._seen: dict[tuple[str, int, int, str], KnownReport] = {}

    async def contents(
        self, folder: str | None, owner: str, on_file: OnFile | None = None
    ) -> ShelfContents:
        """The reports of the folder; without one, the owner's uploads and the samples."""
        if folder is not None:
            files = await asyncio.to_thread(_pdfs, Path(folder))
            return await self._take(files, owner, "folder", on_file)
        samples = await self._take(await asyncio.to_thread(sample_files), SHARED, SAMPLES, on_file)
        return ShelfContents((*await self._held(owner), *samples.known), samples.unreadable)

    async def held(self, owner: str) -> tuple[KnownReport, ...]:
        """The reports the owner has added, without the samples."""
        return await self._held(owner)

    async def provider(self, folder: str | None, owner: str) -> HeldReports:
        """The search provider over what is at hand."""
        return HeldReports((await self.contents(folder, owner)).known)

    async def add(self, path: Path, owner: str) -> Report:
        """Take one PDF of the user in. Raises DocumentError."""
        known = await self._identify(path, owner, "upload")
        bundle = await self._library.open(known.sha256)
        verdict = known.verdict
        return Report(
            sha256=known.sha256,
            company=verdict.company or known.file,
            file=known.file,
            fiscal_year=verdict.year,
            kind=verdict.kind,
            language=verdict.language,
            pages=bundle.page_count,
            unreadable_pages=bundle.info.unreadable,
            hidden_text_pages=bundle.info.hidden,
            source=known.source,
            identity=verdict,
        )

    async def keep(self, report: KnownReport, owner: str) -> None:
        """Remember a report that was fetched and identified elsewhere, for later analyses."""
        await self._remember(
            report.sha256,
            owner,
            report.file,
            report.source,
            report.verdict,
            added_at=report.retrieved_at,
        )

    async def _take(
        self, files: Iterable[Path], owner: str, source: str, on_file: OnFile | None
    ) -> ShelfContents:
        """Identify files side by side; the reader and the workers bound how many at once."""
        paths = list(files)
        done = 0

        async def one(path: Path) -> KnownReport | Unreadable:
            nonlocal done
            try:
                return await self._identify(path, owner, source)
            except IsraError as error:
                return Unreadable(path.name, str(error))
            finally:
                done += 1
                if on_file is not None:
                    on_file(path.name, done, len(paths))

        results = await asyncio.gather(*(one(path) for path in paths))
        known = {item.sha256: item for item in results if isinstance(item, KnownReport)}
        unreadable = tuple(item for item in results if isinstance(item, Unreadable))
        return ShelfContents(tuple(known.values()), unreadable)

    async def _identify(self, path: Path, owner: str, source: str) -> KnownReport:
        """What the file is; a file unchanged since it was seen is not hashed again."""
        stat = await asyncio.to_thread(path.stat)
        key = (str(path), stat.st_size, stat.st_mtime_ns, owner)
        if key not in self._seen:
            self._seen[key] = await self._identify_anew(path, owner, source)
        return self._seen[key]

    async def _identify_anew(self, path: Path, owner: str, source: str) -> KnownReport:
        sha256 = await self._library.add(path)
        held = await self._remembered(sha256, owner)
        fictional = source == SAMPLES
        if held is not None:
            return KnownReport(sha256, path.name, held, source, fictional)
        bundle = await self._library.read(sha256, password=self._password)
        if bundle.info.characters == 0:
            raise DocumentError(
                f"{path.name} has no text on any page (a scan?).",
                "Use a PDF with text, or install the ocr extra.",
                code="no_text",
            )
        verdict = await self._workers.run(describe_report, bundle.path, path.name)
        await self._remember(sha256, owner, path.name, source, verdict)
        return KnownReport(sha256, path.name, verdict, source, fictional)

    async def _remembered(self, sha256: str, owner: str) -> IdentityVerdict | None:
        query = sa.select(reports.c.verdict).where(
            reports.c.sha256 == sha256, reports.c.owner == owner
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return IdentityVerdict.model_validate(row.verdict) if row else None

    async def _remember(
        self,
        sha256: str,
        owner: str,
        file: str,
        source: str,
        verdict: IdentityVerdict,
        *,
        added_at: str = "",
    ) -> None:
        row = {
            "sha256": sha256,
            "owner": owner,
            "file": file,
            "source": source,
            "verdict": verdict.model_dump(mode="json"),
            "added_at": added_at or utc_now(),
        }
        async with self._engine.begin() as connection:
            await connection.execute(
                sa.delete(reports).where(reports.c.sha256 == sha256, reports.c.owner == owner)
            )
            await connection.execute(reports.insert().values(row))

    async def _held(self, owner: str) -> tuple[KnownReport, ...]:
        query = sa.select(reports).where(reports.c.owner == owner)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(
            KnownReport(
                row["sha256"],
                row["file"],
                IdentityVerdict.model_validate(row["verdict"]),
                row["source"],
                # What comes from the web was added when it was fetched.
                retrieved_at=row["added_at"] if _is_of_web(row["source"]) else "",
            )
            for row in rows
        )


def _is_of_web(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def _pdfs(folder: Path) -> list[Path]:
    """PDF files of a folder and its sub-folders, by name; hidden files are passed over."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() == ".pdf"
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
