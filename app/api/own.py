"""Analyses of the caller; everyone else's do not exist."""

from typing import Annotated

from fastapi import Depends, Path

from agent.errors import NotFoundError
from app.api.callers import Caller, Reader, Writer
from app.chat.runtime import get_research
from graph.analyses import AnalysisStatus

AnalysisId = Annotated[
    str,
    Path(pattern=r"^[0-9A-Za-z-]{1,64}$", examples=["3f0c9a1be0f24b5f9d2f6a6c6f0f8f11"]),
]


async def _own(analysis_id: str, caller: Caller) -> AnalysisStatus:
    """The caller's analysis. Raises NotFoundError, in the same words for everyone else's."""
    try:
        status = await get_research().status(analysis_id)
    except NotFoundError:
        status = None
    if status is None or status.owner != caller.identifier:
        raise NotFoundError("There is no such analysis.", "GET /analyses lists yours.")
    return status


async def readable(analysis_id: AnalysisId, caller: Reader) -> AnalysisStatus:
    """An analysis the caller may read."""
    return await _own(analysis_id, caller)


async def writable(analysis_id: AnalysisId, caller: Writer) -> AnalysisStatus:
    """An analysis the caller may change."""
    return await _own(analysis_id, caller)


Readable = Annotated[AnalysisStatus, Depends(readable)]
Writable = Annotated[AnalysisStatus, Depends(writable)]
