"""Who calls, and what owners may see of everyone."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.callers import Owner, Reader
from app.api.models import Me
from app.api.responses import problems
from app.chat.ratings import read_ratings
from app.chat.runtime import get_data_layer

router = APIRouter(tags=["account"])


class ScoreView(BaseModel):
    """Thumbs of a week (by its Monday) or of what wrote the text."""

    name: str
    up: int
    down: int


class CommentView(BaseModel):
    """One comment with what it is about."""

    at: str
    up: bool
    text: str
    user: str
    about: str
    industry: str
    analysis_id: str
    generated_by: str


class RatingsView(BaseModel):
    """Everyone's feedback."""

    whole: ScoreView
    weeks: list[ScoreView]
    writers: list[ScoreView]
    comments: list[CommentView]


@router.get("/me", operation_id="getMe", responses=problems(429))
async def get_me(caller: Reader) -> Me:
    """The user behind the token, their role, and what this call could do."""
    return Me(user=caller.identifier, role=caller.role, scopes=sorted(caller.scopes))


@router.get("/feedback", operation_id="getFeedback", responses=problems(429))
async def get_feedback(_caller: Owner) -> RatingsView:
    """Everyone's feedback: scores over time and the newest comments. For owners."""
    ratings = await read_ratings(get_data_layer().engine, datetime.now(UTC).date())
    told: dict[str, Any] = asdict(ratings)
    return RatingsView.model_validate(told)
