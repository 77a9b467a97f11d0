"""The owners' page of everyone's feedback."""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated

import jinja2
from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse

from app.chat.identity import require_user
from app.chat.ratings import read_ratings
from app.chat.runtime import get_runtime

router = APIRouter(include_in_schema=False)
CurrentUser = Annotated[str, Depends(require_user)]


@router.get("/owner/feedback")
async def feedback(user: CurrentUser) -> HTMLResponse:
    """Scores over time and the newest comments; nobody else learns that the page exists."""
    runtime = get_runtime()
    if not runtime.sign_in.is_owner(user):
        raise HTTPException(404, "Not found.")
    ratings = await read_ratings(runtime.data_layer.engine, datetime.now(UTC).date())
    page = _template().render(ratings=ratings, traced=runtime.feedback is not None)
    return HTMLResponse(page, headers={"cache-control": "no-store"})


@router.get("/owner/trace/{analysis_id}")
async def trace(analysis_id: str, user: CurrentUser) -> RedirectResponse:
    """Go to the trace of an analysis in LangSmith."""
    runtime = get_runtime()
    sender = runtime.feedback
    if sender is None or not runtime.sign_in.is_owner(user):
        raise HTTPException(404, "Not found.")
    address = await sender.url(analysis_id)
    if not address:
        raise HTTPException(404, "This analysis has no trace, or LangSmith does not answer.")
    return RedirectResponse(address, headers={"cache-control": "no-store"})


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    source = files("app.chat").joinpath("owner_feedback.html.jinja").read_text("utf-8")
    return environment.from_string(source)
