"""Pictures of pages with a quote marked, drawn in a sandboxed worker."""

import time
from dataclasses import dataclass
from pathlib import Path

from agent.errors import DocumentError, NotFoundError
from tools.pdf.limits import DEFAULT_LIMITS, ReaderLimits
from tools.pdf.sandbox import Worker, WorkerDiedError, core_slot

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture; `found` says whether the quote was found on the page and marked."""

    data: bytes
    mime: str
    found: bool


async def draw_picture(
    path: Path,
    page: int,
    quote: str | None = None,
    *,
    crop: bool = False,
    limits: ReaderLimits = DEFAULT_LIMITS,
    password: str | None = None,
) -> Picture:
    """Draw one page (1-based); with `crop` only the part around the quote, where it is found.

    Raises NotFoundError (no such page), DocumentError (the page cannot be drawn).
    """
    job = {
        **_document(path, password, limits),
        "page": page,
        "quote": quote or "",
        "crop": crop,
    }
    try:
        async with core_slot(), Worker(job, time.monotonic() + _SECONDS) as worker:
            async for line in worker.lines():
                if line["kind"] == "picture":
                    return Picture(line["body"], line["mime"], line["found"])
                if line.get("code") == "no_page":
                    raise NotFoundError(f"The document has no page {page}.")
                raise WorkerDiedError(line.get("detail", "gave no picture"), "crashed")
    except WorkerDiedError as death:
        raise DocumentError(
            f"Page {page} cannot be drawn: drawing it {death.reason}.",
            "Open the PDF itself at this page.",
            code=death.code,
        ) from death
    raise AssertionError("a worker's lines end with `end` or an error")


def _document(path: Path, password: str | None, limits: ReaderLimits) -> dict[str, object]:
    return {
        "task": "picture",
        "path": str(path.absolute()),
        "password": password,
        "memory_mb": limits.memory_mb,
        "cpu_seconds": int(2 * limits.page_cpu_seconds) + 1,
    }
