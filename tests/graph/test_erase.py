"""Deleting a user or an analysis leaves nothing of it in the database or among the blobs."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from reportlab.pdfgen.canvas import Canvas

from agent.domain import Analysis, AnalysisRequest
from agent.memory.audit import audit_log
from agent.memory.database import make_engine, upgrade
from agent.memory.erase import erase_rows
from agent.settings import Settings
from graph.runner import Research, open_research
from tests.fakes.llm.analyst import careful
from tests.fakes.llm.server import FakeModels, serve
from tests.graph.storage import settings_over
from tests.graph.test_research import run

SECRET = "Quillfeather"
FIGURE = "7,654,321"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    (tmp_path / "data").mkdir()
    on_postgres = request.param == "postgres"
    url = (
        request.getfixturevalue("postgres_url")
        if on_postgres
        else f"sqlite:///{tmp_path}/data/isra.db"
    )
    upgrade(url)
    return str(url)


def make_report(path: Path) -> Path:
    canvas = Canvas(str(path), invariant=1)
    canvas.setTitle(f"{SECRET} Materials Sustainability Report 2024")
    canvas.drawString(60, 700, f"{SECRET} Materials")
    canvas.drawString(60, 680, "Sustainability Report 2024")
    canvas.showPage()
    canvas.drawString(60, 700, f"Scope 1 emissions of {SECRET} were {FIGURE} t CO2e in 2024.")
    canvas.drawString(60, 680, f"{SECRET} commits to net zero emissions by 2045.")
    canvas.save()
    return path


async def analyse(research: Research, owner: str) -> Analysis:
    request = AnalysisRequest(industry="own", companies=(f"{SECRET} Materials",), owner=owner)
    analysis, _ = await run(research, request)
    assert analysis.companies[0].status == "done", analysis.companies[0].reason
    return analysis


async def stored(settings: Settings) -> dict[str, str]:
    """Everything that is stored, by table or file; the library's own file for temporary work."""
    engine = make_engine(settings.resolved_database_url)
    found: dict[str, str] = {}
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
        for name in names:
            if name != audit_log.name:
                rows = (await connection.execute(sa.text(f'SELECT * FROM "{name}"'))).all()
                found[name] = " ".join(map(str, rows))
    await engine.dispose()
    found |= await asyncio.to_thread(_files, settings.data_dir)
    return found


def _files(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(p): f"{p} {p.read_bytes().decode('latin-1')}" for p in files}


def places(found: dict[str, str], *words: str) -> list[str]:
    return [name for name, text in found.items() if any(word in text for word in words)]


async def test_nothing_of_a_deleted_user_is_left(database_url: str, tmp_path: Path) -> None:
    with serve(FakeModels(careful)) as address:
        settings = settings_over(tmp_path / "data", database_url, address)
        async with open_research(settings, "here") as research:
            report = await research.add_report(make_report(tmp_path / "own.pdf"), "anna")
            assert report.company.startswith(SECRET)
            first = await analyse(research, "anna")
            await analyse(research, "anna")
            before = await stored(settings)
            assert len(places(before, SECRET, report.sha256, FIGURE)) > 5
            await research.delete(first.analysis_id)
            told = places(await stored(settings), first.analysis_id)
            assert [name for name in told if ".db" not in name] == ["model_calls"]
            await research.erase("anna")
        engine = make_engine(database_url)
        await erase_rows(engine, "anna")
        await engine.dispose()
    await _vacuumed(settings)
    assert places(await stored(settings), SECRET, report.sha256, FIGURE, "anna") == []


async def _vacuumed(settings: Settings) -> None:
    """SQLite leaves deleted rows in free pages of its files until they are used again."""
    for file in settings.data_dir.rglob("*.db"):
        engine = make_engine(f"sqlite:///{file}")
        async with engine.connect() as connection:
            raw: Any = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await raw.execute(sa.text("VACUUM"))
            await raw.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        await engine.dispose()


async def test_a_report_that_another_user_has_too_stays(database_url: str, tmp_path: Path) -> None:
    settings = settings_over(tmp_path / "data", database_url)
    file = make_report(tmp_path / "own.pdf")
    copy = Path(shutil.copy(file, tmp_path / "copy.pdf"))
    async with open_research(settings, "here") as research:
        await research.add_report(file, "anna")
        await research.add_report(copy, "bob")
        theirs = await analyse(research, "bob")
        await research.erase("anna")
        assert await research.own_reports("anna") == ()
        assert len(await research.own_reports("bob")) == 1
        again = await research.result(theirs.analysis_id)
        assert json.loads(again.model_dump_json()) == json.loads(theirs.model_dump_json())
        assert (await analyse(research, "bob")).companies[0].kpis == theirs.companies[0].kpis
