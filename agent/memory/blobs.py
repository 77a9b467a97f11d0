"""Files by key: PDFs, bundles and results, in a folder (here) or in a bucket (`blobs_s3`)."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from agent.errors import NotFoundError, StorageError


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """A stored file: its key, its size in bytes, when it was written (seconds since 1970)."""

    key: str
    size: int
    written: float


class BlobStore(Protocol):
    """Files by key. A key is a relative POSIX path such as "pdf/<sha256>.pdf"."""

    async def put_file(self, key: str, path: Path) -> None:
        """Store a copy of `path` under `key`; readers see all of it or nothing."""
        ...

    async def get_path(self, key: str) -> Path:
        """A local file with the blob's content. Raises NotFoundError."""
        ...

    async def exists(self, key: str) -> bool:
        """Whether the whole blob is there."""
        ...

    async def put_bytes(self, key: str, body: bytes, *, replace: bool = True) -> None:
        """Store a small blob; without `replace` one that is there already is left as it is."""
        ...

    async def get_bytes(self, key: str) -> bytes:
        """The content of a small blob. Raises NotFoundError."""
        ...

    async def listed(self, prefix: str) -> list[BlobInfo]:
        """Every blob whose key begins with the prefix, which is a folder ("pdf/")."""
        ...

    async def delete(self, key: str) -> None:
        """Remove the blob, if it is there."""
        ...


class FolderBlobs:
    """Blobs as files below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put_file(self, key: str, path: Path) -> None:
        """Copy `path` beside its place and move it there in one step. Raises StorageError."""

        def copy(part: BinaryIO) -> None:
            with path.open("rb") as reader:
                shutil.copyfileobj(reader, part, 1 << 20)

        await self._place(key, copy)

    async def put_bytes(self, key: str, body: bytes, *, replace: bool = True) -> None:
        """Write the content beside its place and move it there. Raises StorageError."""
        if replace or not await self.exists(key):
            await self._place(key, lambda part: part.write(body))

    async def get_bytes(self, key: str) -> bytes:
        """The content of the file. Raises NotFoundError, StorageError."""
        path = await self.get_path(key)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise _unreadable(key, error) from error

    async def get_path(self, key: str) -> Path:
        """The blob's own file. Raises NotFoundError."""
        path = self._path(key)
        if not await asyncio.to_thread(path.is_file):
            raise NotFoundError(f"There is no stored file {key}.")
        return path

    async def exists(self, key: str) -> bool:
        """Whether the file is there."""
        return await asyncio.to_thread(self._path(key).is_file)

    async def listed(self, prefix: str) -> list[BlobInfo]:
        """Every file below the folder of that name; files half written are passed over."""
        return await asyncio.to_thread(self._list, self._path(prefix.rstrip("/")))

    async def delete(self, key: str) -> None:
        """Remove the file."""
        try:
            await asyncio.to_thread(self._path(key).unlink, missing_ok=True)
        except OSError as error:
            raise StorageError(f"{key} could not be deleted.", str(error.strerror)) from error

    def _path(self, key: str) -> Path:
        return self._root.joinpath(*checked_key(key).parts)

    def _list(self, folder: Path) -> list[BlobInfo]:
        found = []
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".part":
                stat = path.stat()
                key = path.relative_to(self._root).as_posix()
                found.append(BlobInfo(key, stat.st_size, stat.st_mtime))
        return found

    async def _place(self, key: str, write: Callable[[BinaryIO], object]) -> None:
        try:
            await asyncio.to_thread(place_file, self._path(key), write)
        except OSError as error:
            raise StorageError(
                f"{key} could not be stored: {error.strerror}.",
                "Check the free space and the rights of ISRA_DATA_DIR.",
            ) from error


def checked_key(key: str) -> PurePosixPath:
    """The key as a relative path. Raises StorageError for one that leads elsewhere."""
    relative = PurePosixPath(key)
    if relative.is_absolute() or ".." in relative.parts or not relative.parts:
        raise StorageError(f"{key!r} is no key of a stored file.")
    return relative


def place_file(target: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file beside its place, sync it and move it there in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as writer:
            write(writer)
            writer.flush()
            os.fsync(writer.fileno())
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _unreadable(key: str, error: OSError) -> StorageError:
    return StorageError(f"{key} could not be read: {error.strerror}.")
