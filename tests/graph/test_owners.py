"""What one user brought is never served to another."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.domain import AnalysisRequest
from agent.memory.database import upgrade
from agent.settings import Settings
from graph.runner import Research, open_research
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.graph.storage import settings_over
from tests.graph.test_research import INDUSTRY, until
from tools.library.samples import sample_files


@pytest.fixture
def models() -> FakeModels:
    return FakeModels(careful)


@pytest.fixture
def settings(tmp_path: Path, models: FakeModels) -> Iterator[Settings]:
    with serve(models) as address:
        made = settings_over(tmp_path / "data", "", address)
        upgrade(made.resolved_database_url)
        yield made


async def published(research: Research, request: AnalysisRequest) -> None:
    analysis_id = await research.start(request.model_copy(update={"unattended": True}))
    events = await until(research, analysis_id, "published", "failed")
    assert events[-1].kind == "published", events[-1]


async def test_text_about_shared_reports_is_shared_and_about_private_ones_is_not(
    settings: Settings, models: FakeModels, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    await asyncio.to_thread(shutil.copy, sorted(sample_files())[0], folder)
    async with open_research(settings, "here") as research:
        name = (await research.add_report(sorted(sample_files())[0], "nobody")).company
        shared = AnalysisRequest(industry=INDUSTRY, companies=(name,))
        private = shared.model_copy(update={"library": str(folder)})
        asked: list[int] = []
        for request, owner in (
            (shared, "ann"),
            (shared, "bob"),
            (private, "ann"),
            (private, "ann"),
            (private, "bob"),
        ):
            before = len(models.calls)
            await published(research, request.model_copy(update={"owner": owner}))
            asked.append(len(models.calls) - before)
    first, other_user, own, own_again, other_users_own = asked
    assert first > 0
    assert other_user == 0, "a shared report was paid for twice"
    assert own > 0
    assert own_again == 0
    assert other_users_own > 0, "a text about a private report was served to another user"


async def test_an_upload_is_found_by_its_owner_alone(settings: Settings, tmp_path: Path) -> None:
    async with open_research(settings, "here") as research:
        path = tmp_path / "secret plan.pdf"
        await asyncio.to_thread(shutil.copy, sorted(sample_files())[0], path)
        company = (await research.add_report(path, "ann")).company
        files = {}
        for owner in ("ann", "bob"):
            analysis_id = await research.start(
                AnalysisRequest(industry=INDUSTRY, companies=(company,), owner=owner)
            )
            events = await until(research, analysis_id, "proposed", "failed")
            files[owner] = str(events[-1].data)
    assert "secret plan" in files["ann"]
    assert "secret plan" not in files["bob"]
