from pathlib import Path

import pytest

from agent.domain import Evidence, Industry
from agent.errors import NotFoundError
from agent.memory.artifacts import ArtifactStore
from agent.memory.blobs import FolderBlobs


async def test_what_is_put_comes_back_equal(tmp_path: Path) -> None:
    store = ArtifactStore(FolderBlobs(tmp_path))
    noun = Evidence(report="a" * 64, page=3, quote="Scope 1: 39.428 t CO₂e")
    assert await store.get(await store.put(noun), Evidence) == noun


async def test_equal_content_is_stored_once(tmp_path: Path) -> None:
    store = ArtifactStore(FolderBlobs(tmp_path))
    first = await store.put(Industry(id="cement", name="Cement"))
    second = await store.put(Industry(id="cement", name="Cement"))
    assert first == second
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


async def test_an_unknown_reference_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        await ArtifactStore(FolderBlobs(tmp_path)).get("0" * 64, Industry)
