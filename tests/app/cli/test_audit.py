"""isra audit shows what other commands did."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.settings import get_settings
from app.cli.commands import app


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("ISRA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ISRA_AUTH", "password")
    get_settings.cache_clear()
    return CliRunner()


def test_users_and_tokens_that_come_and_go_are_in_the_log(command: CliRunner) -> None:
    secret = "a long enough password"
    assert (
        command.invoke(app, ["user", "add", "anna", "--password-stdin"], input=secret).exit_code
        == 0
    )
    made = command.invoke(app, ["token", "create", "nightly", "--user", "anna"])
    token = made.stdout.strip().splitlines()[-1]
    assert command.invoke(app, ["user", "remove", "anna"]).exit_code == 0
    listed = command.invoke(app, ["audit", "--json"]).stdout
    rows = json.loads(listed)
    assert [row["action"] for row in rows] == ["remove_user", "create_token", "add_user"]
    assert {row["actor"] for row in rows} == {"command line"}
    assert secret not in listed
    assert token not in listed and token.rpartition("_")[2] not in listed
