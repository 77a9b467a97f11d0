"""Conversations in a real database, with the writes as Chainlit sends them."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from chainlit.context import context_var
from chainlit.types import Feedback, Pagination, ThreadFilter
from chainlit.user import User
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.errors import NotFoundError
from app.chat.data_layer import ChatDataLayer
from app.chat.turns import Turn, TurnStore


@pytest.fixture(autouse=True)
def _session() -> Any:
    """Chainlit's queueing decorator looks for a session; this one has begun to talk."""
    token = context_var.set(SimpleNamespace(session=None))  # type: ignore[arg-type]
    yield
    context_var.reset(token)


@pytest.fixture
def layer(engine: AsyncEngine) -> ChatDataLayer:
    return ChatDataLayer(engine)


async def thread_of(layer: ChatDataLayer, name: str, thread_id: str) -> str:
    user = await layer.create_user(User(identifier=name))
    assert user is not None
    await layer.update_thread(thread_id, name=f"{name}'s thread", user_id=user.id)
    return user.id


def step(thread_id: str, id_: str, **more: Any) -> Any:
    body = {"id": id_, "threadId": thread_id, "type": "run", "name": "on_message", "output": ""}
    return {**body, "createdAt": "2026-01-01T00:00:00.000000Z", **more}


async def test_a_user_is_made_once(layer: ChatDataLayer) -> None:
    first = await layer.create_user(User(identifier="alice", metadata={"a": 1}))
    second = await layer.create_user(User(identifier="alice", metadata={"a": 2}))
    assert first is not None
    assert second is not None
    assert (first.id, second.metadata) == (second.id, {"a": 2})


async def test_an_unknown_thread_is_nothing_and_not_an_error(layer: ChatDataLayer) -> None:
    assert await layer.get_thread("none") is None
    assert await layer.get_thread_author("none") == ""


async def test_steps_come_back_in_their_order(layer: ChatDataLayer) -> None:
    await thread_of(layer, "alice", "t1")
    await layer.create_step(step("t1", "late", createdAt="2026-01-02T00:00:00.000000Z"))
    await layer.create_step(step("t1", "early"))
    thread = await layer.get_thread("t1")
    assert thread is not None
    assert [one["id"] for one in thread["steps"]] == ["early", "late"]


async def test_the_last_of_many_detached_writes_of_a_step_wins(layer: ChatDataLayer) -> None:
    await thread_of(layer, "alice", "t1")
    writes = [layer.update_step(step("t1", "s1", output=str(number))) for number in range(30)]
    await asyncio.gather(*(asyncio.create_task(write) for write in writes))
    thread = await layer.get_thread("t1")
    assert thread is not None
    assert thread["steps"][0]["output"] == "29"


async def test_a_step_cannot_be_moved_into_another_thread(layer: ChatDataLayer) -> None:
    await thread_of(layer, "alice", "t1")
    await thread_of(layer, "bob", "t2")
    await layer.create_step(step("t1", "s1", output="mine"))
    await layer.update_step(step("t2", "s1", output="stolen"))
    thread = await layer.get_thread("t1")
    assert thread is not None
    assert thread["steps"][0]["output"] == "mine"


async def test_feedback_is_kept_changed_and_taken_back(
    layer: ChatDataLayer, engine: AsyncEngine
) -> None:
    await thread_of(layer, "alice", "t1")
    await layer.create_step(step("t1", "run1"))
    await TurnStore(engine).save(Turn("run1", "t1", "an-1", "result"))
    first = await layer.upsert_feedback(Feedback(forId="run1", value=1, threadId="t1"))
    second = await layer.upsert_feedback(
        Feedback(forId="run1", value=0, threadId="t1", comment="wrong year", id="forged")
    )
    assert first == second, "one row for a user and a message, whatever id the client sends"
    thread = await layer.get_thread("t1")
    assert thread is not None
    assert thread["steps"][0]["feedback"] == {
        "id": first,
        "forId": "run1",
        "value": 0,
        "comment": "wrong year",
    }
    assert await layer.get_feedback_owner(first) == "alice"
    assert await layer.delete_feedback(first)
    assert await layer.get_feedback_owner(first) is None


async def test_feedback_carries_the_analysis_it_is_about(
    layer: ChatDataLayer, engine: AsyncEngine
) -> None:
    import sqlalchemy as sa

    from agent.memory.chat_tables import chat_feedback

    await thread_of(layer, "alice", "t1")
    await layer.create_step(step("t1", "run1"))
    await TurnStore(engine).save(Turn("run1", "t1", "an-1", "answer"))
    await layer.upsert_feedback(Feedback(forId="run1", value=1))
    async with engine.connect() as connection:
        row = (await connection.execute(sa.select(chat_feedback))).mappings().one()
    assert (row["analysis_id"], row["turn_kind"], row["thread_id"]) == ("an-1", "answer", "t1")


async def test_feedback_on_a_message_that_is_not_stored_is_refused(layer: ChatDataLayer) -> None:
    with pytest.raises(NotFoundError):
        await layer.upsert_feedback(Feedback(forId="nowhere", value=1))


async def test_threads_are_listed_page_by_page_newest_first(layer: ChatDataLayer) -> None:
    user_id = ""
    for number in range(5):
        user_id = await thread_of(layer, "alice", f"t{number}")
        await layer.create_step(step(f"t{number}", f"s{number}"))
    await thread_of(layer, "bob", "other")
    mine = ThreadFilter(userId=user_id)
    first = await layer.list_threads(Pagination(first=3), mine)
    rest = await layer.list_threads(Pagination(first=3, cursor=first.pageInfo.endCursor), mine)
    listed = [thread["id"] for thread in [*first.data, *rest.data]]
    assert listed == ["t4", "t3", "t2", "t1", "t0"]
    assert (first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage) == (True, False)


async def test_threads_are_searched_by_name_and_by_thumb(layer: ChatDataLayer) -> None:
    user_id = await thread_of(layer, "alice", "t1")
    await layer.update_thread("t1", name="100% cement")
    await layer.update_thread("t2", name="Airlines", user_id=user_id)
    await layer.create_step(step("t2", "run2"))
    await layer.upsert_feedback(Feedback(forId="run2", value=0))

    async def found(**filters: Any) -> list[str]:
        page = await layer.list_threads(
            Pagination(first=9), ThreadFilter(userId=user_id, **filters)
        )
        return [thread["id"] for thread in page.data]

    assert await found(search="100%") == ["t1"]
    assert await found(search="AIRLINES") == ["t2"]
    assert await found(feedback=0) == ["t2"]
    assert await found(feedback=1) == []


async def test_a_deleted_thread_takes_everything_with_it(
    layer: ChatDataLayer, engine: AsyncEngine
) -> None:
    import sqlalchemy as sa

    from agent.memory import chat_tables

    await thread_of(layer, "alice", "t1")
    await layer.create_step(step("t1", "run1"))
    await TurnStore(engine).save(Turn("run1", "t1", "an-1", "result"))
    await layer.upsert_feedback(Feedback(forId="run1", value=1))
    await layer.delete_thread("t1")
    async with engine.connect() as connection:
        for table in ("chat_threads", "chat_steps", "chat_turns", "chat_feedback"):
            rows = await connection.execute(
                sa.select(sa.func.count()).select_from(chat_tables.metadata.tables[table])
            )
            assert rows.scalar_one() == 0, table


async def test_metadata_is_merged_and_a_none_removes(layer: ChatDataLayer) -> None:
    await layer.update_thread("t1", metadata={"a": 1, "b": 2})
    await layer.update_thread("t1", metadata={"b": None, "c": 3})
    thread = await layer.get_thread("t1")
    assert thread is not None
    assert thread["metadata"] == {"a": 1, "c": 3}


async def test_the_latest_request_is_what_a_follow_up_is_about(engine: AsyncEngine) -> None:
    turns = TurnStore(engine)
    await turns.save(Turn("r1", "t1", "an-1", "request"))
    await turns.save(Turn("r2", "t1", "an-2", "request"))
    await turns.save(Turn("r3", "t1", "an-1", "answer"))
    await turns.save(Turn("r4", "t2", "an-9", "request"))
    assert await turns.latest_analysis("t1") == "an-2"
    assert await turns.latest_analysis("t0") is None
