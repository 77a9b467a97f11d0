"""Fixtures that all tests share."""

import os
from pathlib import Path

import pytest

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
