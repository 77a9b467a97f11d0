"""What every model call used and cost, and the budget an analysis may not exceed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from agent.domain import Usage
from agent.errors import IsraError


class BudgetError(IsraError):
    """The analysis has used what it may use; what is done stays done."""

    code = "budget"


@dataclass(frozen=True)
class Tokens:
    """Tokens of one call; `read` includes `cached`, `written` includes thoughts."""

    read: int = 0
    cached: int = 0
    written: int = 0

    @property
    def total(self) -> int:
        """Read and written together."""
        return self.read + self.written


@dataclass(frozen=True)
class LedgerRow:
    """One attempt at one call, also where it failed. Holds no text of prompt or reply."""

    id: str
    at: str
    """Start, ISO 8601 in UTC."""
    analysis: str
    thread: str
    company: str
    role: str
    prompt: str
    prompt_sha: str
    arm: str
    provider: str
    model: str
    attempt: int
    status: str
    """`ok`, or how the call lacked an answer (see `agent.models.outcome.Lack`)."""
    reason: str
    http_status: int | None
    input_tokens: int | None
    """None where the provider did not say, as in most failures."""
    cached_tokens: int | None
    output_tokens: int | None
    ms: int
    usd: float | None
    """None where tokens or price are unknown, never a false 0."""


class LedgerSink(Protocol):
    """Where rows are kept."""

    async def append(self, row: LedgerRow) -> None:
        """Keep one row, durably."""
        ...


class MemoryLedger:
    """Rows in a list, for a run without a database."""

    def __init__(self) -> None:
        self.rows: list[LedgerRow] = []

    async def append(self, row: LedgerRow) -> None:
        """Keep one row."""
        self.rows.append(row)


class Budget:
    """Tokens and dollars one analysis may use, reserved before a call and settled after it."""

    def __init__(
        self,
        tokens: int | None = None,
        usd: Decimal | float | None = None,
        *,
        spent: Usage | None = None,
    ) -> None:
        """`spent` is what earlier runs of the same analysis used (they are not free again)."""
        self._limit_tokens = tokens
        self._limit_usd = None if usd is None else float(usd)
        self._spent = spent or Usage()
        self._held_tokens = 0
        self._held_usd = 0.0
        self._holders = 0
        self._settled = asyncio.Condition()

    @property
    def usage(self) -> Usage:
        """What the analysis used so far; `usd` is None as soon as one price was unknown."""
        return self._spent

    def charge(self, tokens: Tokens | None, usd: float | None) -> None:
        """Count one attempt."""
        used = tokens or Tokens()
        before = self._spent
        self._spent = Usage(
            model_calls=before.model_calls + 1,
            input_tokens=before.input_tokens + used.read,
            output_tokens=before.output_tokens + used.written,
            usd=_sum(before.usd, usd if tokens else 0.0),
        )

    @asynccontextmanager
    async def hold(self, tokens: int, usd: float | None) -> AsyncIterator[None]:
        """Set aside what a call may use at most, for as long as it runs.

        Where it only fits once others have settled, wait for them.
        Raises BudgetError where it does not fit at all.
        """
        async with self._settled:
            while not self._fits(tokens, usd):
                if not self._holders:
                    raise self._error(usd)
                await self._settled.wait()
            self._take(tokens, usd or 0.0, 1)
        try:
            yield
        finally:
            async with self._settled:
                self._take(-tokens, -(usd or 0.0), -1)
                self._settled.notify_all()

    def _take(self, tokens: int, usd: float, holders: int) -> None:
        self._held_tokens += tokens
        self._held_usd += usd
        self._holders += holders

    def _fits(self, tokens: int, usd: float | None) -> bool:
        used = self._spent.input_tokens + self._spent.output_tokens + self._held_tokens
        if self._limit_tokens is not None and used + tokens > self._limit_tokens:
            return False
        if self._limit_usd is None:
            return True
        if usd is None or self._spent.usd is None:
            return False
        return self._spent.usd + self._held_usd + usd <= self._limit_usd

    def _error(self, usd: float | None) -> BudgetError:
        if self._limit_usd is not None and (usd is None or self._spent.usd is None):
            return BudgetError(
                "The price of the model is not known, so a budget in dollars cannot be kept.",
                "Set ISRA_BUDGET_TOKENS instead of ISRA_BUDGET_USD.",
            )
        tokens = self._spent.input_tokens + self._spent.output_tokens
        limits = []
        if self._limit_tokens is not None:
            limits.append(f"{tokens:,} of {self._limit_tokens:,} tokens")
        if self._limit_usd is not None and self._spent.usd is not None:
            limits.append(f"${self._spent.usd:.4f} of ${self._limit_usd:.2f}")
        return BudgetError(
            f"The budget of this analysis does not cover another call ({', '.join(limits)} used).",
            "What was done is kept; raise ISRA_BUDGET_TOKENS or ISRA_BUDGET_USD to go further.",
        )


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def total_usage(rows: list[LedgerRow]) -> Usage:
    """What the rows used together."""
    budget = Budget()
    for row in rows:
        known = row.input_tokens is not None or row.output_tokens is not None
        tokens = Tokens(row.input_tokens or 0, row.cached_tokens or 0, row.output_tokens or 0)
        budget.charge(tokens if known else None, row.usd)
    return budget.usage
