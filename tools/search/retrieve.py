"""Fetches documents from the web until one is the report: identity decides, not the address."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.domain import Company, IdentityVerdict, ReportChoice
from agent.errors import DocumentError, NotFoundError, ProviderError
from agent.memory.database import utc_now
from tools.evidence.analyse import check_document
from tools.library.library import ReportLibrary
from tools.pdf.page import PageRecord
from tools.web.client import WebClient
from tools.web.download import Download, Seen, download_pdf
from tools.web.seen import Fetched, FetchedFiles
from tools.workers import CpuWorkers

_MOST_FETCHED = 4

OnPage = Callable[[PageRecord], None]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A document of the web that is in the library now, and what its pages say it is."""

    choice: ReportChoice
    sha256: str
    file: str
    url: str
    retrieved_at: str
    verdict: IdentityVerdict


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that was not taken, and why."""

    choice: ReportChoice
    reason: str


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The report, where one was found, and every document that was looked at and not taken."""

    report: Retrieved | None
    refused: tuple[Refused, ...]


class Retriever:
    """Downloads, reads and identifies documents of the web."""

    def __init__(
        self, client: WebClient, library: ReportLibrary, workers: CpuWorkers, folder: Path
    ) -> None:
        self._client = client
        self._library = library
        self._workers = workers
        self._folder = folder
        self._fetched = FetchedFiles(folder / "fetched")

    async def first_that_fits(
        self,
        company: Company,
        year: int | None,
        choices: Sequence[ReportChoice],
        *,
        on_fetch: Callable[[ReportChoice], None] = lambda choice: None,
        on_refused: Callable[[Refused], None] = lambda refused: None,
        on_page: OnPage | None = None,
    ) -> Retrieval:
        """The first document whose own pages say that it is the report.

        One that does not say it clearly is taken only when no other does. Raises StorageError.
        """
        refused: list[Refused] = []
        unclear: Retrieved | None = None
        for choice in choices[:_MOST_FETCHED]:
            on_fetch(choice)
            try:
                found = await self._take(choice, company, year, on_page)
            except (ProviderError, DocumentError) as error:
                no = Refused(choice, str(error))
            else:
                if found.verdict.verdict == "match":
                    return Retrieval(found, tuple(refused))
                if found.verdict.verdict == "uncertain" and unclear is None:
                    unclear = found
                    continue
                no = Refused(choice, " ".join(found.verdict.reasons[:2]))
            refused.append(no)
            on_refused(no)
        return Retrieval(unclear, tuple(refused))

    async def _take(
        self, choice: ReportChoice, company: Company, year: int | None, on_page: OnPage | None
    ) -> Retrieved:
        fetched = await self.fetch(choice.url)
        bundle = await self._library.read(fetched.sha256, on_page=on_page)
        verdict = await self._workers.run(check_document, bundle.path, company, year, fetched.name)
        return Retrieved(
            choice, fetched.sha256, fetched.name, fetched.final_url, fetched.retrieved_at, verdict
        )

    async def fetch(self, url: str) -> Fetched:
        """The document of an address in the library; not loaded again where it has not changed.

        Raises WebError, DocumentError.
        """
        known = await self._fetched.of(url)
        if known is not None and not await self._in_library(known.sha256):
            known = None
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix="download-") as folder:
            seen = known.seen if known else Seen()
            got = await download_pdf(self._client, url, Path(folder), seen)
            if got.path is None and known is not None:
                return known
            fetched = await self._add(url, got)
        await self._fetched.keep(fetched)
        return fetched

    async def _add(self, url: str, got: Download) -> Fetched:
        assert got.path is not None
        named = got.path.with_name(got.name)
        await asyncio.to_thread(got.path.rename, named)
        return Fetched(
            url=url,
            final_url=got.url,
            sha256=await self._library.add(named),
            name=got.name,
            etag=got.seen.etag,
            modified=got.seen.modified,
            retrieved_at=utc_now(),
        )

    async def _in_library(self, sha256: str) -> bool:
        try:
            await self._library.pdf_path(sha256)
        except NotFoundError:
            return False
        return True
