"""The table of analyses: state, request and result of each."""

import time
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain import AnalysisRequest
from agent.domain.base import Noun
from agent.errors import ConflictError, NotFoundError
from agent.memory.database import utc_now
from agent.memory.tables import analyses
from graph.state import GRAPH_VERSION

RunState = Literal["running", "awaiting_review", "published", "cancelled", "failed"]
OPEN: tuple[RunState, ...] = ("running", "awaiting_review")


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


class AnalysisTable:
    """Reads and moves analyses; every move is one statement, so two callers cannot both win."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(self, analysis_id: str, request: AnalysisRequest) -> None:
        """Add a running analysis. Raises ConflictError where the id is taken."""
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
        try:
            async with self._engine.begin() as connection:
                await connection.execute(statement)
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

    async def unfinished(self) -> list[tuple[str, str]]:
        """Ids and graph versions of runs that should be running."""
        query = sa.select(analyses.c.id, analyses.c.graph_version).where(
            analyses.c.state == "running"
        )
        async with self._engine.connect() as connection:
            return [(row.id, row.graph_version) for row in await connection.execute(query)]

    async def move(self, analysis_id: str, old: RunState, new: RunState) -> bool:
        """Change the state if it is still `old`; whether it was."""
        return await self._update(
            sa.update(analyses).where(analyses.c.id == analysis_id, analyses.c.state == old),
            state=new,
        )

    async def close_as(
        self,
        analysis_id: str,
        state: Literal["cancelled", "failed"],
        *,
        what: str = "",
        do: str = "",
    ) -> bool:
        """End an open analysis without a result; whether it was open."""
        return await self._update(
            sa.update(analyses).where(analyses.c.id == analysis_id, analyses.c.state.in_(OPEN)),
            state=state,
            what=what,
            do=do,
        )

    async def publish(self, analysis_id: str, result_ref: str) -> None:
        """Store the reference of the result and close the analysis as published."""
        await self._update(
            sa.update(analyses).where(analyses.c.id == analysis_id),
            state="published",
            result_ref=result_ref,
        )

    async def delete(self, analysis_id: str) -> None:
        """Take an analysis away, with its events."""
        async with self._engine.begin() as connection:
            await connection.execute(sa.delete(analyses).where(analyses.c.id == analysis_id))

    async def seconds_since_start(self, analysis_id: str) -> float:
        """Wall seconds since the analysis was started."""
        created = datetime.fromisoformat((await self.require(analysis_id)).created_at)
        return time.time() - created.timestamp()

    async def _update(self, statement: sa.Update, **values: str) -> bool:
        async with self._engine.begin() as connection:
            result = await connection.execute(statement.values(**values, updated_at=utc_now()))
        return bool(result.rowcount)


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
    )
