"""Budgets, prices and totals."""

import asyncio
from dataclasses import replace

import pytest

from agent.domain import Usage
from agent.ledger import Budget, BudgetError, LedgerRow, Tokens, total_usage
from agent.models.meter import price
from agent.models.spec import ModelSpec

ROW = LedgerRow(
    id="1", at="2026-01-01T00:00:00", analysis="a", thread="t", company="c", role="summarize",
    prompt="summarize", prompt_sha="0" * 12, arm="a", provider="gemini", model="m", attempt=1,
    status="ok", reason="", http_status=None, input_tokens=100, cached_tokens=40,
    output_tokens=10, ms=5, usd=0.25,
)  # fmt: skip


async def test_a_call_waits_for_others_rather_than_fail_for_what_they_only_hold() -> None:
    budget = Budget(tokens=1000)
    order = []

    async def call(name: str) -> None:
        async with budget.hold(600, None):
            order.append(name)
            await asyncio.sleep(0)
            budget.charge(Tokens(read=100), None)

    await asyncio.gather(call("first"), call("second"))
    assert order == ["first", "second"]


async def test_what_earlier_runs_spent_counts() -> None:
    budget = Budget(tokens=1000, spent=Usage(input_tokens=700, output_tokens=200))
    with pytest.raises(BudgetError, match="900 of 1,000 tokens"):
        async with budget.hold(200, None):
            pass


async def test_a_budget_in_dollars_is_kept() -> None:
    budget = Budget(usd=1)
    async with budget.hold(10, 0.6):
        budget.charge(Tokens(10), 0.6)
    with pytest.raises(BudgetError, match=r"\$0\.6000 of \$1\.00"):
        async with budget.hold(10, 0.6):
            pass


async def test_a_budget_in_dollars_is_refused_where_the_price_is_unknown() -> None:
    with pytest.raises(BudgetError, match="ISRA_BUDGET_TOKENS instead"):
        async with Budget(usd=1).hold(10, None):
            pass


async def test_what_a_failed_call_held_is_free_again() -> None:
    budget = Budget(tokens=100)
    with pytest.raises(ValueError, match="boom"):
        async with budget.hold(100, None):
            raise ValueError("boom")
    async with budget.hold(100, None):
        pass


def test_an_unknown_price_makes_the_sum_unknown_and_a_call_without_tokens_does_not() -> None:
    failed = replace(ROW, input_tokens=None, cached_tokens=None, output_tokens=None, usd=None)
    assert total_usage([ROW, failed]) == Usage(
        model_calls=2, input_tokens=100, output_tokens=10, usd=0.25
    )
    assert total_usage([ROW, replace(ROW, usd=None)]).usd is None


def test_cached_tokens_cost_less() -> None:
    spec = ModelSpec.parse("gemini:gemini-3.5-flash")
    full = price(spec, Tokens(read=100_000))
    cached = price(spec, Tokens(read=100_000, cached=90_000))
    assert full is not None
    assert cached is not None
    assert 0 < cached < full


def test_a_local_model_is_never_priced_like_its_namesake() -> None:
    tokens = Tokens(read=1000)
    assert price(ModelSpec.parse("openai:gpt-5-mini"), tokens) is not None
    assert price(ModelSpec.parse("openai:gpt-5-mini@http://localhost:8000/v1"), tokens) is None
    assert price(ModelSpec.parse("ollama:llama3.2"), tokens) is None
    assert price(ModelSpec.parse("gemini:gemini-3.5-flash"), None) is None
