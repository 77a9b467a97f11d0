"""What one call used, read off the client library's callbacks, and what that costs."""

import time
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from agent import metrics
from agent.ledger import LedgerRow, Tokens
from agent.models.factory import openai_address
from agent.models.spec import ModelSpec

CANCELLED = "The call was cancelled."
"""Reason of an attempt that whoever asked for it called off."""
_PRICED_AS = {"gemini": "google", "bedrock": "aws", "openai": "openai"}


class CallMeter(BaseCallbackHandler):
    """Reads tokens and model name off one call, whichever way the call ends."""

    run_inline = True

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.tokens: Tokens | None = None
        self.model = ""

    @property
    def ms(self) -> int:
        """Milliseconds since the call began."""
        return int((time.monotonic() - self.started) * 1000)

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        **kwargs: Any,
    ) -> None:
        """Nothing is kept of the prompt."""

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """Keep what the reply says it used."""
        self._read(response)

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """Keep what was used before the error: a reply cut short is paid for as well."""
        response = kwargs.get("response")
        if isinstance(response, LLMResult):
            self._read(response)
        usage = getattr(getattr(error, "completion", None), "usage", None)
        if usage is not None:
            details = getattr(usage, "prompt_tokens_details", None)
            cached = getattr(details, "cached_tokens", None) or 0
            self.tokens = Tokens(usage.prompt_tokens, cached, usage.completion_tokens)

    def _read(self, response: LLMResult) -> None:
        for generation in (g for batch in response.generations for g in batch):
            if isinstance(generation, ChatGeneration) and isinstance(generation.message, AIMessage):
                self.read_message(generation.message)

    def read_message(self, message: AIMessage) -> None:
        """Keep what a message says it used."""
        self.model = str(message.response_metadata.get("model_name") or self.model)
        if usage := message.usage_metadata:
            cached = usage.get("input_token_details", {}).get("cache_read", 0)
            self.tokens = Tokens(usage["input_tokens"], cached, usage["output_tokens"])


def price(spec: ModelSpec, tokens: Tokens | None, model: str = "") -> float | None:
    """US dollars for the tokens, from published list prices; None where unknown.

    A server of one's own is looked up by its address, so that a local model that shares a
    name with a paid one is not charged for. The first call reads the price list (about a second).
    """
    from genai_prices import calc_price
    from genai_prices.types import Usage as PricedUsage

    if tokens is None or spec.provider not in _PRICED_AS:
        return None
    usage = PricedUsage(
        input_tokens=tokens.read,
        cache_read_tokens=tokens.cached,
        output_tokens=tokens.written,
    )
    for name in dict.fromkeys((model or spec.name, spec.name)):
        try:
            if spec.provider == "openai":
                address = openai_address(spec.base_url)
                found = calc_price(usage, name, provider_api_url=address)
            else:
                found = calc_price(usage, name, provider_id=_PRICED_AS[spec.provider])
        except (LookupError, ValueError):
            continue
        return float(found.total_price)
    return None


def measure(row: LedgerRow, *, timed_out: bool) -> None:
    """Count one attempt in the metrics; one that was called off is no error."""
    metrics.count("ModelCalls", Provider=row.provider)
    metrics.observe("ModelSeconds", row.ms / 1000, Provider=row.provider)
    for name, happened in (
        ("ModelErrors", row.status != "ok" and row.reason != CANCELLED),
        ("ModelTimeouts", timed_out),
        ("ModelThrottles", row.http_status == 429),
    ):
        # A zero is told as well: an alarm can then tell "none" from "no data".
        metrics.count(name, int(happened), Provider=row.provider)
    metrics.count("ModelInputTokens", row.input_tokens or 0, Prompt=row.prompt)
    metrics.count("ModelOutputTokens", row.output_tokens or 0, Prompt=row.prompt)
    metrics.count("ModelCostUsd", row.usd or 0.0, Prompt=row.prompt)
