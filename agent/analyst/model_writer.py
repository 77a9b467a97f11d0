"""Has a model write sentences, checks each, and asks once for those that did not hold up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from agent.analyst.model_cache import ReplyCache
from agent.analyst.model_claims import (
    ClaimChecker,
    Scope,
    Sentence,
    check_sentences,
    may_be_shown,
    wants_repair,
)
from agent.analyst.model_evidence import EvidenceSheet
from agent.analyst.model_replies import AnswerReply, RepairReply, SummaryReply, SynthesisReply
from agent.domain import Claim
from agent.ledger import BudgetError
from agent.logs import get_logger
from agent.models.gateway import CallContext, ModelGateway, Request
from agent.models.outcome import Answered, Outcome, Unanswered
from agent.models.spec import Role
from agent.prompts.hygiene import new_fence
from agent.prompts.registry import Prompt, PromptRegistry

log = get_logger(__name__)

REPAIR_TOKENS = 2_500
"""Room for evidence in the prompt of a repair or of a second try."""

_SECOND_TRY = (
    "An earlier reply could not be used. {reason} Reply in the form asked for, with half as "
    "many sentences."
)

R = TypeVar("R", bound=BaseModel)
C = TypeVar("C", SummaryReply, SynthesisReply, AnswerReply)


@dataclass(frozen=True)
class Task(Generic[C]):
    """A text to be written."""

    role: Role
    """Also the name of its prompt."""
    shape: type[C]
    values: Mapping[str, str]
    """Variables of the prompt beside fence, evidence and note."""
    scope: Scope
    key: str
    """Under which the reply is kept."""
    thorough: bool = True
    """Repair where any sentence fails; else only where fewer than half hold up."""


@dataclass(frozen=True)
class Written:
    """The sentences that stand, and which model wrote them with which prompt."""

    claims: tuple[Claim, ...]
    by: str


@dataclass(frozen=True)
class Writer:
    """Calls, checks and repairs on behalf of one run."""

    gateway: ModelGateway
    prompts: PromptRegistry
    checker: ClaimChecker | None = None
    cache: ReplyCache | None = None
    context: CallContext = field(default_factory=CallContext)
    arms: Mapping[str, str] = field(default_factory=dict)

    def prompt(self, name: str) -> Prompt:
        """The arm of a prompt for this run."""
        return self.prompts.choose(name, self.context.thread, self.arms)

    def by(self, role: Role, model: str = "") -> str:
        """Model, prompt, arm and sha, as results carry them."""
        prompt = self.prompt(role)
        model = model or str(self.gateway.settings.spec(role))
        return f"{model} {prompt.name}/{prompt.arm}@{prompt.sha}"

    async def ask(
        self, name: str, role: Role, shape: type[R], values: Mapping[str, str]
    ) -> Outcome[R]:
        """One call, its fence made for it. A spent budget is an outcome like any other lack."""
        rendered = self.prompt(name).render(**values, fence=new_fence())
        request = Request(role=role, prompt=rendered, shape=shape)
        allowance = self.context.allowance
        if allowance is not None and not allowance.covers(request.estimated_tokens):
            return Unanswered("failed", "The prompt tokens for this company are used up.")
        try:
            return await self.gateway.ask(request, self.context)
        except BudgetError as spent:
            return Unanswered("failed", spent.what, spent.do, spent)

    async def write(self, task: Task[C]) -> Written | Unanswered:
        """The text from the cache or from the model; at most one repair or second try."""
        if kept := await self.kept(task):
            return kept
        values = self.values(task, task.scope.sheet)
        return await self.settle(task, await self.ask(task.role, task.role, task.shape, values))

    async def kept(self, task: Task[C]) -> Written | None:
        """The text from the cache, checked as if it were new; None where there is none."""
        reply = await self.cache.find(task.key, task.shape) if self.cache else None
        if reply is None:
            return None
        sentences = await check_sentences(reply.claims, task.scope, self.checker)
        return self._written(sentences, self.by(task.role))

    async def settle(self, task: Task[C], outcome: Outcome[C]) -> Written | Unanswered:
        """What comes of a first reply: its sentences, or those of a second try."""
        may_repair = True
        if isinstance(outcome, Unanswered) and outcome.lack in ("truncated", "unparseable"):
            outcome = await self._second(task, outcome)
            may_repair = False
        if isinstance(outcome, Unanswered):
            return outcome
        sentences = await check_sentences(outcome.value.claims, task.scope, self.checker)
        return await self.finish(task, outcome, sentences, may_repair=may_repair)

    async def finish(
        self,
        task: Task[C],
        outcome: Answered[C],
        sentences: list[Sentence],
        *,
        may_repair: bool = True,
    ) -> Written:
        """Repair what failed where that is allowed, and keep the reply that came of it."""
        if may_repair:
            sentences = await self._repaired(task, sentences)
        if self.cache:
            drafts = [s.draft for s in sentences if may_be_shown(s.claim, self.checker)]
            await self.cache.keep(task.key, outcome.value.model_copy(update={"claims": drafts}))
        return self._written(sentences, self.by(task.role, outcome.model))

    def values(self, task: Task[C], sheet: EvidenceSheet, note: str = "") -> dict[str, str]:
        """All variables of the task's prompt but the fence."""
        return {**task.values, "evidence": sheet.text, "note": note}

    async def _second(self, task: Task[C], first: Unanswered) -> Outcome[C]:
        log.info("model second try", prompt=task.role, lack=first.lack)
        values = self.values(
            task, task.scope.sheet.within(REPAIR_TOKENS), _SECOND_TRY.format(reason=first.reason)
        )
        second = await self.ask(task.role, task.role, task.shape, values)
        return second if isinstance(second, Answered) else first

    async def _repaired(self, task: Task[C], sentences: list[Sentence]) -> list[Sentence]:
        failed = {
            f"R{place + 1}": place
            for place, sentence in enumerate(sentences)
            if wants_repair(sentence.claim, self.checker)
        }
        if not failed or (not task.thorough and 2 * len(failed) <= len(sentences)):
            return sentences
        log.info("model repair", prompt=task.role, failed=len(failed), of=len(sentences))
        cited = [cite for n in failed.values() for cite in sentences[n].draft.cites]
        values = {
            "sentences": "\n".join(_refused(key, sentences[n]) for key, n in failed.items()),
            "evidence": task.scope.sheet.within(REPAIR_TOKENS, first=cited).text,
        }
        outcome = await self.ask("repair", task.role, RepairReply, values)
        if isinstance(outcome, Unanswered):
            return sentences
        mended = list(sentences)
        for draft in outcome.value.claims:
            place = failed.pop(draft.replaces.strip().upper(), None)
            if place is not None:
                [mended[place]] = await check_sentences(
                    [draft], task.scope, self.checker, start=place + 1
                )
        return mended

    def _written(self, sentences: list[Sentence], by: str) -> Written:
        shown = [s.claim for s in sentences if may_be_shown(s.claim, self.checker)]
        return Written(tuple(_distinct(shown)), by)

    def within(self, context: CallContext) -> "Writer":
        """The same writer on behalf of another company."""
        return replace(self, context=context)


def _refused(key: str, sentence: Sentence) -> str:
    claim, cites = sentence.claim, ", ".join(sentence.draft.cites)
    return f"{key} | {claim.text} | cited: {cites or 'nothing'} | {claim.reason or 'not found'}"


def _distinct(claims: list[Claim]) -> list[Claim]:
    """Without sentences said twice, which small models like to do."""
    return list({claim.text.casefold(): claim for claim in reversed(claims)}.values())[::-1]
