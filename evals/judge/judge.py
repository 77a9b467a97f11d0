"""Asks a model to score a text or to compare two, by criteria written in files.

A comparison is asked in both orders. Only where both answers name the same text is it preferred;
where the answer goes with the place, the judge is said to have followed the position.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field

from agent.domain import Usage
from agent.errors import ConfigurationError, ProviderError
from agent.models.gateway import CallContext, ModelGateway, Request
from agent.models.outcome import Unanswered
from agent.models.settings import ModelSettings
from agent.models.spec import ModelSpec
from agent.prompts.hygiene import clean, new_fence
from agent.prompts.registry import PromptRegistry
from agent.settings import Settings
from evals.judge.bedrock import bedrock_judges

_FOLDER = Path(__file__).parent
Criterion = str
Better = Literal["first", "second", "neither"]
_Reply = TypeVar("_Reply", bound=BaseModel)


class ScoreReply(BaseModel):
    """What the model gives for one text."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=600)
    score: int = Field(ge=1, le=5)


class CompareReply(BaseModel):
    """What the model gives for two."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=600)
    better: Better


@dataclass(frozen=True)
class Item:
    """A text to be judged: what was asked, what was written, and from what."""

    question: str
    text: str
    evidence: str = ""


@dataclass(frozen=True)
class Comparison:
    """Which of two texts is better; `followed_position` where both orders named the same place."""

    better: Better
    reasons: tuple[str, str]
    followed_position: bool


@cache
def criteria() -> dict[Criterion, str]:
    """The criteria by name, as the model is given them."""
    loaded = yaml.safe_load((_FOLDER / "criteria.yaml").read_text("utf-8"))
    return {str(name): str(text) for name, text in loaded.items()}


class Judge:
    """One model as judge."""

    def __init__(self, gateway: ModelGateway, context: CallContext | None = None) -> None:
        self._gateway = gateway
        self._context = context or CallContext(analysis="evaluation", thread="evaluation")
        self._prompts = PromptRegistry(_FOLDER / "prompts")

    @property
    def name(self) -> str:
        """The model that judges, with the prompt's sha, as a calibration is kept under."""
        sha = self._prompts.get("score", "a").sha
        return f"{self._gateway.settings.main} score/a@{sha}"

    @property
    def usage(self) -> Usage:
        """What judging has cost so far."""
        return self._context.budget.usage

    async def score(self, item: Item, criterion: Criterion) -> ScoreReply:
        """One text by one criterion, 1 to 5.

        Raises ProviderError where the model gives no usable answer.
        """
        values = {"question": item.question, "text": item.text, "evidence": item.evidence}
        return await self._ask("score", criterion, ScoreReply, values)

    async def compare(self, one: Item, other: Item, criterion: Criterion) -> Comparison:
        """Which of two texts for the same question is better ("first" is `one`).

        Raises ProviderError where the model gives no usable answer.
        """
        there = await self._compare(one, other, criterion)
        back = await self._compare(other, one, criterion)
        turned: dict[Better, Better] = {
            "first": "second",
            "second": "first",
            "neither": "neither",
        }
        agreed = there.better == turned[back.better]
        return Comparison(
            better=there.better if agreed else "neither",
            reasons=(there.reason, back.reason),
            followed_position=there.better == back.better != "neither",
        )

    async def _compare(self, first: Item, second: Item, criterion: Criterion) -> CompareReply:
        values = {
            "question": first.question,
            "first": first.text,
            "second": second.text,
            "evidence": first.evidence,
        }
        return await self._ask("compare", criterion, CompareReply, values)

    async def _ask(
        self, prompt: str, criterion: Criterion, shape: type[_Reply], values: dict[str, str]
    ) -> _Reply:
        rendered = self._prompts.get(prompt, "a").render(
            criterion=criteria()[criterion],
            fence=new_fence(),
            **{name: clean(text) for name, text in values.items()},
        )
        outcome = await self._gateway.ask(Request("answer", rendered, shape), self._context)
        if isinstance(outcome, Unanswered):
            raise ProviderError(f"The judge gave no answer: {outcome.reason}", outcome.do)
        return outcome.value


def judge_settings(settings: Settings) -> ModelSettings:
    """The judge's model: the one set, else a Claude on Bedrock where Bedrock is configured.

    Raises ConfigurationError where there is none, or where it would judge its own texts.
    """
    models = settings.models()
    writers = [models.spec(role) for role in ("summarize", "synthesize", "answer")]
    if models.fallback_spec is not None:
        writers.append(models.fallback_spec)
    if settings.judge_model:
        named = ModelSpec.parse(settings.judge_model, "ISRA_JUDGE_MODEL")
    else:
        named = _on_bedrock(settings.bedrock_region, writers)
    # An address of one provider's server is none of another's.
    shared = any(writer.provider == named.provider for writer in models.specs[:1])
    judge = models.model_copy(
        update={
            "model": named,
            "base_url": models.base_url if shared else None,
            "summarize": None,
            "synthesize": None,
            "fallback": None,
        }
    )
    if any(_same(judge.spec("answer"), writer) for writer in writers):
        raise ConfigurationError(
            f"{judge.main} would judge its own texts.", "Set ISRA_JUDGE_MODEL to another model."
        )
    return judge


def _on_bedrock(region: str, writers: Sequence[ModelSpec]) -> ModelSpec:
    """The first Claude that writes nothing. Raises ConfigurationError without a region."""
    judges = bedrock_judges()
    for model in judges.models if region else ():
        spec = ModelSpec(provider="bedrock", name=judges.profile(model, region))
        if not any(_same(spec, writer) for writer in writers):
            return spec
    raise ConfigurationError(
        "No model is set that could judge.", "Set ISRA_JUDGE_MODEL, as in gemini:<name>."
    )


def _same(one: ModelSpec, other: ModelSpec) -> bool:
    """Whether two specs reach the same model; on Bedrock several profiles reach one."""
    if one.provider == other.provider == "bedrock":
        judges = bedrock_judges()
        return judges.model_of(one.name) == judges.model_of(other.name)
    return one == other


def followed_position(comparisons: Sequence[Comparison]) -> float:
    """Share of comparisons in which the answer went with the place and not with the text."""
    if not comparisons:
        return 0.0
    return sum(comparison.followed_position for comparison in comparisons) / len(comparisons)


def told_usage(usage: Usage) -> str:
    """What judging has cost, in words."""
    price = "price unknown" if usage.usd is None else f"${usage.usd:.4f}"
    tokens = usage.input_tokens + usage.output_tokens
    return f"The judge used {usage.model_calls} calls, {tokens} tokens, {price}."
