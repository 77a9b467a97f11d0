"""Prompts with a worse second arm, a small golden set, and a model that obeys both."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.prompts.registry import FOLDER, PromptRegistry
from evals.golden.layout import gold_dir
from tests.fakes.llm.analyst import document
from tests.fakes.llm.server import FakeModels, serve
from tests.fakes.llm.wire import Call, Reply
from tools.library.samples import FOLDER as SAMPLES

CAREFUL, BRIEF = "a", "b"
FILE = "sample-beverages/marenholm-beverages-2024.pdf"


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A golden set of one of the sample reports."""
    folder = tmp_path_factory.mktemp("set")
    (folder / "gold").mkdir()
    (folder / "reports" / FILE).parent.mkdir(parents=True)
    (folder / "reports" / FILE).symlink_to(SAMPLES / FILE)
    for name in ("reports.jsonl", "kpi_values.jsonl", "absent.jsonl"):
        lines = (gold_dir() / name).read_text("utf-8").splitlines()
        own = [line for line in lines if f'"{FILE}"' in line]
        (folder / "gold" / name).write_text("\n".join(own), "utf-8")
    return folder


@pytest.fixture
def prompts_dir(tmp_path: Path) -> Path:
    """The delivered prompts, each with an arm that tells the model to be brief."""
    folder = tmp_path / "prompts"
    for source in FOLDER.glob("*/*.md"):
        copy = folder / source.parent.name / source.name
        copy.parent.mkdir(parents=True)
        text = source.read_text("utf-8")
        copy.write_text(text, "utf-8")
        brief = text.replace("## system\n", "## system\nBe brief.\n")
        copy.with_stem(BRIEF).write_text(brief, "utf-8")
    return folder


@pytest.fixture
def prompts(prompts_dir: Path) -> PromptRegistry:
    """Those prompts, read."""
    return PromptRegistry(prompts_dir)


@pytest.fixture
def models() -> Iterator[FakeModels]:
    yield FakeModels(reply)


@pytest.fixture
def server(models: FakeModels) -> Iterator[str]:
    """Address of the model's server."""
    with serve(models) as url:
        yield url


def reply(call: Call) -> Reply:
    """What a careful model writes, or next to nothing where it is told to be brief."""
    asked = set(call.wanted.get("properties", {}))
    by_shape: list[tuple[str, Callable[[Call], dict[str, Any]]]] = [
        ("better", _better),
        ("score", lambda _call: {"reason": "It says much.", "score": 4}),
        ("sentences", _translated),
        ("kind", _sorted),
        ("chosen", _chosen),
    ]
    for field, write in by_shape:
        if field in asked:
            return Reply(text=json.dumps(write(call)))
    whole = document(call)
    if _brief(call):
        whole = {**whole, "claims": whole["claims"][:1]}
    return Reply(text=json.dumps(whole))


def _brief(call: Call) -> bool:
    return "Be brief." in call.system


def _better(call: Call) -> dict[str, Any]:
    """A judge that likes the longer text."""
    one, other = re.findall(r"The (?:first|second) text:\n(.*?)\n\n(?=The )", call.user, re.DOTALL)
    longer = "first" if len(one) > len(other) else "second" if one != other else "neither"
    return {"reason": "It says more.", "better": longer}


def _translated(call: Call) -> dict[str, Any]:
    found = re.findall(r"^(\d+)\. (.+)$", call.user, re.MULTILINE)
    changed = [(n, text if _brief(call) else f"Übersetzt: {text}") for n, text in found]
    return {"sentences": [{"number": int(n), "text": text} for n, text in changed]}


def _sorted(call: Call) -> dict[str, Any]:
    shown = "An analysis is shown: yes" in call.user
    message = call.user.split("=====\n")[1].split("\n")[0]
    kind = "unclear" if _brief(call) else "follow_up" if shown else "analysis"
    return {"kind": kind, "industry": message, "companies": [], "year": None}


def _chosen(call: Call) -> dict[str, Any]:
    rows = [] if _brief(call) else re.findall(r"^(C\d+) \|", call.user, re.MULTILINE)
    chosen = [{"id": row, "reason": "It is among the largest."} for row in rows]
    return {"chosen": chosen, "left_out": [], "added": []}
