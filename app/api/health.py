"""Whether the process is alive, whether it can work, and what it measures of itself."""

import asyncio

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Response
from fastapi.responses import PlainTextResponse

from agent.logs import get_logger
from agent.metrics import exposition
from app.api.callers import needs
from app.api.problems import problem
from app.chat.runtime import get_data_layer

log = get_logger(__name__)
router = APIRouter(include_in_schema=False)

_SECONDS = 3.0


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers. Says nothing of the database: a new process would not mend that."""
    return PlainTextResponse("ok")


@router.get("/readyz")
async def readyz() -> Response:
    """The process can work: its database answers."""
    try:
        async with asyncio.timeout(_SECONDS):
            async with get_data_layer().engine.connect() as connection:
                await connection.execute(sa.text("SELECT 1"))
    except (sa.exc.SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("not ready", error=type(error).__name__)
        return problem(503, "The database does not answer.", headers={"retry-after": "5"})
    return PlainTextResponse("ok")


@router.get("/metrics", dependencies=[Depends(needs("metrics"))])
async def metrics() -> Response:
    """What this process has measured, as Prometheus reads it."""
    body, content_type = exposition()
    return Response(body, media_type=content_type)
