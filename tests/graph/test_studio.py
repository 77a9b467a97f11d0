"""`langgraph dev` finds the graph where langgraph.json says and can run it as its server does."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from agent.domain import Analysis
from agent.settings import get_settings
from graph.studio import StudioGraph
from tests.conftest import REPOSITORY
from tools.library.samples import sample_files

CONFIG: Any = {"configurable": {"thread_id": "t-1"}}


@pytest.fixture(scope="module", autouse=True)
def _own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ISRA_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        get_settings.cache_clear()
        yield
    get_settings.cache_clear()


def named_factory() -> Any:
    """The function that langgraph.json names."""
    named = json.loads((REPOSITORY / "langgraph.json").read_text())["graphs"]["research"]
    path, _, factory = named.partition(":")
    module = importlib.import_module(path.removeprefix("./").removesuffix(".py").replace("/", "."))
    return getattr(module, factory)


def as_the_server_runs_it(graph: StudioGraph) -> StudioGraph:
    """The server copies the graph for each run, with its own checkpointer."""
    return graph.copy(update={"checkpointer": InMemorySaver()})


async def test_a_run_waits_for_the_review_and_goes_on_to_its_end_from_plain_json(
    tmp_path: Path,
) -> None:
    async with named_factory()() as graph:
        assert {"resolve_industry", "company", "publish"} <= set(graph.get_graph().nodes)
        served = as_the_server_runs_it(graph)
        (tmp_path / "reports").mkdir()
        (tmp_path / "reports" / "one.pdf").symlink_to(sample_files()[0])
        asked = {"request": {"industry": "pumps", "library": str(tmp_path / "reports")}}
        await served.ainvoke(asked, CONFIG)
        waiting = await served.aget_state(CONFIG)
        [review] = waiting.interrupts
        answer = json.loads(json.dumps(review.value))
        selected = [row for row in answer["companies"] if row["selected"]]
        done = await served.ainvoke(Command(resume={"companies": selected}), CONFIG)
        analysis = await graph.tools.artifacts.get(done["analysis_ref"], Analysis)
    assert [row.status for row in analysis.companies] == ["done"]
    assert analysis.synthesis.claims
    assert len(analysis.analysis_id) == 32


async def test_the_schemas_that_studio_draws_its_form_from_can_be_made() -> None:
    async with named_factory()() as graph:
        asked = graph.get_input_jsonschema()
        assert graph.get_output_jsonschema()
    assert "request" in asked["properties"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"request": {"industry": ""}}, "It takes at least"),
        ({"request": "cement"}, "It takes at least"),
        ({}, "It takes at least"),
        ({"request": {"industry": "underwater basket weaving"}}, "No industry in the directory"),
    ],
)
async def test_what_cannot_be_run_is_told_in_words_that_the_server_shows(
    asked: Any, said: str
) -> None:
    async with named_factory()() as graph:
        # The server passes on what Python's own errors say, and nothing of others.
        with pytest.raises(ValueError, match=said):
            await as_the_server_runs_it(graph).ainvoke(asked, CONFIG)
