"""Thumbs over real HTTP to a fake LangSmith: given, changed, taken back, and an outage."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from langsmith import Client
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.chat_tables import chat_feedback, chat_threads
from agent.memory.database import make_engine, utc_now
from agent.memory.outbox import FeedbackOutbox, feedback_outbox
from agent.memory.schema import metadata
from agent.settings import Settings
from agent.tracing import trace_id
from agent.tracing_feedback import FeedbackSender, LangSmithFeedback, open_feedback
from tests.fakes.langsmith import FakeLangSmith
from tests.fakes.llm.server import serve

THUMB = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
KEY = "lsv2_pt_0123456789abcdef"


@pytest.fixture
def langsmith() -> FakeLangSmith:
    return FakeLangSmith()


@pytest.fixture
def address(langsmith: FakeLangSmith) -> Iterator[str]:
    with serve(langsmith) as url:
        yield url


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    made = make_engine(f"sqlite:///{tmp_path / 'isra.db'}")
    async with made.begin() as connection:
        await connection.run_sync(metadata.create_all)
        now = utc_now()
        thread = {"id": "t-1", "metadata": {}, "created_at": now, "updated_at": now}
        await connection.execute(chat_threads.insert().values(thread))
    yield made
    await made.dispose()


async def traced(analysis_id: str) -> str:
    """The root run of every analysis but one, which was left out of the sample."""
    return "" if analysis_id == "untraced" else trace_id(analysis_id)


@pytest.fixture
def sender(engine: AsyncEngine, address: str) -> FeedbackSender:
    client = Client(api_url=address, api_key=KEY, auto_batch_tracing=False)
    return FeedbackSender(FeedbackOutbox(engine), LangSmithFeedback(client, "project"), traced)


async def execute(engine: AsyncEngine, statement: sa.Executable) -> None:
    async with engine.begin() as connection:
        await connection.execute(statement)


async def give(engine: AsyncEngine, value: int, comment: str, analysis: str = "an-1") -> None:
    now = utc_now()
    thumb = {
        "id": THUMB,
        "for_id": "s-1",
        "thread_id": "t-1",
        "user_identifier": "ada",
        "analysis_id": analysis,
        "turn_kind": "result",
        "generated_by": "gemini:flash summarize/b@0123456789ab",
        "value": value,
        "comment": comment,
        "created_at": now,
        "updated_at": now,
    }
    await execute(engine, chat_feedback.insert().values(thumb))


async def change(engine: AsyncEngine, value: int) -> None:
    await execute(engine, sa.update(chat_feedback).values(value=value, updated_at=utc_now()))


async def hurry(engine: AsyncEngine) -> None:
    """Let the pause before the next attempt be over."""
    await execute(engine, sa.update(feedback_outbox).values(not_before=""))


async def test_a_thumb_goes_to_the_root_run_of_its_analysis_once(
    engine: AsyncEngine, sender: FeedbackSender, langsmith: FakeLangSmith
) -> None:
    await give(engine, 0, "Wrong year, ask jane@example.org.")
    assert await sender.send_due() == 1
    assert await sender.send_due() == 0
    sent = langsmith.feedback[THUMB]
    assert sent["run_id"] == sent["trace_id"] == trace_id("an-1")
    assert sent["session_id"] == "11111111-1111-4111-8111-111111111111"
    assert (sent["key"], sent["score"]) == ("user_thumb", 0)
    assert sent["comment"] == "Wrong year, ask <e-mail>."
    told = sent["feedback_source"]["metadata"]
    assert told == {"about": "result", "generated_by": "gemini:flash summarize/b@0123456789ab"}


async def test_a_changed_thumb_is_changed_there(
    engine: AsyncEngine, sender: FeedbackSender, langsmith: FakeLangSmith
) -> None:
    await give(engine, 0, "Wrong year.")
    await sender.send_due()
    await change(engine, 1)
    assert await sender.send_due() == 1
    assert [thumb["score"] for thumb in langsmith.feedback.values()] == [1]


@pytest.mark.parametrize("taken", [sa.delete(chat_feedback), sa.delete(chat_threads)])
async def test_a_thumb_taken_back_or_deleted_with_its_conversation_is_taken_back_there(
    engine: AsyncEngine, sender: FeedbackSender, langsmith: FakeLangSmith, taken: sa.Executable
) -> None:
    await give(engine, 1, "")
    await sender.send_due()
    await execute(engine, taken)
    assert await sender.send_due() == 1
    assert langsmith.feedback == {}
    assert await sender.send_due() == 0


async def test_an_outage_is_waited_for_and_the_newest_thumb_is_what_arrives(
    engine: AsyncEngine, sender: FeedbackSender, langsmith: FakeLangSmith
) -> None:
    langsmith.failing = 503
    await give(engine, 0, "Wrong.")
    assert await sender.send_due() == 0
    # It is not tried again at once.
    asked = len(langsmith.paths)
    assert await sender.send_due() == 0
    assert len(langsmith.paths) == asked
    await change(engine, 1)
    langsmith.failing = 0
    await hurry(engine)
    assert await sender.send_due() == 1
    assert langsmith.feedback[THUMB]["score"] == 1


async def test_a_thumb_that_arrived_though_the_answer_was_lost_is_not_there_twice(
    engine: AsyncEngine, sender: FeedbackSender, langsmith: FakeLangSmith
) -> None:
    langsmith.forgetful = True
    await give(engine, 0, "Wrong.")
    await sender.send_due()
    langsmith.forgetful = False
    await change(engine, 1)
    await hurry(engine)
    assert await sender.send_due() == 1
    assert langsmith.paths.count("/feedback") > 1
    assert [thumb["score"] for thumb in langsmith.feedback.values()] == [1]


async def test_the_thumb_of_an_analysis_that_was_not_traced_is_never_sent(
    engine: AsyncEngine, sender: FeedbackSender, langsmith: FakeLangSmith
) -> None:
    await give(engine, 1, "", analysis="untraced")
    assert await sender.send_due() == 0
    await change(engine, 0)
    await hurry(engine)
    assert await sender.send_due() == 0
    assert langsmith.paths == []


async def test_two_processes_do_not_send_the_same_thumb(
    engine: AsyncEngine, langsmith: FakeLangSmith
) -> None:
    await give(engine, 1, "")
    outbox = FeedbackOutbox(engine)
    [due] = await outbox.due()
    assert [await outbox.claim(due), await outbox.claim(due)] == [True, False]


async def test_owners_find_the_trace_and_miss_it_when_langsmith_is_away(
    sender: FeedbackSender, langsmith: FakeLangSmith
) -> None:
    langsmith.failing = 500
    assert await sender.url("an-1") == ""
    langsmith.failing = 0
    url = await sender.url("an-1")
    assert url.endswith(f"11111111-1111-4111-8111-111111111111/r/{trace_id('an-1')}?poll=true")
    assert await sender.url("untraced") == ""


@pytest.mark.parametrize("key", ["", KEY])
async def test_feedback_is_sent_by_itself_where_a_key_is_set(
    engine: AsyncEngine, langsmith: FakeLangSmith, address: str, tmp_path: Path, key: str
) -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=tmp_path,
        ISRA_LANGSMITH_API_KEY=SecretStr(key),  # type: ignore[call-arg]
        langsmith_endpoint=address,
    )
    await give(engine, 1, "")
    async with contextlib.AsyncExitStack() as stack:
        made = await stack.enter_async_context(
            open_feedback(settings, FeedbackOutbox(engine), traced)
        )
        assert (made is not None) == bool(key)
        if made is not None:
            await made.send_due()
    assert bool(langsmith.paths) == bool(key)
