"""Errors as RFC 9457 problem details, for every answer that is none of what was asked for."""

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Match

from agent.errors import (
    ConflictError,
    DocumentError,
    InputError,
    IsraError,
    NotFoundError,
    PostponedError,
    ProviderError,
)
from agent.logs import get_logger
from agent.memory.outage import storage_error
from app.auth.limits import TooManyError
from app.auth.roles import ForbiddenError

log = get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = 5
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_NO_BODY = frozenset({204, 304})
_CLASSES: tuple[tuple[type[IsraError], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (TooManyError, 429),
    (InputError, 422),
    (DocumentError, 422),
    (PostponedError, 503),
    (ProviderError, 502),
)


class FieldProblem(BaseModel):
    """One thing that is wrong with what was sent."""

    where: str = Field(examples=["body.industry"])
    what: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """What happened and what to do about it, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    """The name of the status."""
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no such analysis."])
    code: str = Field(examples=["not_found"])
    """One word for programs; a document that cannot be read says here why."""
    errors: list[FieldProblem] = []
    """Each field of the request that is not as the description of the API wants it."""


class UnauthorizedError(IsraError):
    """Nobody known calls."""

    code = "unauthorized"


def problem(
    status: int,
    detail: str,
    *,
    code: str = "",
    errors: tuple[FieldProblem, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for a status."""
    title = HTTPStatus(status).phrase
    body = Problem(
        title=title,
        status=status,
        detail=detail,
        code=code or title.lower().replace(" ", "_"),
        errors=list(errors),
    )
    return JSONResponse(body.model_dump(), status, dict(headers or {}), media_type=MEDIA_TYPE)


def register(app: FastAPI) -> None:
    """Answer every error of the application with a problem."""
    app.add_exception_handler(IsraError, of_ours)
    app.add_exception_handler(StarletteHTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(sa.exc.SQLAlchemyError, _of_storage)
    app.add_exception_handler(Exception, _unexpected)


async def of_ours(_request: Request, error: Exception) -> Response:
    """One of our own errors; what lies behind the server's own failures is only logged."""
    if isinstance(error, UnauthorizedError):
        headers = {"www-authenticate": "Bearer"}
        return problem(401, str(error), code=error.code, headers=headers)
    assert isinstance(error, IsraError)
    status = _status(error)
    if status >= 500:
        log.warning("call failed", status=status, code=error.code, error=str(error))
        return _server_problem(status, error)
    headers = {"retry-after": str(error.seconds)} if isinstance(error, TooManyError) else {}
    return problem(status, str(error), code=error.code, headers=headers)


def _status(error: IsraError) -> int:
    if isinstance(error, DocumentError) and error.code == "too_large":
        return 413
    if error.retryable:
        return 503
    return next((status for kind, status in _CLASSES if isinstance(error, kind)), 500)


def _server_problem(status: int, error: IsraError) -> Response:
    seconds = math.ceil(error.seconds) if isinstance(error, PostponedError) else _RETRY_SECONDS
    headers = {"retry-after": str(seconds)} if status == 503 else {}
    detail = {
        500: "The server is not set up for this call. Whoever runs it finds the reason in its log.",
        502: "A service this call needs answered with an error.",
        503: "The server cannot do this now. Try again later.",
    }[status]
    return problem(status, detail, code=error.code, headers=headers)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    if error.status_code == 405:
        return problem(405, "This address does not take that.", headers=_allowed(request))
    if error.status_code in _NO_BODY:
        return Response(status_code=error.status_code, headers=error.headers)
    return problem(error.status_code, str(error.detail), headers=error.headers)


def _allowed(request: Request) -> dict[str, str]:
    """All methods of an address: the framework names only those of the first route."""
    found = (
        method
        for method in _METHODS
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    )
    return {"allow": ", ".join(found)}


async def _of_validation(_request: Request, error: Exception) -> Response:
    """What does not fit, without repeating what was sent."""
    assert isinstance(error, RequestValidationError)
    found = tuple(
        FieldProblem(where=".".join(map(str, item["loc"])), what=_said(item))
        for item in error.errors()
    )
    return problem(422, "What was sent does not fit.", code="input", errors=found)


def _said(item: Mapping[str, Any]) -> str:
    """A message of pydantic's own names no value; one of ours starts with its kind."""
    return str(item["msg"]).removeprefix("Value error, ")


async def _of_storage(request: Request, error: Exception) -> Response:
    known = storage_error(error)
    return await (of_ours(request, known) if known else _unexpected(request, error))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected error", path=request.url.path, error=type(error).__name__)
    return problem(500, "An unexpected error stopped the call. The server's log names it.")
