"""The research graph for `langgraph dev`: the same graph, with this process's own tools bound.

Studio starts a graph from JSON alone; the tools a run needs are opened here and handed to every
run, and Studio's own checkpointer takes the place of ours.
"""

import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from langgraph.graph.state import CompiledStateGraph
from pydantic import ValidationError

from agent.domain import AnalysisRequest
from agent.errors import InputError, IsraError
from agent.memory.database import upgrade
from agent.settings import get_settings
from graph.context import ResearchContext
from graph.research import build_research_graph
from graph.wiring import open_context
from tools.workers import CpuWorkers

_MIGRATED: set[str] = set()


class StudioError(IsraError, ValueError):
    """What went wrong, as an error whose words the server shows: it keeps those of ours back."""


class StudioGraph(CompiledStateGraph[Any, ResearchContext, Any, Any]):
    """A compiled graph that fills in the context of whoever streams it.

    The server copies a graph before every run, to give it a checkpointer: a copy keeps the tools.
    """

    def __init__(self, *, tools: ResearchContext, **compiled: Any) -> None:
        super().__init__(**compiled)
        self.tools = tools

    async def astream(  # type: ignore[override]
        self, asked: Any, *args: Any, **kwargs: Any
    ) -> AsyncIterator[Any]:
        """The parent's, with plain JSON read as a request. Raises StudioError."""
        given = {**kwargs, "context": self.tools}
        try:
            # An asynchronous generator, whatever its signature says.
            parts: Any = super().astream(_read(asked), *args, **given)
            async with aclosing(parts) as stream:
                async for part in stream:
                    yield part
        except IsraError as error:
            raise StudioError(error.what, error.do) from error


@asynccontextmanager
async def research_graph() -> AsyncIterator[StudioGraph]:
    """The compiled graph and its tools, which are closed with it."""
    settings = get_settings()
    await _migrate(settings.resolved_database_url)
    async with open_context(settings) as (context, _):
        compiled = build_research_graph().compile(name="industry_sustainability")
        # What a compiled graph is made of, as its own `copy` takes it.
        parts = {name: part for name, part in vars(compiled).items() if name != "__orig_class__"}
        yield StudioGraph(tools=context, **parts)


async def _migrate(url: str) -> None:
    """Bring the database up to date, once a process, for the server asks for the graph often.

    Migrations have an event loop of their own; the server takes what they wait for there for
    calls that block its own, and refuses them. So they are made in a process of their own.
    """
    if url in _MIGRATED:
        return
    workers = CpuWorkers(1)
    try:
        await workers.run(upgrade, url)
    finally:
        workers.close()
    _MIGRATED.add(url)


def _read(asked: Any) -> Any:
    """The input with its request as the steps know it; Studio sends plain JSON.

    Raises InputError where the request is not one.
    """
    if not isinstance(asked, dict):
        # Nothing at all, or an answer to the review: the run goes on.
        return asked
    try:
        request = AnalysisRequest.model_validate(asked.get("request"))
    except ValidationError as error:
        raise InputError(
            f"The request is not valid: {error.errors()[0]['msg']}.",
            'It takes at least {"request": {"industry": "…"}}.',
        ) from None
    return {"analysis_id": uuid.uuid4().hex, **asked, "request": request}
