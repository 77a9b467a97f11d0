"""A server that cannot start ends with one sentence that says why and what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.conftest import REPOSITORY


def serve(data_dir: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "from app.cli.main import main; main()", "serve"],
        cwd=REPOSITORY,
        env={**keep, "ISRA_DATA_DIR": str(data_dir), "ISRA_OFFLINE": "1", **settings},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_missing_key_shows_at_the_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    ended = serve(tmp_path, ISRA_MODEL="openai:any", ISRA_PORT=port)
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("isra: The model openai:any needs an API key")
    assert "ISRA_OPENAI_API_KEY" in last
    assert "Traceback" not in ended.stderr
    assert "The chat is at" not in ended.stderr


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = serve(tmp_path, ISRA_PORT=port)
    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines()[-1].startswith("isra: Nothing can listen on 127.0.0.1")
    assert "ISRA_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
