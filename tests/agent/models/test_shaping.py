"""Servers that speak OpenAI's format and know less of it than OpenAI's own."""

import asyncio
import json
import logging

import pytest

from agent.models.gateway import CallContext
from agent.models.outcome import Answered, Unanswered
from tests.fakes.llm.bench import PARIS, Bench, Capital, question
from tests.fakes.llm.providers import BEDROCK, GEMINI, OPENAI
from tests.fakes.llm.wire import Call, Reply


def server(*known: str):  # type: ignore[no-untyped-def]
    """A server that takes these response formats only, and JSON only where it is asked for."""

    def respond(call: Call) -> Reply:
        asked = (call.body.get("response_format") or {}).get("type", "text")
        if asked not in known:
            return Reply(status=400, error=f"Invalid parameter: 'response_format' of type {asked}")
        in_prompt = '"city"' in call.system
        return Reply(text=PARIS if in_prompt or asked == "json_schema" else "Paris.")

    return respond


@pytest.mark.parametrize(
    ("known", "tried"),
    (
        (("json_schema", "json_object", "text"), ["json_schema"]),
        (("json_object", "text"), ["json_schema", "json_object"]),
        (("text",), ["json_schema", "json_object", "text"]),
    ),
)
async def test_the_next_way_is_taken_where_a_server_refuses_the_schema(
    bench: Bench, known: tuple[str, ...], tried: list[str]
) -> None:
    bench.answer(server(*known))
    assert await bench.ask(OPENAI) == Answered(Capital(city="Paris", known_as=["Lutetia"]), OPENAI)
    formats = [(call.body.get("response_format") or {}).get("type", "text") for call in bench.calls]
    assert formats == tried
    assert [row.status for row in bench.rows] == ["failed"] * (len(tried) - 1) + ["ok"]


async def test_what_was_found_out_holds_for_the_process_and_is_logged_once(
    bench: Bench, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    bench.answer(server("json_object"))
    gateway = bench.gateway(OPENAI)
    first = await asyncio.gather(*(gateway.ask(question(), CallContext()) for _ in range(6)))
    asked = len(bench.calls)
    last = await gateway.ask(question(), CallContext())
    assert all(isinstance(outcome, Answered) for outcome in (*first, last))
    assert len(bench.calls) == asked + 1
    printed = caplog.text + "".join(capsys.readouterr())
    assert printed.count("model cannot be given a schema") == 1


async def test_a_stream_takes_the_next_way_too(bench: Bench) -> None:
    bench.answer(server("text"))
    gateway = bench.gateway(OPENAI)
    await gateway.ask(question(), CallContext())
    bench.answer(server("text"))
    items = [item async for item in bench.gateway(OPENAI).stream(question(), CallContext())]
    known = [item async for item in gateway.stream(question(), CallContext())]
    assert isinstance(known[-1], Answered)
    assert json.loads("".join(item for item in known[:-1] if isinstance(item, str)))
    # A stream tries the next way once; the call that follows a broken stream goes on from there.
    assert isinstance(items[-1], Unanswered)


@pytest.mark.parametrize("model", (OPENAI, GEMINI, BEDROCK))
async def test_any_other_refusal_is_not_taken_for_one_of_the_schema(
    bench: Bench, model: str
) -> None:
    bench.answer(Reply(status=400, error="The context is too long."))
    assert isinstance(await bench.ask(model), Unanswered)
    assert len(bench.calls) == 1
