"""Everyone's feedback, for the owners: scores over time and the newest comments."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.chat_tables import chat_feedback
from agent.memory.tables import analyses

_WEEKS = 12
_COMMENTS = 50


@dataclass(frozen=True, slots=True)
class Score:
    """Thumbs of a week, or of what wrote the text."""

    name: str
    up: int
    down: int

    @property
    def total(self) -> int:
        return self.up + self.down

    @property
    def percent(self) -> int:
        """Share of thumbs up, in per cent."""
        return round(100 * self.up / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment with what it is about."""

    at: str
    up: bool
    text: str
    user: str
    about: str
    industry: str
    analysis_id: str
    generated_by: str


@dataclass(frozen=True, slots=True)
class Ratings:
    """What the owners' page shows."""

    whole: Score
    weeks: tuple[Score, ...]
    writers: tuple[Score, ...]
    comments: tuple[Comment, ...]


async def read_ratings(engine: AsyncEngine, today: date) -> Ratings:
    """All thumbs counted, the weeks up to today, and the newest comments."""
    feedback = chat_feedback.c
    counted = sa.select(feedback.updated_at, feedback.value, feedback.generated_by)
    newest = (
        sa.select(chat_feedback, analyses.c.industry)
        .outerjoin(analyses, analyses.c.id == feedback.analysis_id)
        .where(feedback.comment.is_not(None), feedback.comment != "")
        .order_by(feedback.updated_at.desc())
        .limit(_COMMENTS)
    )
    async with engine.connect() as connection:
        thumbs = (await connection.execute(counted)).all()
        comments = (await connection.execute(newest)).mappings().all()
    weeks: dict[str, list[int]] = {_week(today - timedelta(weeks=n)): [] for n in range(_WEEKS)}
    writers: dict[str, list[int]] = defaultdict(list)
    for at, value, writer in thumbs:
        writers[writer or "unknown"].append(value)
        week = _week(date.fromisoformat(at[:10]))
        if week in weeks:
            weeks[week].append(value)
    return Ratings(
        whole=_score("All", [row.value for row in thumbs]),
        weeks=tuple(_score(name, values) for name, values in weeks.items()),
        writers=tuple(_score(name, values) for name, values in sorted(writers.items())),
        comments=tuple(_comment(row) for row in comments),
    )


def _comment(row: sa.RowMapping) -> Comment:
    return Comment(
        at=row["updated_at"][:16].replace("T", " "),
        up=row["value"] == 1,
        text=row["comment"],
        user=row["user_identifier"],
        about=row["turn_kind"] or "message",
        industry=row["industry"] or "",
        analysis_id=row["analysis_id"] or "",
        generated_by=row["generated_by"],
    )


def _score(name: str, values: list[int]) -> Score:
    return Score(name, up=sum(values), down=len(values) - sum(values))


def _week(day: date) -> str:
    """A week by its Monday."""
    return (day - timedelta(days=day.weekday())).isoformat()
