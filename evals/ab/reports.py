"""The reports of a golden set, read once for all arms, and what claims about them are held to."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path

from agent.domain import Claim, Company, CompanyAnalysis, KpiRecord
from tools.evidence.analyse import Source, verify_claims
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits


async def read_bundle(library: Path, pdf: Path) -> Path:
    """The bundle of a report below the folder `library`. Raises DocumentError."""
    shelf = ReportLibrary(library, ReaderLimits(ocr=False))
    bundle = await shelf.read(await shelf.add(pdf))
    bundle.close()
    return bundle.path


async def read_sources(
    library: Path, data: Path, rows: Iterable[CompanyAnalysis], files: Mapping[str, str]
) -> dict[str, Source]:
    """Bundle and company of each row's report by its sha256; `files` names them as gold does."""
    return {
        row.report.sha256: Source(
            await read_bundle(library, data / "reports" / files[row.report.sha256]),
            Company(id=row.company_id, name=row.name, aliases=(row.report.company,)),
        )
        for row in rows
        if row.report is not None
    }


async def checked(
    sources: Mapping[str, Source], claims: tuple[Claim, ...], records: tuple[KpiRecord, ...]
) -> tuple[Claim, ...]:
    """The claims with their status, held against the pages they cite."""
    return await asyncio.to_thread(verify_claims, sources, claims, records)


def held_up(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Those that a user would be shown."""
    return tuple(claim for claim in claims if claim.status == "verified")


def as_text(claims: Iterable[Claim]) -> str:
    """The sentences, one a line, as a judge reads them."""
    return "\n".join(claim.text for claim in claims)
