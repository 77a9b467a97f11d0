"""What Chainlit needs before it is imported: a secret of our own and a clean environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.errors import ConfigurationError
from app.chat.boot import app_root, session_secret


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = session_secret(tmp_path / "data")
    assert first == session_secret(tmp_path / "data")
    assert len(first) >= 48
    assert (tmp_path / "data" / "session.secret").stat().st_mode & 0o777 == 0o600


def test_a_secret_others_can_read_stops_the_start(tmp_path: Path) -> None:
    session_secret(tmp_path)
    (tmp_path / "session.secret").chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        session_secret(tmp_path)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="ISRA_DATA_DIR"):
        session_secret(tmp_path / "file" / "data")


def test_variables_that_chainlit_misreads_do_not_stop_its_import(tmp_path: Path) -> None:
    code = (
        "import os; from pathlib import Path; from app.chat.boot import load_chainlit; "
        f"load_chainlit(Path({str(tmp_path)!r})); "
        "assert os.environ['RUN'] == 'yes'; import chainlit; print('up')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "RUN": "yes",
            "CODE": "x",
            "PROJECT": "y",
            "PYTHONPATH": str(app_root()),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("up"), done.stderr


def test_servers_of_one_address_can_share_a_secret(tmp_path: Path) -> None:
    code = (
        "import os; from pathlib import Path; from app.chat.boot import load_chainlit; "
        f"load_chainlit(Path({str(tmp_path)!r}), 'shared' * 8); "
        "print(os.environ['CHAINLIT_AUTH_SECRET'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(app_root())},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("shared" * 8), done.stderr
    assert not (tmp_path / "session.secret").exists()


def test_starting_the_chat_loads_no_tracing_service_and_no_data_frames(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.chat.boot import load_chainlit; "
        f"load_chainlit(Path({str(tmp_path)!r})); "
        "print(sorted({'pandas', 'posthog', 'traceloop.sdk.client'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(app_root())},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("[]"), done.stderr


def test_the_client_s_files_are_where_the_server_looks_for_them() -> None:
    for name in (".chainlit/config.toml", ".chainlit/translations/en-US.json", "chainlit.md"):
        assert (app_root() / name).is_file(), name
    for name in ("theme.json", "isra.css", "isra.js", "logo_light.svg", "logo_dark.svg"):
        assert (app_root() / "public" / name).is_file(), name
