"""Fixtures of the directory's tests."""

import shutil
from pathlib import Path

import pytest

from tools.directory import Directory, load_directory
from tools.directory.files import DATA


@pytest.fixture(scope="session")
def directory() -> Directory:
    """The directory as delivered."""
    return load_directory()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data files that a test may spoil."""
    return Path(shutil.copytree(Path(str(DATA)), tmp_path / "data"))
