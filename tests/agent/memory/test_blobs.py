"""Blobs are stored whole, by keys that cannot leave their folder."""

from pathlib import Path

import pytest

from agent.errors import NotFoundError, StorageError
from agent.memory.blobs import FolderBlobs


async def test_a_file_is_stored_and_found_again(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"content" * 1000)
    blobs = FolderBlobs(tmp_path / "store")
    assert not await blobs.exists("pdf/one.pdf")
    await blobs.put_file("pdf/one.pdf", source)
    assert await blobs.exists("pdf/one.pdf")
    assert (await blobs.get_path("pdf/one.pdf")).read_bytes() == source.read_bytes()
    assert source.exists()
    assert [path.name for path in (tmp_path / "store" / "pdf").iterdir()] == ["one.pdf"]


async def test_a_file_that_cannot_be_stored_leaves_nothing(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "store")
    with pytest.raises(StorageError):
        await blobs.put_file("pdf/one.pdf", tmp_path / "gone")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_missing_blob_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        await FolderBlobs(tmp_path).get_path("pdf/none.pdf")


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "", "a/../../b"])
async def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(StorageError):
        await FolderBlobs(tmp_path).get_path(key)
