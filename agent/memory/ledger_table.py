"""The table of model calls, and the ledger that writes into it."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain import Usage
from agent.domain.base import Noun
from agent.ledger import LedgerRow
from agent.memory.outage import through_outages
from agent.memory.tables import metadata

_PATIENCE_SECONDS = 60.0

model_calls = sa.Table(
    "model_calls",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(40), nullable=False, index=True),
    sa.Column("analysis", sa.String(64), nullable=False, index=True),
    sa.Column("thread", sa.String(64), nullable=False),
    sa.Column("company", sa.String(255), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("prompt", sa.String(64), nullable=False),
    sa.Column("prompt_sha", sa.String(12), nullable=False),
    sa.Column("arm", sa.String(32), nullable=False),
    sa.Column("provider", sa.String(16), nullable=False),
    sa.Column("model", sa.String(255), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("http_status", sa.Integer),
    sa.Column("input_tokens", sa.Integer),
    sa.Column("cached_tokens", sa.Integer),
    sa.Column("output_tokens", sa.Integer),
    sa.Column("ms", sa.Integer, nullable=False),
    sa.Column("usd", sa.Float),
)


class UsageLine(Noun):
    """What the calls of one prompt to one model used together."""

    prompt: str
    arm: str
    model: str
    status: str
    calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    ms: int
    usd: float | None
    """None where the price of one of the calls is unknown."""


class SqlLedger:
    """A ledger in the database; each row is committed as it is written."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def append(self, row: LedgerRow) -> None:
        """Keep one row; waits for a database that is away, so that no paid reply is lost."""
        async for attempt in through_outages(_PATIENCE_SECONDS):
            with attempt:
                await self._append(row)

    async def _append(self, row: LedgerRow) -> None:
        async with self._engine.begin() as connection:
            known = sa.select(model_calls.c.id).where(model_calls.c.id == row.id)
            # An attempt may have been written before its answer was lost.
            if (await connection.execute(known)).first() is None:
                await connection.execute(model_calls.insert().values(**asdict(row)))

    async def usage(self, analysis: str) -> Usage:
        """What one analysis used so far, failed calls included."""
        lines = await self.lines(analysis)
        unknown = any(line.usd is None for line in lines)
        return Usage(
            model_calls=sum(line.calls for line in lines),
            input_tokens=sum(line.input_tokens for line in lines),
            output_tokens=sum(line.output_tokens for line in lines),
            usd=None if unknown else sum(line.usd or 0.0 for line in lines),
        )

    async def lines(self, analysis: str | None = None, since: str = "") -> tuple[UsageLine, ...]:
        """Usage by prompt, arm, model and status, dearest first; of one analysis or of all.

        `since` is an ISO time; earlier calls are left out.
        """
        c = model_calls.c
        # A call that used no tokens cost nothing, so its missing price hides no cost.
        unpriced = sa.case((sa.and_(c.usd.is_(None), c.input_tokens.is_not(None)), 1), else_=0)
        sums = (c.input_tokens, c.cached_tokens, c.output_tokens, c.ms)
        query = (
            sa.select(
                *(c.prompt, c.arm, c.model, c.status),
                sa.func.count().label("calls"),
                *(sa.func.coalesce(sa.func.sum(x), 0).label(x.name) for x in sums),
                sa.func.coalesce(sa.func.sum(c.usd), 0.0).label("usd"),
                sa.func.sum(unpriced).label("unpriced"),
            )
            .where(c.at >= since)
            .group_by(c.prompt, c.arm, c.model, c.status)
            .order_by(sa.desc("usd"), sa.desc("calls"))
        )
        if analysis is not None:
            query = query.where(c.analysis == analysis)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(
            UsageLine.model_validate(
                {k: v for k, v in row.items() if k != "unpriced"}
                | {"usd": None if row["unpriced"] else row["usd"]}
            )
            for row in rows
        )
