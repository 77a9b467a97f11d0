"""Thumbs down become cases for a person; labels given stay, nothing names a user."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.errors import InputError
from agent.memory.chat_tables import chat_feedback, chat_steps, chat_threads
from agent.memory.database import make_engine
from agent.memory.schema import metadata
from evals.harvest import add_cases, read_cases

AT = "2026-11-22T10:00:0{}Z"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    made = make_engine(f"sqlite:///{tmp_path / 'isra.db'}")
    async with made.begin() as connection:
        await connection.run_sync(metadata.create_all)
        thread = {"id": "t-1", "metadata": {}, "created_at": AT, "updated_at": AT}
        await connection.execute(chat_threads.insert().values(thread))
        bodies = [
            {"id": "q-1", "type": "user_message", "output": "What is Scope 1 of Acme?"},
            {"id": "s-1", "type": "run"},
            {"id": "m-1", "parentId": "s-1", "type": "assistant_message", "output": "It was 13."},
            {"id": "q-2", "type": "user_message", "output": "And water?"},
        ]
        for number, body in enumerate(bodies):
            step = {"id": body["id"], "thread_id": "t-1", "created_at": AT.format(number)}
            await connection.execute(chat_steps.insert().values(**step, favorite=False, body=body))
        for name, value in (("down", 0), ("up", 1)):
            await connection.execute(
                chat_feedback.insert().values(
                    id=name,
                    for_id="s-1",
                    thread_id="t-1",
                    user_identifier=f"ada-{name}",
                    analysis_id="an-1",
                    turn_kind="answer",
                    generated_by="gemini:flash answer/a@0123456789ab",
                    value=value,
                    comment="It is 12.5, ask jane@example.org.",
                    created_at=AT,
                    updated_at=AT,
                )
            )
    yield made
    await made.dispose()


async def test_only_thumbs_down_come_with_what_was_asked_and_shown(engine: AsyncEngine) -> None:
    [case] = await read_cases(engine)
    assert (case["id"], case["about"]) == ("down", "answer")
    assert (case["asked"], case["shown"]) == ("What is Scope 1 of Acme?", "It was 13.")
    assert case["comment"] == "It is 12.5, ask <e-mail>."
    assert case["label"] == {"verdict": None, "expected": None}
    assert "ada" not in str(case)


async def test_a_label_that_was_given_stays_and_no_case_comes_twice(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    cases = await read_cases(engine)
    path = tmp_path / "review" / "cases.yaml"
    assert add_cases(path, cases) == 1
    kept: list[dict[str, Any]] = yaml.safe_load(path.read_text())
    kept[0]["label"] = {"verdict": "wrong", "expected": "12.5 kt, page 4"}
    path.write_text(yaml.safe_dump(kept))
    assert add_cases(path, cases) == 0
    assert yaml.safe_load(path.read_text())[0]["label"]["verdict"] == "wrong"
    assert path.read_text().startswith("# Answers people were not content with")


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.yaml"
    path.write_text("- just a note\n")
    with pytest.raises(InputError):
        add_cases(path, [])
    assert path.read_text() == "- just a note\n"
