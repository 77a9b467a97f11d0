"""A fake server with a gateway in front of it, and one question to ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from agent.ledger import LedgerRow, MemoryLedger
from agent.models.gateway import CallContext, ModelGateway, Request
from agent.models.outcome import Outcome
from agent.prompts.registry import Rendered
from tests.fakes.llm.providers import settings_for
from tests.fakes.llm.server import FakeModels
from tests.fakes.llm.wire import Call, Reply, Responder

PAGE_TEXT = "Cement kilns of page forty emitted a lot."


class Capital(BaseModel):
    """The capital of a country."""

    city: str
    known_as: list[str] = []


PARIS = '{"city": "Paris", "known_as": ["Lutetia"]}'


@dataclass
class Bench:
    """A server whose answers a test sets, and what came of the calls."""

    server: FakeModels
    url: str
    ledger: MemoryLedger

    def answer(self, responder: Responder | Reply) -> None:
        """What every further call is answered with."""
        self.server.responder = (
            (lambda call: responder) if isinstance(responder, Reply) else responder
        )

    def gateway(self, model: str, **more: Any) -> ModelGateway:
        """A gateway whose only model is at the server."""
        return ModelGateway(settings_for(model, self.url, **more), sink=self.ledger)

    async def ask(
        self, model: str, context: CallContext | None = None, **more: Any
    ) -> Outcome[Capital]:
        """One question."""
        return await self.gateway(model, **more).ask(question(), context or CallContext())

    @property
    def calls(self) -> list[Call]:
        """What arrived."""
        return self.server.calls

    @property
    def rows(self) -> list[LedgerRow]:
        """The ledger."""
        return self.ledger.rows


def question(max_output_tokens: int = 500) -> Request[Capital]:
    """What every test here asks."""
    prompt = Rendered(
        "capitals", "a", "0123456789ab", "You know capitals.", PAGE_TEXT, max_output_tokens
    )
    return Request(role="summarize", prompt=prompt, shape=Capital)


def in_turn(*replies: Reply) -> Callable[[Call], Reply]:
    """One reply after the other, the last for ever."""
    waiting = list(replies)
    return lambda call: waiting.pop(0) if len(waiting) > 1 else waiting[0]
