"""Gives out a text sentence by sentence while a model is still writing it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from agent.analyst.model_claims import Sentence, check_sentences
from agent.analyst.model_replies import Draft
from agent.analyst.model_text import line
from agent.analyst.model_writer import C, Task, Writer, Written
from agent.analyst.protocol import SynthesisPiece
from agent.ledger import BudgetError
from agent.models.gateway import Request
from agent.models.outcome import LONGEST_REPLY, Answered, Unanswered
from agent.prompts.hygiene import new_fence


async def stream_claims(
    writer: Writer, task: Task[C]
) -> AsyncGenerator[SynthesisPiece | Written | Unanswered]:
    """Pieces as they complete, then what was written, or why there is nothing.

    Only verified sentences are given out; one that fails waits for its repair.
    """
    if kept := await writer.kept(task):
        yield kept
        return
    prompt = writer.prompt(task.role)
    rendered = prompt.render(**writer.values(task, task.scope.sheet), fence=new_fence())
    request = Request(role=task.role, prompt=rendered, shape=task.shape)
    reader = DraftReader()
    sentences: list[Sentence] = []
    shown = 0
    try:
        async with aclosing(writer.gateway.stream(request, writer.context)) as stream:
            async for item in stream:
                if isinstance(item, Unanswered):
                    yield await writer.settle(task, item)
                    return
                drafts = item.value.claims if isinstance(item, Answered) else reader.feed(item)
                fresh = await check_sentences(
                    drafts[len(sentences) :],
                    task.scope,
                    writer.checker,
                    start=len(sentences) + 1,
                )
                sentences += fresh
                for claim in (s.claim for s in fresh if s.claim.status == "verified"):
                    shown += 1
                    yield SynthesisPiece(shown, line(claim, shown), claim)
                if isinstance(item, Answered):
                    yield await writer.finish(task, item, sentences)
    except BudgetError as spent:
        yield Unanswered("failed", spent.what, spent.do, spent)


class DraftReader:
    """Reads whole sentences out of a document that is still being written."""

    def __init__(self) -> None:
        self._text = ""
        self._drafts: list[Draft] = []

    def feed(self, piece: str) -> list[Draft]:
        """All sentences complete so far. The last one begun never is: more may follow."""
        if len(self._text) > LONGEST_REPLY:
            return self._drafts
        self._text += piece
        if "}" in piece:
            self._drafts = self._read()
        return self._drafts

    def _read(self) -> list[Draft]:
        begin = self._text.find("{")
        try:
            document: Any = from_json(self._text[max(begin, 0) :], allow_partial=True)
            claims = document["claims"][:-1]
            return [Draft.model_validate(claim) for claim in claims]
        except (ValueError, ValidationError, KeyError, TypeError):
            return self._drafts
