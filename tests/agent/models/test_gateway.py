"""Real client libraries over real HTTP: what a call ends with, and what the ledger says of it."""

import asyncio
import logging
import threading

import pytest

from agent.ledger import Budget, BudgetError
from agent.models.gateway import CallContext
from agent.models.outcome import Answered, Unanswered
from agent.models.settings import ModelSettings
from tests.fakes.llm.bench import PAGE_TEXT, PARIS, Bench, Capital, in_turn, question
from tests.fakes.llm.providers import (
    BEDROCK,
    EVERY_MODEL,
    GEMINI,
    GEMINI_KEY,
    OLLAMA,
    ONE_A_PROVIDER,
    OPENAI,
    OPENAI_KEY,
    at,
)
from tests.fakes.llm.server import Barrier
from tests.fakes.llm.wire import Call, Reply

BUSY = Reply(status=429, retry_after=0.2)


@pytest.mark.parametrize("model", EVERY_MODEL)
async def test_gives_the_answer_in_the_shape_asked_for(bench: Bench, model: str) -> None:
    outcome = await bench.ask(model)
    assert outcome == Answered(Capital(city="Paris", known_as=["Lutetia"]), model)
    [call] = bench.calls
    assert call.user == PAGE_TEXT
    assert "You know capitals." in call.system
    assert set(call.wanted["properties"]) == {"city", "known_as"}
    assert not call.stream or model == OLLAMA  # its client streams under every call
    assert bench.server.seen.refused == []


@pytest.mark.parametrize("model", EVERY_MODEL)
async def test_bounds_the_length_of_the_reply(bench: Bench, model: str) -> None:
    await bench.ask(model)
    limit = bench.calls[0].max_tokens
    assert limit is not None
    assert 500 <= limit <= 500 + 8192


@pytest.mark.parametrize("model", EVERY_MODEL)
async def test_counts_tokens_and_writes_one_row(bench: Bench, model: str) -> None:
    bench.answer(Reply(text=PARIS, input_tokens=1200, output_tokens=80))
    context = CallContext(analysis="a1", thread="t1", company="Nordkalk")
    await bench.ask(model, context)
    [row] = bench.rows
    assert (row.input_tokens, row.output_tokens, row.status) == (1200, 80, "ok")
    assert (row.analysis, row.thread, row.company) == ("a1", "t1", "Nordkalk")
    assert (row.prompt, row.arm, row.prompt_sha) == ("capitals", "a", "0123456789ab")
    assert (row.role, row.attempt, row.reason) == ("summarize", 1, "")
    assert model.endswith(row.model)
    assert context.budget.usage.input_tokens == 1200
    assert context.budget.usage.model_calls == 1


@pytest.mark.parametrize("model", (GEMINI, BEDROCK, OPENAI))
async def test_tokens_read_from_the_providers_cache_are_told_apart(
    bench: Bench, model: str
) -> None:
    bench.answer(Reply(text=PARIS, input_tokens=1200, cached_tokens=1000))
    await bench.ask(model)
    assert bench.rows[0].cached_tokens == 1000
    assert bench.rows[0].input_tokens == 1200


async def test_cost_is_known_for_listed_models_and_null_for_others(bench: Bench) -> None:
    bench.answer(Reply(text=PARIS, input_tokens=1_000_000, output_tokens=0))
    for model in (GEMINI, BEDROCK, OPENAI, OLLAMA, "gemini:gemini-of-tomorrow"):
        await bench.ask(model)
    costs = [row.usd for row in bench.rows]
    assert all(cost is not None and cost > 0 for cost in costs[:2])
    # OpenAI's list prices do not hold at an address that is not OpenAI's.
    assert costs[2:] == [None, None, None]


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
async def test_waits_as_told_when_busy_and_then_succeeds(bench: Bench, model: str) -> None:
    bench.answer(in_turn(BUSY, Reply(text=PARIS)))
    outcome = await bench.ask(model)
    assert isinstance(outcome, Answered)
    assert [row.status for row in bench.rows] == ["failed", "ok"]
    assert [row.attempt for row in bench.rows] == [1, 2]
    assert bench.rows[0].http_status == 429
    started = [row.at for row in bench.rows]
    assert _seconds_between(*started) >= 0.2


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
@pytest.mark.parametrize("status", (500, 503))
async def test_tries_again_when_the_provider_fails(bench: Bench, model: str, status: int) -> None:
    bench.answer(in_turn(Reply(status=status), Reply(text=PARIS)))
    assert isinstance(await bench.ask(model), Answered)
    assert len(bench.calls) == 2


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
@pytest.mark.parametrize("status", (400, 403, 404))
async def test_asks_once_when_the_request_is_refused(bench: Bench, model: str, status: int) -> None:
    bench.answer(Reply(status=status, error=f"bad: {PAGE_TEXT}"))
    outcome = await bench.ask(model)
    assert isinstance(outcome, Unanswered)
    assert outcome.lack == "failed"
    assert f"HTTP {status}" in outcome.reason
    assert PAGE_TEXT not in str(outcome)
    assert len(bench.calls) == 1
    assert bench.rows[0].http_status == status


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
async def test_gives_up_a_call_at_its_deadline(bench: Bench, model: str) -> None:
    bench.answer(Reply(text=PARIS, delay=30))
    outcome = await bench.ask(model, timeout_seconds=0.5, attempts=1)
    assert isinstance(outcome, Unanswered)
    assert outcome.reason == f"{model} did not answer within 0.5 s."
    assert "ISRA_MODEL_TIMEOUT" in outcome.do
    assert [row.status for row in bench.rows] == ["failed"]


async def test_a_pause_longer_than_a_minute_is_not_waited_for(bench: Bench) -> None:
    bench.answer(Reply(status=429, retry_after=3600))
    outcome = await bench.ask(OPENAI, timeout_seconds=0.5)
    assert isinstance(outcome, Unanswered)
    assert "3600 s" in outcome.reason
    assert len(bench.calls) == 1


@pytest.mark.parametrize("model", (GEMINI, BEDROCK, OPENAI))
async def test_a_reply_held_back_by_a_filter_is_blocked(bench: Bench, model: str) -> None:
    bench.answer(Reply(text="", finish="blocked"))
    outcome = await bench.ask(model)
    assert isinstance(outcome, Unanswered)
    assert outcome.lack == "blocked"
    assert bench.rows[-1].status == "blocked"


@pytest.mark.parametrize(
    ("model", "lack"), ((GEMINI, "blocked"), (BEDROCK, "refused"), (OPENAI, "refused"))
)
async def test_a_model_that_refuses_is_told_from_a_bad_reply(
    bench: Bench, model: str, lack: str
) -> None:
    bench.answer(Reply(text="I cannot help with that.", finish="refused"))
    outcome = await bench.ask(model)
    assert isinstance(outcome, Unanswered)
    assert outcome.lack == lack


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
async def test_half_a_document_is_never_taken_for_a_whole_one(bench: Bench, model: str) -> None:
    bench.answer(Reply(text=PARIS[:20], finish="length", input_tokens=50, output_tokens=9))
    outcome = await bench.ask(model)
    assert isinstance(outcome, Unanswered)
    assert outcome.lack == "truncated"
    # It is paid for all the same.
    assert (bench.rows[-1].input_tokens, bench.rows[-1].output_tokens) == (50, 9)


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
@pytest.mark.parametrize("text", ("Sure! Paris.", PARIS[:20], '{"town": "Paris"}', "[]", ""))
async def test_a_reply_in_another_form_is_unparseable(bench: Bench, model: str, text: str) -> None:
    bench.answer(Reply(text=text))
    outcome = await bench.ask(model)
    assert isinstance(outcome, Unanswered)
    assert outcome.lack == "unparseable"


@pytest.mark.parametrize("model", (OPENAI, OLLAMA))
async def test_a_document_in_a_code_fence_or_after_thoughts_is_read(
    bench: Bench, model: str
) -> None:
    for text in (f"```json\n{PARIS}\n```", f"<think>hm</think>\n{PARIS}"):
        bench.answer(Reply(text=text))
        assert isinstance(await bench.ask(model), Answered)


@pytest.mark.parametrize("model", (GEMINI, OPENAI))
async def test_a_reply_without_end_is_cut_at_the_deadline(bench: Bench, model: str) -> None:
    bench.answer(Reply(text="never ends ", endless=True))
    outcome = await bench.ask(model, timeout_seconds=1, attempts=1)
    assert isinstance(outcome, Unanswered)
    assert outcome.lack == "failed"


async def test_the_fallback_model_answers_where_the_first_cannot(bench: Bench) -> None:
    def respond(call: Call) -> Reply:
        return Reply(status=403) if call.provider == "gemini" else Reply(text=PARIS)

    bench.answer(respond)
    outcome = await bench.ask(GEMINI, fallback=at(OLLAMA, bench.url))
    assert isinstance(outcome, Answered)
    assert outcome.model == OLLAMA
    assert [row.provider for row in bench.rows] == ["gemini", "ollama"]


async def test_each_role_has_its_own_model(bench: Bench) -> None:
    await bench.ask(GEMINI, summarize="gemini:gemini-2.5-flash-lite")
    assert bench.calls[0].model == "gemini-2.5-flash-lite"


async def test_no_more_calls_at_once_than_the_gate_allows(bench: Bench) -> None:
    bench.answer(Reply(text=PARIS, delay=0.05))
    gateway = bench.gateway(OPENAI, concurrency=3)
    await asyncio.gather(*(gateway.ask(question(), CallContext()) for _ in range(12)))
    assert len(bench.calls) == 12
    assert bench.server.seen.peak <= 3


async def test_waiting_for_a_turn_does_not_count_against_the_deadline(bench: Bench) -> None:
    bench.answer(Reply(text=PARIS, delay=0.4))
    gateway = bench.gateway(OPENAI, concurrency=1, timeout_seconds=1.2)
    outcomes = await asyncio.gather(*(gateway.ask(question(), CallContext()) for _ in range(5)))
    assert all(isinstance(outcome, Answered) for outcome in outcomes)


async def test_twenty_four_bedrock_calls_run_side_by_side(bench: Bench) -> None:
    together = Barrier(24)

    async def respond(call: Call) -> Reply:
        return Reply(text=PARIS if await together.wait() else "alone")

    bench.answer(respond)
    gateway = bench.gateway(BEDROCK, concurrency=24, timeout_seconds=60)
    outcomes = await asyncio.gather(*(gateway.ask(question(), CallContext()) for _ in range(24)))
    assert all(isinstance(outcome, Answered) for outcome in outcomes)
    assert bench.server.seen.peak == 24


async def test_cancelled_bedrock_calls_hold_up_nothing_else(bench: Bench) -> None:
    arrived, release = Barrier(24), threading.Event()

    async def respond(call: Call) -> Reply:
        if len(bench.calls) <= 24:
            await arrived.wait()
            loop.call_soon_threadsafe(all_there.set)
            await asyncio.to_thread(release.wait, 30)
        return Reply(text=PARIS)

    loop, all_there = asyncio.get_running_loop(), asyncio.Event()
    bench.answer(respond)
    gateway = bench.gateway(BEDROCK, concurrency=24, timeout_seconds=60)
    calls = [asyncio.create_task(gateway.ask(question(), CallContext())) for _ in range(24)]
    try:
        await all_there.wait()
        for call in calls:
            call.cancel()
        await asyncio.wait(calls)
        # Their threads still wait for the server; files and further calls do not.
        assert await asyncio.to_thread(lambda: "read") == "read"
        assert isinstance(await gateway.ask(question(), CallContext()), Answered)
    finally:
        release.set()


@pytest.mark.parametrize("model", EVERY_MODEL)
async def test_a_stream_gives_the_text_in_pieces_and_the_outcome_last(
    bench: Bench, model: str
) -> None:
    bench.answer(Reply(text=PARIS, input_tokens=40, output_tokens=7))
    items = [item async for item in bench.gateway(model).stream(question(), CallContext())]
    assert "".join(item for item in items[:-1] if isinstance(item, str)) == PARIS
    assert len(items) > 3
    assert isinstance(items[-1], Answered)
    assert bench.calls[0].stream
    assert (bench.rows[0].input_tokens, bench.rows[0].output_tokens) == (40, 7)


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
async def test_a_cut_stream_ends_as_failed(bench: Bench, model: str) -> None:
    bench.answer(Reply(text=PARIS, cut_after=2))
    items = [item async for item in bench.gateway(model).stream(question(), CallContext())]
    assert isinstance(items[-1], Unanswered)
    assert items[-1].lack == "failed"
    assert [row.status for row in bench.rows] == ["failed"]


async def test_a_deadline_never_strikes_whoever_reads_the_stream(bench: Bench) -> None:
    bench.answer(Reply(text=PARIS, endless=True))
    items = []
    async for item in bench.gateway(OPENAI, timeout_seconds=0.5).stream(question(), CallContext()):
        items.append(item)
        await asyncio.sleep(0.7 if len(items) == 1 else 0)
    assert isinstance(items[-1], Unanswered)


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
async def test_a_stream_without_end_is_cut_at_the_deadline(bench: Bench, model: str) -> None:
    bench.answer(Reply(text=PARIS, endless=True))
    stream = bench.gateway(model, timeout_seconds=0.5).stream(question(), CallContext())
    items = [item async for item in stream]
    assert isinstance(items[-1], Unanswered)
    assert "did not answer within 0.5 s" in items[-1].reason


@pytest.mark.parametrize("model", ONE_A_PROVIDER)
async def test_a_stream_nobody_reads_on_is_stopped_and_written_down(
    bench: Bench, model: str
) -> None:
    bench.answer(Reply(text=PARIS, endless=True))
    stream = bench.gateway(model, timeout_seconds=600).stream(question(), CallContext())
    await anext(stream)
    await stream.aclose()
    assert [row.status for row in bench.rows] == ["failed"]
    assert bench.rows[0].reason == "The call was cancelled."


async def test_a_cancelled_call_is_written_down(bench: Bench) -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    def respond(call: Call) -> Reply:
        loop.call_soon_threadsafe(arrived.set)
        return Reply(text=PARIS, delay=30)

    bench.answer(respond)
    call = asyncio.create_task(bench.ask(OPENAI))
    await arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert [row.reason for row in bench.rows] == ["The call was cancelled."]


async def test_a_spent_budget_stops_before_the_call(bench: Bench) -> None:
    bench.answer(Reply(text=PARIS, input_tokens=900, output_tokens=50))
    context = CallContext(budget=Budget(tokens=1200))
    assert isinstance(await bench.ask(GEMINI, context), Answered)
    with pytest.raises(BudgetError, match="950 of 1,200 tokens"):
        await bench.ask(GEMINI, context)
    assert len(bench.calls) == 1


async def test_calls_side_by_side_cannot_overdraw_a_budget(bench: Bench) -> None:
    bench.answer(Reply(text=PARIS, input_tokens=100, output_tokens=100, delay=0.05))
    context = CallContext(budget=Budget(tokens=1100))
    gateway = bench.gateway(GEMINI)
    outcomes = await asyncio.gather(
        *(gateway.ask(question(), context) for _ in range(10)), return_exceptions=True
    )
    usage = context.budget.usage
    assert usage.input_tokens + usage.output_tokens <= 1100
    assert any(isinstance(outcome, Answered) for outcome in outcomes)
    assert any(isinstance(outcome, BudgetError) for outcome in outcomes)


async def test_neither_key_nor_page_text_reaches_the_logs(
    bench: Bench, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    told = f"no such key {GEMINI_KEY} {OPENAI_KEY} jane.doe@example.org {PAGE_TEXT}"
    for model in EVERY_MODEL:
        for reply in (Reply(text=PARIS), Reply(text=told), Reply(status=400, error=told)):
            bench.answer(reply)
            await bench.ask(model)
    printed = caplog.text + "".join(capsys.readouterr())
    assert "model call" in printed
    for secret in (GEMINI_KEY, OPENAI_KEY, "fake-secret-access-key", "jane.doe", PAGE_TEXT):
        assert secret not in printed
    assert all("jane.doe" not in str(row) and PAGE_TEXT not in str(row) for row in bench.rows)


def test_settings_do_not_print_their_keys() -> None:
    settings = ModelSettings(gemini_api_key=GEMINI_KEY)
    assert GEMINI_KEY not in repr(settings)
    assert GEMINI_KEY not in settings.model_dump_json()


def _seconds_between(first: str, second: str) -> float:
    from datetime import datetime

    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()
