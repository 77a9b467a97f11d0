"""The research graph for `langgraph dev`: the same graph, with this process's own tools bound.

Studio starts a graph from JSON alone; the tools a run needs are opened here and handed to every
run, and Studio's own checkpointer takes the place of ours.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from langgraph.graph.state import CompiledStateGraph
from pydantic import ValidationError

from agent.domain import AnalysisRequest
from agent.errors import InputError
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

        def with_context(asked: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            return stream(_read(asked), *args, **{**kwargs, "context": context})

        graph.astream = with_context  # type: ignore[method-assign, assignment]
        yield graph


def _read(asked: Any) -> Any:
    """The input with its request as the steps know it; Studio sends plain JSON.

    Raises InputError where the request is not one.
    """
    if not isinstance(asked, dict) or not isinstance(asked.get("request"), dict):
        return asked
    try:
        request = AnalysisRequest.model_validate(asked["request"])
    except ValidationError as error:
        raise InputError(
            f"The request is not valid: {error.errors()[0]['msg']}.",
            'It takes at least {"industry": "…"}.',
        ) from None
    return {"analysis_id": uuid.uuid4().hex, **asked, "request": request}
