"""What owners read: scores by week and writer, and the newest comments with their subject."""

from datetime import date

import sqlalchemy as sa
from chainlit.types import Feedback
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.chat_tables import chat_feedback, chat_threads
from agent.memory.database import utc_now
from app.chat.feedback import FeedbackStore
from app.chat.owner_page import _template
from app.chat.ratings import read_ratings
from app.chat.turns import Turn, TurnStore

WRITER = "gemini:flash synthesize/a@0123456789ab"
TODAY = date(2026, 11, 22)


async def give(engine: AsyncEngine, step: str, value: int, comment: str, at: str) -> None:
    await TurnStore(engine).save(Turn(step, "t-1", "an-1", "result", WRITER))
    thumb = Feedback(forId=step, threadId="t-1", value=1 if value else 0, comment=comment)
    id_ = await FeedbackStore(engine).save(thumb, "t-1", "ada")
    change = sa.update(chat_feedback).where(chat_feedback.c.id == id_).values(updated_at=at)
    async with engine.begin() as connection:
        await connection.execute(change)


async def test_thumbs_are_counted_by_week_and_by_what_wrote_the_text(engine: AsyncEngine) -> None:
    await give(engine, "s-1", 1, "", "2026-11-20T10:00:00Z")
    await give(engine, "s-2", 0, "The year is wrong.", "2026-11-16T10:00:00Z")
    await give(engine, "s-3", 1, "Good.", "2026-11-15T10:00:00Z")
    await give(engine, "s-4", 1, "", "2020-01-01T10:00:00Z")
    ratings = await read_ratings(engine, TODAY)
    assert (ratings.whole.up, ratings.whole.down, ratings.whole.percent) == (3, 1, 75)
    assert [(w.name, w.up, w.down) for w in ratings.weeks[:2]] == [
        ("2026-11-16", 1, 1),
        ("2026-11-09", 1, 0),
    ]
    assert len(ratings.weeks) == 12
    assert [(w.name, w.total) for w in ratings.writers] == [(WRITER, 4)]
    assert [c.text for c in ratings.comments] == ["The year is wrong.", "Good."]
    assert (ratings.comments[0].up, ratings.comments[0].about) == (False, "result")


async def test_a_thumb_that_is_changed_counts_once(engine: AsyncEngine) -> None:
    await give(engine, "s-1", 1, "", "2026-11-20T10:00:00Z")
    await give(engine, "s-1", 0, "No.", "2026-11-21T10:00:00Z")
    ratings = await read_ratings(engine, TODAY)
    assert (ratings.whole.up, ratings.whole.down) == (0, 1)


async def test_a_comment_is_shown_and_not_run(engine: AsyncEngine) -> None:
    await give(engine, "s-1", 0, "<script>alert(1)</script>", "2026-11-20T10:00:00Z")
    html = _template().render(ratings=await read_ratings(engine, TODAY))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


async def test_a_deleted_conversation_takes_its_feedback_along(engine: AsyncEngine) -> None:
    await give(engine, "s-1", 1, "Good.", utc_now())
    async with engine.begin() as connection:
        await connection.execute(sa.delete(chat_threads))
    assert (await read_ratings(engine, TODAY)).whole.total == 0


async def test_owners_reach_the_trace_of_what_a_comment_is_about(engine: AsyncEngine) -> None:
    await give(engine, "s-1", 0, "Wrong year.", "2026-11-20T10:00:00Z")
    ratings = await read_ratings(engine, TODAY)
    assert 'href="/owner/trace/an-1"' in _template().render(ratings=ratings, traced=True)
    assert "/owner/trace" not in _template().render(ratings=ratings, traced=False)
