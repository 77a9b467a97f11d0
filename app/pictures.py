"""Page pictures, result views and exports: only of analyses the caller may see."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response

from agent.domain import Analysis
from agent.errors import ConflictError, NotFoundError
from app.chat.identity import require_user
from app.chat.present import result_view
from app.chat.runtime import get_audit, get_research

router = APIRouter(include_in_schema=False)
CurrentUser = Annotated[str, Depends(require_user)]

Form = Literal["md", "pdf", "docx", "xlsx", "json"]
_OFFICE = "application/vnd.openxmlformats-officedocument"


def _written_by(form: str) -> Callable[[Analysis], str | bytes]:
    """The writer of a form; its libraries come in with the first export, not at the start."""

    def write(analysis: Analysis) -> str | bytes:
        module = import_module(f"app.exports.{form}")
        written: str | bytes = getattr(module, f"to_{form}")(analysis)
        return written

    return write


EXPORTS: dict[Form, tuple[str, Callable[[Analysis], str | bytes]]] = {
    "md": ("text/markdown; charset=utf-8", _written_by("markdown")),
    "pdf": ("application/pdf", _written_by("pdf")),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _written_by("docx")),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _written_by("xlsx")),
    "json": ("application/json", _written_by("bundle")),
}

# A result never changes once it is published; only its reader's browser may keep it.
_KEEP = {"cache-control": "private, max-age=3600"}
_LONGEST_QUOTE = 2000


async def may_see(analysis_id: str, user: str) -> Analysis:
    """The published analysis, if it is the user's.

    Raises:
        NotFoundError: it is not published, someone else's, or unknown; all look the same.
    """
    research = get_research()
    try:
        status = await research.status(analysis_id)
        if status.owner == user:
            return await research.result(analysis_id)
    except (NotFoundError, ConflictError):
        pass
    raise NotFoundError("There is no such result.", "Open it from your own list of analyses.")


@router.get("/reports/{sha256}/pages/{page}.jpg")
async def page_picture(
    sha256: str,
    page: int,
    analysis: str,
    user: CurrentUser,
    quote: str | None = None,
) -> Response:
    """One page of a report of an analysis, with the quote marked.

    The header `x-quote-found` says whether the mark could be set.
    """
    seen = await may_see(analysis, user)
    if sha256 not in {row.report.sha256 for row in seen.companies if row.report}:
        raise NotFoundError("This report is not part of the analysis.")
    picture = await get_research().picture(sha256, page, (quote or "")[:_LONGEST_QUOTE] or None)
    return Response(
        picture.data,
        media_type=picture.mime,
        headers={**_KEEP, "x-quote-found": "yes" if picture.found else "no"},
    )


@router.get("/analyses/{analysis_id}/view")
async def view(analysis_id: str, user: CurrentUser) -> JSONResponse:
    """What the result element shows."""
    built: dict[str, Any] = result_view(await may_see(analysis_id, user))
    return JSONResponse(built, headers=_KEEP)


@router.get("/analyses/{analysis_id}/export.{form}")
async def export(analysis_id: str, form: Form, user: CurrentUser) -> Response:
    """The analysis as a file to pass on."""
    analysis = await may_see(analysis_id, user)
    return await export_response(analysis_id, analysis, form, user)


async def export_response(analysis_id: str, analysis: Analysis, form: Form, user: str) -> Response:
    """The analysis as a file for a user who may see it; the audit log keeps that it went out."""
    await get_audit().note("export", user, f"{analysis_id} as {form}")
    mime, write = EXPORTS[form]
    name = f"{analysis.industry.id}-{analysis_id[:8]}.{form}"
    # Laying a document out takes seconds of computing, which would hold everybody else up.
    return Response(
        await asyncio.to_thread(write, analysis),
        media_type=mime,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
