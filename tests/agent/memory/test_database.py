import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from agent.errors import ConfigurationError, StorageError
from agent.memory.addresses import async_url, is_postgres, libpq_url
from agent.memory.database import alembic_config, make_engine, upgrade
from agent.memory.schema import metadata


def url_of(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def table_names(url: str) -> set[str]:
    engine = make_engine(url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    await engine.dispose()
    return set(names)


def test_upgrade_makes_the_folder_and_every_table(tmp_path: Path) -> None:
    url = url_of(tmp_path / "new" / "isra.db")
    upgrade(url)
    assert set(metadata.tables) <= asyncio.run(table_names(url))


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    url = url_of(tmp_path / "isra.db")
    upgrade(url)
    upgrade(url)
    command.check(alembic_config(url))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return url_of(tmp_path / "isra.db")


def revisions(url: str) -> list[str]:
    """All revisions, the first one first."""
    script = ScriptDirectory.from_config(alembic_config(url))
    return [item.revision for item in script.walk_revisions()][::-1]


async def execute(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements; gives the rows of the last one."""
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            for statement in statements[:-1]:
                await connection.execute(sa.text(statement))
            result = await connection.execute(sa.text(statements[-1]))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        await engine.dispose()


ANALYSIS = (
    "INSERT INTO analyses (id, owner, state, industry, request, graph_version, created_at,"
    " updated_at) VALUES ('a', 'local', 'published', 'cement', '{\"industry\": \"cement\"}', '1',"
    " '2026-01-01', '2026-01-01')"
)
EVENTS = (
    "INSERT INTO run_events (analysis_id, seq, at, kind, data) VALUES"
    " ('a', 1, '2026-01-01', 'started', '{}'), ('a', 2, '2026-01-01', 'published', '{}')"
)
REPORT = (
    "INSERT INTO reports (sha256, owner, file, source, verdict, added_at) VALUES"
    " ('s', 'local', 'f.pdf', 'upload', '{}', '2026-01-01')"
)


def test_data_of_the_first_revision_survive_the_way_up_and_down(url: str) -> None:
    upgrade(url, revisions(url)[0])
    asyncio.run(execute(url, ANALYSIS, EVENTS, REPORT))
    upgrade(url)
    command.check(alembic_config(url))
    found = asyncio.run(execute(url, "SELECT id, attempt, last_seq, review FROM analyses"))
    assert found == [("a", 0, 2, None)]
    for revision in reversed(revisions(url)[:-1]):
        command.downgrade(alembic_config(url), revision)
    kept = asyncio.run(
        execute(
            url,
            "SELECT analyses.id, count(*), max(reports.file) FROM analyses"
            " JOIN run_events ON analysis_id = analyses.id"
            " JOIN reports ON reports.owner = analyses.owner GROUP BY analyses.id",
        )
    )
    assert kept == [("a", 2, "f.pdf")]
    upgrade(url)
    command.check(alembic_config(url))


def test_migrations_go_down_to_nothing_and_up_again(url: str) -> None:
    upgrade(url)
    command.downgrade(alembic_config(url), "base")
    assert asyncio.run(table_names(url)) <= {"alembic_version"}
    upgrade(url)
    command.check(alembic_config(url))


def test_a_database_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError) as caught:
        upgrade(url_of(tmp_path / "file" / "isra.db"))
    assert "ISRA_DATA_DIR" in str(caught.value)


def test_a_database_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(StorageError) as caught:
        upgrade("postgresql://nobody@127.0.0.1:1/none")
    assert "ISRA_DATABASE_URL" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "engine", "libpq"),
    [
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d", "postgresql://u:p@h/d"),
        (
            "postgresql://u:p@h/d?sslmode=require",
            "postgresql+asyncpg://u:p@h/d?ssl=require",
            "postgresql://u:p@h/d?sslmode=require",
        ),
        (
            "postgresql+psycopg://u@/d?host=/run/pg",
            "postgresql+asyncpg://u@/d?host=%2Frun%2Fpg",
            "postgresql://u@/d?host=%2Frun%2Fpg",
        ),
    ],
)
def test_one_address_serves_every_driver(given: str, engine: str, libpq: str) -> None:
    assert async_url(given) == engine
    assert libpq_url(given) == libpq
    assert is_postgres(given)


@pytest.mark.parametrize("given", ["mysql://h/d", "secret"])
def test_a_wrong_address_is_refused_without_being_repeated(given: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        async_url(given)
    assert given not in str(caught.value)
