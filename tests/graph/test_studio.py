"""`langgraph dev` finds the graph where langgraph.json says and can run it."""

import importlib
import json
from pathlib import Path

import pytest

from agent.settings import get_settings
from tests.conftest import REPOSITORY


async def test_the_graph_of_langgraph_json_opens_as_the_server_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = json.loads((REPOSITORY / "langgraph.json").read_text())["graphs"]["research"]
    path, _, factory = named.partition(":")
    module = importlib.import_module(path.removeprefix("./").removesuffix(".py").replace("/", "."))
    monkeypatch.setenv("ISRA_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    try:
        async with getattr(module, factory)() as graph:
            drawn = graph.get_graph()
            assert {"resolve_industry", "company", "publish"} <= set(drawn.nodes)
            request = {"industry": "sample cement", "limit": 1}
            events = [
                part
                async for part in graph.astream(
                    {"analysis_id": "studio", "request": request}, stream_mode="updates"
                )
            ]
    finally:
        get_settings.cache_clear()
    assert {name for event in events for name in event} >= {"resolve_industry"}
