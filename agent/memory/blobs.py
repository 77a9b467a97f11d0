"""Files by key: PDFs and bundles, in a folder or (elsewhere) in a bucket."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import Protocol

from agent.errors import NotFoundError, StorageError


class BlobStore(Protocol):
    """Immutable files by key. A key is a relative POSIX path such as "pdf/<sha256>.pdf"."""

    async def put_file(self, key: str, path: Path) -> None:
        """Store a copy of `path` under `key`; readers see all of it or nothing."""
        ...

    async def get_path(self, key: str) -> Path:
        """A local file with the blob's content. Raises NotFoundError."""
        ...

    async def exists(self, key: str) -> bool:
        """Whether the whole blob is there."""
        ...


class FolderBlobs:
    """Blobs as files below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put_file(self, key: str, path: Path) -> None:
        """Copy `path` beside its place and move it there in one step. Raises StorageError."""
        try:
            await asyncio.to_thread(_place, path, self._path(key))
        except OSError as error:
            raise StorageError(f"{key} could not be stored.", str(error)) from error

    async def get_path(self, key: str) -> Path:
        """The blob's own file. Raises NotFoundError."""
        path = self._path(key)
        if not await asyncio.to_thread(path.is_file):
            raise NotFoundError(f"There is no stored file {key}.")
        return path

    async def exists(self, key: str) -> bool:
        """Whether the file is there."""
        return await asyncio.to_thread(self._path(key).is_file)

    def _path(self, key: str) -> Path:
        relative = PurePosixPath(key)
        if relative.is_absolute() or ".." in relative.parts or not relative.parts:
            raise StorageError(f"{key!r} is no key of a stored file.")
        return self._root.joinpath(*relative.parts)


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    part = Path(name)
    try:
        with source.open("rb") as reader, os.fdopen(handle, "wb") as writer:
            shutil.copyfileobj(reader, writer, 1 << 20)
            writer.flush()
            os.fsync(writer.fileno())
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
