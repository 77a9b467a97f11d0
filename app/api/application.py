"""The API as one application, which the server mounts."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from agent.settings import Settings
from app.api import account, analyses, events, problems, reports, results
from app.api.models import ReportView
from app.api.responses import ALWAYS

PREFIX = "/api/v1"
VERSION = "1.0"
_JSON_BYTES = 200_000
# Of a multipart body: boundaries and the header of its one part.
_AROUND_FILE = 10_000
_ABOUT = """\
Researches the sustainability reports of an industry's companies. Every claim and figure of a
result names the report, the page and the verbatim quote it stands on; `status` says whether it is
verified.

Start an analysis, follow its events, answer the review of its companies, read the result:

    POST /analyses                 202, Location
    GET  /analyses/{id}/events     server-sent events, until the run ends
    GET  /analyses/{id}/proposal
    POST /analyses/{id}/review
    GET  /analyses/{id}            with the result, once it is published

Errors are problem details (RFC 9457).
"""


def make_api(settings: Settings) -> FastAPI:
    """The application; it works with the runtime of the server it is mounted in."""
    api = FastAPI(
        title="Industry Sustainability Research Agent",
        version=VERSION,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        max_body_size=_JSON_BYTES,
        responses=ALWAYS,
        separate_input_output_schemas=False,
    )
    problems.register(api)
    for router in (analyses.router, events.router, results.router, reports.router, account.router):
        api.include_router(router)
    api.add_api_route(
        "/reports",
        reports.add_report,
        methods=["POST"],
        status_code=201,
        response_model=ReportView,
        operation_id="addReport",
        tags=["reports"],
        responses=reports.UPLOAD_RESPONSES,
        openapi_extra=reports.UPLOAD_BODY,
        max_body_size=settings.max_pdf_mb * 1_000_000 + _AROUND_FILE,
    )
    api.openapi = lambda: describe(api, settings)  # type: ignore[method-assign]
    return api


def describe(api: FastAPI, settings: Settings) -> dict[str, Any]:
    """The OpenAPI document, with the problem's schema that all operations refer to."""
    if api.openapi_schema is None:
        document = get_openapi(
            title=api.title,
            version=api.version,
            description=api.description,
            routes=api.routes,
            servers=[{"url": PREFIX}],
        )
        schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = document["components"]["schemas"]
        schemas.update(schema.pop("$defs", {}))
        schemas["Problem"] = schema
        offered = ["", *settings.offered_models()]
        schemas["NewAnalysis"]["properties"]["model"]["enum"] = offered
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        api.openapi_schema = document
    return api.openapi_schema
