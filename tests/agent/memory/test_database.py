from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from agent.errors import StorageError
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
    import asyncio

    url = url_of(tmp_path / "new" / "isra.db")
    upgrade(url)
    assert set(metadata.tables) <= asyncio.run(table_names(url))


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    url = url_of(tmp_path / "isra.db")
    upgrade(url)
    upgrade(url)
    command.check(alembic_config(url))


def test_migrations_go_down_and_up_again(tmp_path: Path) -> None:
    url = url_of(tmp_path / "isra.db")
    upgrade(url)
    command.downgrade(alembic_config(url), "base")
    upgrade(url)
    command.check(alembic_config(url))


def test_a_database_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError) as caught:
        upgrade(url_of(tmp_path / "file" / "isra.db"))
    assert "ISRA_DATA_DIR" in str(caught.value)
