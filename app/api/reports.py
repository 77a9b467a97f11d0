"""Reports of the caller's own: upload, list, pages. Nobody else sees them."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import IO, Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from agent.errors import InputError, NotFoundError
from app.api.callers import Reader, Writer
from app.api.models import ReportView
from app.api.responses import Responses, problems
from app.api.results import PICTURE, PageNumber, Quote, Sha256, picture_response
from app.chat.runtime import get_research, get_runtime
from app.chat.uploads import safe_file_name
from tools.search.known import KnownReport

router = APIRouter(tags=["reports"])

UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {
                            "type": "string",
                            "contentMediaType": "application/pdf",
                            "format": "binary",
                            "description": "The PDF.",
                        }
                    },
                    "required": ["file"],
                    "additionalProperties": False,
                }
            }
        },
    }
}
UPLOAD_RESPONSES: Responses = {
    201: {
        "description": "The report is in the caller's library.",
        "headers": {
            "Location": {"description": "Where it is.", "schema": {"type": "string"}},
        },
        "links": {
            "getReport": {
                "operationId": "getReport",
                "parameters": {"sha256": "$response.body#/sha256"},
            }
        },
    },
    **problems(429),
}


async def add_report(request: Request, response: Response, caller: Writer) -> ReportView:
    """Take a PDF into the caller's own library and say what it is."""
    # Read here and not by a parameter: nothing is taken from a caller who may not upload.
    await get_runtime().limits.upload(caller.identifier)
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InputError("There is no file in this.", "Send it as multipart field “file”.")
        folder = await asyncio.to_thread(_folder, get_runtime().settings.data_dir)
        try:
            path = folder / safe_file_name(file.filename or "")
            await asyncio.to_thread(_write, file.file, path)
            report = await get_research().add_report(path, caller.identifier)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    response.headers["location"] = request.url_for("get_report", sha256=report.sha256).path
    return ReportView.of_added(report)


def _folder(data_dir: Path) -> Path:
    parent = data_dir / "incoming"
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=parent))


def _write(source: IO[bytes], path: Path) -> None:
    source.seek(0)
    with path.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)


@router.get("/reports", operation_id="listReports", responses=problems(429))
async def list_reports(caller: Reader) -> list[ReportView]:
    """The reports the caller has added or had fetched."""
    return [ReportView.of(one) for one in await get_research().own_reports(caller.identifier)]


@router.get("/reports/{sha256}", operation_id="getReport", responses=problems(404, 429))
async def get_report(sha256: Sha256, caller: Reader) -> ReportView:
    """One report of the caller's."""
    return ReportView.of(await _own(sha256, caller.identifier))


@router.get(
    "/reports/{sha256}/pages/{page}",
    operation_id="getReportPage",
    response_class=Response,
    responses={**PICTURE, **problems(404, 429)},
)
async def get_report_page(
    sha256: Sha256, page: PageNumber, caller: Reader, quote: Quote = None
) -> Response:
    """A page of a report of the caller's, with the quote marked."""
    own = await _own(sha256, caller.identifier)
    return picture_response(await get_research().picture(own.sha256, page, quote or None))


async def _own(sha256: str, user: str) -> KnownReport:
    for report in await get_research().own_reports(user):
        if report.sha256 == sha256:
            return report
    raise NotFoundError("There is no such report of yours.", "GET /reports lists yours.")
