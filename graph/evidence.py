"""What code finds in a report, found once: a second analysis of the same report costs nothing."""

import asyncio
import hashlib
import json

from agent.domain import Company, Material
from agent.errors import NotFoundError
from agent.memory.blobs import BlobStore
from tools.evidence.analyse import gather_figures, gather_statements, joined
from tools.evidence.version import evidence_version
from tools.library.bundle import Bundle
from tools.workers import CpuWorkers

FOLDER = "evidence/"


class EvidenceStore:
    """Materials among the blobs, by all that they follow from.

    Who has the PDF would find the same in it, so nothing of one user reaches another by it.
    """

    def __init__(self, blobs: BlobStore, workers: CpuWorkers) -> None:
        self._blobs = blobs
        self._workers = workers

    async def material(
        self, bundle: Bundle, company: Company, year: int | None, file: str, source: str
    ) -> Material:
        """Everything found in a report, from the store or found now in worker processes.

        Raises DocumentError (the work ended its processes), StorageError.
        """
        key = await asyncio.to_thread(_key, bundle, company, year, file)
        try:
            body = await self._blobs.get_bytes(key)
        except NotFoundError:
            material = await self._found(bundle, company, year, file)
            body = await asyncio.to_thread(lambda: material.model_dump_json().encode())
            await self._blobs.put_bytes(key, body, replace=False)
        else:
            material = await asyncio.to_thread(Material.model_validate_json, body)
        # Where the file came from is of this analysis, not of the file.
        report = material.report.model_copy(update={"source": source})
        return material.model_copy(update={"report": report})

    async def _found(
        self, bundle: Bundle, company: Company, year: int | None, file: str
    ) -> Material:
        """The halves side by side: with few long pieces some cores would wait at the end."""
        figures, statements = await asyncio.gather(
            self._workers.run(gather_figures, bundle.path, company, year, file),
            self._workers.run(gather_statements, bundle.path, company),
        )
        return joined(figures, statements)


def _key(bundle: Bundle, company: Company, year: int | None, file: str) -> str:
    names = [company.name, *company.aliases]
    asked = json.dumps([bundle.info.reader_version, names, company.fictional, year, file])
    digest = hashlib.sha256(asked.encode()).hexdigest()[:32]
    return f"{FOLDER}{bundle.sha256}/{evidence_version()}-{digest}.json"


def is_current(key: str) -> bool:
    """Whether the rules of today found what is kept under the key."""
    return f"/{evidence_version()}-" in key
