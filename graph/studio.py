"""The research graph for `langgraph dev`: the same graph, with this process's own tools bound.

Studio starts a graph from JSON alone; the tools a run needs are opened here and handed to every
run, and Studio's own checkpointer takes the place of ours.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from langgraph.graph.state import CompiledStateGraph

from agent.memory.database import upgrade
from agent.settings import get_settings
from graph.context import ResearchContext
from graph.research import build_research_graph
from graph.wiring import open_context


@asynccontextmanager
async def research_graph() -> AsyncIterator[CompiledStateGraph[Any, ResearchContext, Any, Any]]:
    """The compiled graph, its context filled in for whoever streams it."""
    settings = get_settings()
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    async with open_context(settings) as (context, _):
        graph = build_research_graph().compile(name="industry_sustainability")
        stream = graph.astream

        def with_context(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            return stream(*args, **{**kwargs, "context": context})

        graph.astream = with_context  # type: ignore[method-assign]
        yield graph
