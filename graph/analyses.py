"""The table of analyses: state, request and result of each."""

import time
from collections.abc import Collection
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncEngine

from agent import metrics
from agent.domain import AnalysisRequest
from agent.domain.base import Noun
from agent.errors import ConflictError, NotFoundError
from agent.memory.database import utc_now
from agent.memory.tables import analyses
from graph.events import FINAL, Told, add_event
from graph.state import GRAPH_VERSION, ReviewAnswer

RunState = Literal["running", "awaiting_review", "published", "cancelled", "failed"]
OPEN: tuple[RunState, ...] = ("running", "awaiting_review")
Place = tuple[str, str]
"""Where a row stands in the list: when it was created, and its id."""


class AnalysisStatus(Noun):
    """Where an analysis stands; `what` and `do` speak to the user when it failed."""

    analysis_id: str
    state: RunState
    industry: str
    request: AnalysisRequest
    owner: str
    created_at: str
    result_ref: str | None = None
    what: str = ""
    do: str = ""
    attempt: int = 0
    """How many times the companies that failed were to be tried again."""
    last_seq: int = 0
    """The number of the newest event."""
    graph_version: str = GRAPH_VERSION
    review: ReviewAnswer | None = None
    """The company list as the user confirmed it."""


class AnalysisTable:
    """Reads and moves analyses; every move is one statement, so two callers cannot both win."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(self, analysis_id: str, request: AnalysisRequest) -> None:
        """Add a running analysis with its first event.

        Raises:
            ConflictError: the id is taken.
        """
        now = utc_now()
        statement = analyses.insert().values(
            id=analysis_id,
            owner=request.owner,
            state="running",
            industry=request.industry,
            request=request.model_dump(mode="json"),
            graph_version=GRAPH_VERSION,
            created_at=now,
            updated_at=now,
        )
        started = Told(kind="started", data={"industry": request.industry})
        try:
            async with self._engine.begin() as connection:
                await connection.execute(statement)
                await add_event(connection, analysis_id, started)
        except sa.exc.IntegrityError:
            raise ConflictError(
                "An analysis of this id exists already.", "Open it, or start a new one."
            ) from None

    async def require(self, analysis_id: str) -> AnalysisStatus:
        """The analysis. Raises NotFoundError."""
        query = sa.select(analyses).where(analyses.c.id == analysis_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise NotFoundError(
                "There is no analysis of this id.", "`isra analyses` lists those there are."
            )
        return _status(row)

    async def newest(self, owner: str | None = None, limit: int = 20) -> list[AnalysisStatus]:
        """The newest analyses, of one owner or of all."""
        query = sa.select(analyses).order_by(analyses.c.created_at.desc()).limit(limit)
        if owner is not None:
            query = query.where(analyses.c.owner == owner)
        async with self._engine.connect() as connection:
            return [_status(row) for row in (await connection.execute(query)).mappings()]

    async def owners(self) -> list[str]:
        """Everybody who has an analysis."""
        query = sa.select(analyses.c.owner).distinct().order_by(analyses.c.owner)
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).scalars())

    async def page(
        self, owner: str, *, limit: int, behind: Place | None = None, state: RunState | None = None
    ) -> list[AnalysisStatus]:
        """Analyses of an owner, newest first, from behind a place on."""
        order = sa.tuple_(analyses.c.created_at, analyses.c.id)
        query = sa.select(analyses).where(analyses.c.owner == owner)
        if behind is not None:
            query = query.where(order < behind)
        if state is not None:
            query = query.where(analyses.c.state == state)
        query = query.order_by(analyses.c.created_at.desc(), analyses.c.id.desc()).limit(limit)
        async with self._engine.connect() as connection:
            return [_status(row) for row in (await connection.execute(query)).mappings()]

    async def unfinished(self) -> list[str]:
        """Ids of the runs that should be running."""
        return await self._ids(analyses.c.state == "running")

    async def cancelled(self, ids: Collection[str]) -> list[str]:
        """Those of the runs that were cancelled meanwhile, maybe by another process."""
        return await self._ids(analyses.c.id.in_(ids), analyses.c.state == "cancelled")

    async def move(
        self, analysis_id: str, old: RunState, new: RunState, event: Told | None = None
    ) -> bool:
        """Change the state if it is still `old`, telling the event; whether it was."""
        return await self._change(analysis_id, [old], event, state=new)

    async def confirm(self, analysis_id: str, answer: ReviewAnswer) -> bool:
        """Keep the answer to the review and go on; False where none is waited for."""
        return await self._change(
            analysis_id,
            ["awaiting_review"],
            None,
            state="running",
            review=answer.model_dump(mode="json"),
        )

    async def retry(self, analysis_id: str, companies: list[JsonValue]) -> bool:
        """Go on with an ended run: one more attempt at these companies; False where it runs."""
        return await self._change(
            analysis_id,
            ["published", "failed"],
            Told(kind="retrying", data={"companies": companies}),
            state="running",
            attempt=analyses.c.attempt + 1,
            what="",
            do="",
        )

    async def close_as(
        self,
        analysis_id: str,
        state: Literal["cancelled", "failed"],
        *,
        what: str = "",
        do: str = "",
    ) -> bool:
        """End an open analysis without a result, telling so; whether it was open."""
        data: dict[str, JsonValue] = {"what": what, "do": do} if state == "failed" else {}
        return await self._change(
            analysis_id, OPEN, Told(kind=state, data=data), state=state, what=what, do=do
        )

    async def publish(self, analysis_id: str, result_ref: str, event: Told | None = None) -> bool:
        """Store the reference of the result and close the analysis as published.

        False where it was cancelled meanwhile.
        """
        return await self._change(
            analysis_id, ["running"], event, state="published", result_ref=result_ref
        )

    async def delete(self, analysis_id: str) -> None:
        """Take an analysis away, with its events."""
        async with self._engine.begin() as connection:
            await connection.execute(sa.delete(analyses).where(analyses.c.id == analysis_id))

    async def seconds_since_start(self, analysis_id: str) -> float:
        """Wall seconds since the analysis was started."""
        created = datetime.fromisoformat((await self.require(analysis_id)).created_at)
        return time.time() - created.timestamp()

    async def _ids(self, *conditions: sa.ColumnElement[bool]) -> list[str]:
        query = sa.select(analyses.c.id).where(*conditions).order_by(analyses.c.created_at)
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).scalars())

    async def _change(
        self, analysis_id: str, old: Collection[RunState], event: Told | None, **values: object
    ) -> bool:
        """One transaction: whoever sees the new state finds its event in the log."""
        statement = sa.update(analyses).where(
            analyses.c.id == analysis_id, analyses.c.state.in_(old)
        )
        async with self._engine.begin() as connection:
            changed = await connection.execute(statement.values(**values, updated_at=utc_now()))
            if changed.rowcount and event is not None:
                await add_event(connection, analysis_id, event)
        if changed.rowcount and event is not None and event.kind in FINAL:
            metrics.count("AnalysesFinished", State=event.kind, ids={"analysis": analysis_id})
        return bool(changed.rowcount)


def _status(row: sa.RowMapping) -> AnalysisStatus:
    return AnalysisStatus(
        analysis_id=row["id"],
        state=row["state"],
        industry=row["industry"],
        request=AnalysisRequest.model_validate(row["request"]),
        owner=row["owner"],
        created_at=row["created_at"],
        result_ref=row["result_ref"],
        what=row["what"],
        do=row["do"],
        attempt=row["attempt"],
        last_seq=row["last_seq"],
        graph_version=row["graph_version"],
        review=ReviewAnswer.model_validate(row["review"]) if row["review"] else None,
    )
