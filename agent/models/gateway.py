"""The one way to a model: gate, deadline, retry, fallback, budget and ledger around each call."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, cast
from uuid import uuid4

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.runnables import RunnableConfig

from agent.errors import IsraError
from agent.ledger import Budget, LedgerRow, LedgerSink, MemoryLedger, Tokens
from agent.limits import LONGEST_WAIT, Gates, retry_after, retrying, status_of
from agent.logs import get_logger
from agent.models.factory import ModelFactory
from agent.models.failure import describe
from agent.models.meter import CANCELLED, CallMeter, measure, price
from agent.models.outcome import Answered, Outcome, T, lacking, read_reply
from agent.models.settings import ModelSettings
from agent.models.shaping import Chat, Shaping, Way, in_words, shaped
from agent.models.spec import ModelSpec, Role
from agent.models.tokens import estimate_tokens
from agent.prompts.registry import Rendered

log = get_logger(__name__)


@dataclass(frozen=True)
class Request(Generic[T]):
    """One question to the model of a role, and the shape its answer must have."""

    role: Role
    prompt: Rendered
    shape: type[T]

    def messages(self, more: str = "") -> list[tuple[str, str]]:
        """The messages as client libraries take them; `more` ends the system's."""
        return [("system", f"{self.prompt.system}{more}"), ("human", self.prompt.user)]

    @property
    def estimated_tokens(self) -> int:
        """Upper estimate of what the prompt holds."""
        return estimate_tokens(self.prompt.system) + estimate_tokens(self.prompt.user)


@dataclass
class Allowance:
    """Prompt tokens (estimated) that the calls for one purpose may read together."""

    left: int

    def covers(self, tokens: int) -> bool:
        """Whether a call with that prompt still fits."""
        return tokens <= self.left


@dataclass(frozen=True)
class CallContext:
    """On whose behalf a call is made: for the ledger, the budget and the choice of prompts."""

    analysis: str = ""
    thread: str = ""
    company: str = ""
    budget: Budget = field(default_factory=Budget)
    allowance: Allowance | None = None


@dataclass
class _Attempt:
    """One attempt under way, and what becomes known about it."""

    spec: ModelSpec
    number: int
    way: Way
    meter: CallMeter = field(default_factory=CallMeter)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: str = "failed"
    reason: str = CANCELLED
    http_status: int | None = None
    timed_out: bool = False


class ModelGateway:
    """Calls models for a whole process; make one and share it."""

    def __init__(
        self,
        settings: ModelSettings,
        *,
        sink: LedgerSink | None = None,
        gates: Gates | None = None,
        factory: ModelFactory | None = None,
    ) -> None:
        self.settings = settings
        self.sink = sink or MemoryLedger()
        self._gates = gates or Gates(settings.concurrency, settings.calls_per_minute)
        self._factory = factory or ModelFactory(settings)
        self._shaping = Shaping()

    async def ask(self, request: Request[T], context: CallContext) -> Outcome[T]:
        """The model's answer, or the fallback model's where the first gave none.

        Raises BudgetError before a call the budget does not cover, and ConfigurationError
        where a package or key is missing.
        """
        spec = self.settings.spec(request.role)
        outcome = await self._ask(spec, request, context)
        fallback = self.settings.fallback_spec
        if isinstance(outcome, Answered) or fallback is None or fallback == spec:
            return outcome
        allowance = context.allowance
        if allowance is not None and not allowance.covers(request.estimated_tokens):
            return outcome
        log.warning("model fallback", role=request.role, lack=outcome.lack, model=str(fallback))
        second = await self._ask(fallback, request, context)
        return second if isinstance(second, Answered) else outcome

    async def stream(
        self, request: Request[T], context: CallContext
    ) -> AsyncGenerator["str | Outcome[T]"]:
        """The reply's text piece by piece, then its outcome, which is always the last item.

        A stream is tried once, with the role's own model: what was given out cannot be taken
        back, so who wants another try asks again with `ask`.
        """
        # A task of its own: a deadline must interrupt the call, never whoever reads the pieces.
        pieces: asyncio.Queue[str | Outcome[T] | IsraError] = asyncio.Queue()
        pump = asyncio.create_task(self._pump(request, context, pieces))
        try:
            while isinstance(piece := await pieces.get(), str):
                yield piece
            if isinstance(piece, IsraError):
                raise piece
            yield piece
        finally:
            pump.cancel()
            await asyncio.wait([pump])

    async def _pump(
        self,
        request: Request[T],
        context: CallContext,
        pieces: "asyncio.Queue[str | Outcome[T] | IsraError]",
    ) -> None:
        spec = self.settings.spec(request.role)
        attempt = self._attempt(spec, 1)
        outcome: Outcome[T] | IsraError = lacking("failed")
        try:
            try:
                outcome = await self._stream(attempt, request, context, pieces)
            except Exception as error:
                if not self._shaping.stepped_down(spec, attempt.way, error):
                    raise
                attempt = self._attempt(spec, 2)
                outcome = await self._stream(attempt, request, context, pieces)
        except IsraError as error:
            outcome = error
        except Exception as error:  # noqa: BLE001 - any library's error becomes an outcome
            outcome = describe(error, spec, self.settings.timeout_seconds)
        finally:
            pieces.put_nowait(outcome)

    async def _stream(
        self,
        attempt: _Attempt,
        request: Request[T],
        context: CallContext,
        pieces: "asyncio.Queue[str | Outcome[T] | IsraError]",
    ) -> Outcome[T]:
        whole: AIMessageChunk | None = None
        async with self._call(attempt, request, context) as (chat, messages, config):
            async for piece in chat.astream(messages, config):
                chunk = cast(AIMessageChunk, piece)
                whole = chunk if whole is None else whole + chunk
                if text := _written(chunk):
                    pieces.put_nowait(text)
            return _judge(whole, request, attempt)

    async def _ask(self, spec: ModelSpec, request: Request[T], context: CallContext) -> Outcome[T]:
        attempt = self._attempt(spec, 0)
        try:
            async for trial in retrying(self.settings.attempts, 2 * self.settings.timeout_seconds):
                with trial:
                    while True:
                        attempt = self._attempt(spec, attempt.number + 1)
                        try:
                            return await self._once(attempt, request, context)
                        except Exception as error:
                            if not self._shaping.stepped_down(spec, attempt.way, error):
                                raise
        except IsraError:
            raise
        except Exception as error:  # noqa: BLE001 - any library's error becomes an outcome
            return describe(error, spec, self.settings.timeout_seconds)
        return lacking("failed")

    async def _once(
        self, attempt: _Attempt, request: Request[T], context: CallContext
    ) -> Outcome[T]:
        async with self._call(attempt, request, context) as (chat, messages, config):
            reply = await chat.ainvoke(messages, config)
            return _judge(reply, request, attempt)

    def _attempt(self, spec: ModelSpec, number: int) -> _Attempt:
        return _Attempt(spec, number, self._shaping.way(spec))

    @asynccontextmanager
    async def _call(
        self, attempt: _Attempt, request: Request[Any], context: CallContext
    ) -> AsyncIterator[tuple[Chat, list[tuple[str, str]], RunnableConfig]]:
        """One attempt's surroundings: budget, turn, deadline, and its row in the ledger."""
        spec, settings = attempt.spec, self.settings
        chat = await self._chat(attempt, request)
        words = in_words(request.shape, spec, attempt.way)
        tokens = request.estimated_tokens + estimate_tokens(words)
        most = Tokens(read=tokens, written=request.prompt.max_output_tokens)
        gate = self._gates.of(spec.provider)
        async with context.budget.hold(most.total, price(spec, most)), gate.turn():
            attempt.meter = CallMeter()
            attempt.started = datetime.now(UTC)
            try:
                async with asyncio.timeout(settings.timeout_seconds):
                    yield chat, request.messages(words), _config(request, attempt, context)
            except Exception as error:
                failure = describe(error, spec, settings.timeout_seconds)
                attempt.status, attempt.reason = failure.lack, failure.reason
                attempt.http_status = status_of(error)
                attempt.timed_out = failure.timed_out
                if (pause := retry_after(error) or 0) <= LONGEST_WAIT:
                    gate.pause(pause)
                raise
            finally:
                if context.allowance is not None and attempt.meter.tokens is not None:
                    context.allowance.left -= tokens
                await self._record(attempt, request, context)

    async def _chat(self, attempt: _Attempt, request: Request[Any]) -> Chat:
        spec = attempt.spec
        model = await asyncio.to_thread(self._factory.build, spec, request.prompt.max_output_tokens)
        await asyncio.to_thread(price, spec, Tokens())
        return shaped(model, spec, request.shape, attempt.way)

    async def _record(self, attempt: _Attempt, request: Request[Any], context: CallContext) -> None:
        """Write the row even where the task is being cancelled; the call is paid for."""
        meter, spec, prompt = attempt.meter, attempt.spec, request.prompt
        usd = price(spec, meter.tokens, meter.model)
        context.budget.charge(meter.tokens, usd)
        row = LedgerRow(
            id=uuid4().hex,
            at=attempt.started.isoformat(),
            analysis=context.analysis,
            thread=context.thread,
            company=context.company,
            role=request.role,
            prompt=prompt.name,
            prompt_sha=prompt.sha,
            arm=prompt.arm,
            provider=spec.provider,
            model=meter.model or spec.name,
            attempt=attempt.number,
            status=attempt.status,
            reason=attempt.reason,
            http_status=attempt.http_status,
            input_tokens=meter.tokens.read if meter.tokens else None,
            cached_tokens=meter.tokens.cached if meter.tokens else None,
            output_tokens=meter.tokens.written if meter.tokens else None,
            ms=meter.ms,
            usd=usd,
        )
        log.info(
            "model call",
            prompt=row.prompt,
            sha=row.prompt_sha,
            model=str(spec),
            attempt=row.attempt,
            status=row.status,
            reason=row.reason,
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            ms=row.ms,
        )
        measure(row, timed_out=attempt.timed_out)
        await asyncio.shield(self.sink.append(row))


def _judge(
    message: AIMessage | AIMessageChunk | None, request: Request[T], attempt: _Attempt
) -> "Outcome[T]":
    """Read the reply and note how the attempt ended."""
    if message is None:
        outcome: Outcome[T] = lacking("failed")
    else:
        attempt.meter.read_message(message)
        outcome = read_reply(message, request.shape)
    if isinstance(outcome, Answered):
        attempt.status, attempt.reason = "ok", ""
        return Answered(outcome.value, str(attempt.spec))
    attempt.status, attempt.reason = outcome.lack, outcome.reason
    return outcome


def _written(chunk: AIMessageChunk) -> str:
    """What a piece of a stream adds to the document, as text or as arguments of a tool."""
    return chunk.text or "".join(part["args"] or "" for part in chunk.tool_call_chunks)


def _config(request: Request[Any], attempt: _Attempt, context: CallContext) -> RunnableConfig:
    prompt = request.prompt
    return RunnableConfig(
        callbacks=[attempt.meter],
        run_name=f"{prompt.name} {context.company}".strip(),
        # Drafts are not for the chat: without the tag a graph would stream their tokens.
        tags=["nostream", f"prompt:{prompt.name}@{prompt.arm}"],
        metadata={
            "prompt": prompt.name,
            "prompt_arm": prompt.arm,
            "prompt_sha": prompt.sha,
            "role": request.role,
            "analysis": context.analysis,
            "company": context.company,
        },
    )
