"""What a call to a model ends with: a usable answer, or one of five ways of having none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from agent.errors import IsraError

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

T = TypeVar("T", bound=BaseModel)

Lack = Literal["truncated", "blocked", "refused", "unparseable", "failed"]

LONGEST_REPLY = 200_000
"""Characters; far beyond any output limit the prompts set."""

_TRUNCATED = {"length", "max_tokens", "model_context_window_exceeded"}
_BLOCKED = {
    *("blocklist", "content_filter", "content_filtered", "guardrail_intervened"),
    *("language", "prohibited_content", "recitation", "safety", "spii"),
}
_REFUSED = {"refusal"}
_FENCE = re.compile(r"\A\s*(?:<think>.*?</think>\s*)?```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


@dataclass(frozen=True)
class Answered(Generic[T]):
    """The reply, in the shape asked for; `model` is the spec that gave it."""

    value: T
    model: str = ""


@dataclass(frozen=True)
class Unanswered:
    """Why there is no usable reply, in words a user can read, and what they can do."""

    lack: Lack
    reason: str
    do: str = ""
    error: IsraError | None = None
    """The error to raise where nobody can go on without a reply."""
    pause_seconds: float | None = None
    """How long the provider takes no calls, where it is that which failed."""
    timed_out: bool = False
    """Whether no reply came in time."""

    def __str__(self) -> str:
        return f"{self.reason} {self.do}".strip()


Outcome = Answered[T] | Unanswered

_REASONS: dict[Lack, str] = {
    "truncated": "The model's reply was cut off at its length limit.",
    "blocked": "The provider's content filter held the reply back.",
    "refused": "The model refused to answer.",
    "unparseable": "The model's reply was not in the form asked for.",
    "failed": "The model's reply ended before it was complete.",
}


def lacking(lack: Lack) -> Unanswered:
    """The plain case of a lack, without particulars."""
    return Unanswered(lack, _REASONS[lack])


def read_reply(message: "AIMessage", schema: type[T]) -> "Outcome[T]":
    """Read a message as `schema`, strictly: a reply that was cut is never mended.

    Client libraries return half a document as if it were whole when a reply is truncated, so
    the reason it ended is looked at first and the text is parsed here.
    """
    if lack := ending(message.response_metadata):
        return lacking(lack)
    if message.additional_kwargs.get("refusal"):
        return lacking("refused")
    if len(message.text) > LONGEST_REPLY:
        return lacking("truncated")
    try:
        if message.tool_calls:
            return Answered(schema.model_validate(message.tool_calls[0]["args"]))
        return Answered(schema.model_validate_json(bare_json(message.text)))
    except ValidationError:
        # Without a word on how it ended the reply broke off on its way.
        return lacking("unparseable" if finish_reason(message.response_metadata) else "failed")


def ending(metadata: Mapping[str, Any]) -> Lack | None:
    """How a reply ended, from the client library's metadata; None where it ended well."""
    if (metadata.get("prompt_feedback") or {}).get("block_reason"):
        return "blocked"
    reason = str(finish_reason(metadata) or "").lower()
    if reason in _TRUNCATED:
        return "truncated"
    if reason in _BLOCKED:
        return "blocked"
    return "refused" if reason in _REFUSED else None


def finish_reason(metadata: Mapping[str, Any]) -> str | None:
    """The provider's word for how the reply ended; None where the stream broke off before it."""
    for name in ("finish_reason", "stopReason", "stop_reason", "done_reason"):
        if metadata.get(name):
            return str(metadata[name])
    return None


def bare_json(text: str) -> str:
    """The document without the code fence or the thoughts some models put around it."""
    fenced = _FENCE.match(text)
    return fenced.group(1) if fenced else _THOUGHT.sub("", text)
