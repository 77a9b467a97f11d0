"""What is checkpointed: small, typed, and nothing that would lose finished work."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, get_args, get_type_hints

import sqlalchemy as sa

from agent.domain import AnalysisRequest
from agent.memory.database import make_engine, upgrade
from agent.memory.tables import analyses
from graph.runner import open_research
from graph.state import CompanyState, ResearchState
from tests.conftest import REPOSITORY
from tests.graph.storage import settings_over
from tests.graph.test_research import INDUSTRY, until


def _parts(kind: object) -> list[object]:
    return [kind, *(part for argument in get_args(kind) for part in _parts(argument))]


def test_no_field_of_state_may_hold_anything() -> None:
    """With strict checkpoints what stands in an Any field comes back as a dictionary."""
    for state in (ResearchState, CompanyState):
        for name, kind in get_type_hints(state, include_extras=True).items():
            assert not {Any, object} & set(_parts(kind)), f"{state.__name__}.{name}"


def test_no_code_bounds_a_run_by_langgraphs_own_setting() -> None:
    """Writes of checkpoints wait at the same gate: a killed fan-out would lose its branches."""
    code = [
        path
        for folder in ("agent", "tools", "graph", "app")
        for path in (REPOSITORY / folder).rglob("*.py")
    ]
    assert code
    assert [path for path in code if "max_concurrency" in path.read_text(encoding="utf-8")] == []


async def test_the_checkpoints_of_fifty_companies_stay_below_two_megabytes(
    tmp_path: Path,
) -> None:
    """A few companies with reports stand for fifty of them; the others have none."""
    settings = settings_over(tmp_path / "data")
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    async with open_research(settings, "here") as research:
        listed = await research.start(AnalysisRequest(industry=INDUSTRY, limit=4))
        await until(research, listed, "proposed", "failed")
        names = [row.company.name for row in await research.proposal(listed) if row.selected]
        with_report = len(names)
        names += [f"Unheard Of Cement Works of Elsewhere {n}" for n in range(50 - with_report)]
        analysis_id = await research.start(
            AnalysisRequest(industry=INDUSTRY, companies=tuple(names), unattended=True)
        )
        await until(research, analysis_id, "published", "failed")
        result = await research.result(analysis_id)
    assert len(result.companies) == 50
    assert [row.status for row in result.companies].count("done") == with_report >= 3

    database = sqlite3.connect(settings.data_dir / "checkpoints.db")
    sizes: dict[str, int] = {}
    for table, columns in (
        ("checkpoints", "length(checkpoint) + length(metadata)"),
        ("writes", "length(value)"),
    ):
        query = f"SELECT checkpoint_ns, sum({columns}) FROM {table} WHERE thread_id = ? GROUP BY 1"
        for namespace, size in database.execute(query, (analysis_id,)):
            sizes[namespace] = sizes.get(namespace, 0) + size
    whole = sizes.pop("")
    assert len(sizes) == 50
    largest = sorted(sizes.values())[-with_report:]
    assert whole + 50 * sum(largest) / with_report <= 2_000_000


async def test_a_run_of_another_version_is_refused_with_a_reason(tmp_path: Path) -> None:
    settings = settings_over(tmp_path / "data")
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    async with open_research(settings, "here") as first:
        analysis_id = await first.start(AnalysisRequest(industry=INDUSTRY))
    engine = make_engine(settings.resolved_database_url)
    async with engine.begin() as connection:
        await connection.execute(sa.update(analyses).values(graph_version="0"))
    await engine.dispose()
    async with open_research(settings, "here") as second:
        await second.recover()
        await until(second, analysis_id, "failed", "published")
        status = await second.status(analysis_id)
    assert status.state == "failed"
    assert "another version (0)" in status.what
    assert "Start it again" in status.do
