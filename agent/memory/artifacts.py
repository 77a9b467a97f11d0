"""JSON results by content: the graph's state holds only their references."""

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path
from typing import TypeVar

from agent.domain.base import Noun
from agent.errors import NotFoundError, StorageError

N = TypeVar("N", bound=Noun)


class ArtifactStore:
    """Immutable JSON documents in a folder, named by their sha256."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, noun: Noun) -> str:
        """Store a noun and give its reference. Storing the same twice writes once."""
        return await asyncio.to_thread(self._put, noun)

    async def get(self, ref: str, kind: type[N]) -> N:
        """Read a noun back.

        Raises:
            NotFoundError: nothing is stored under the reference.
        """
        return await asyncio.to_thread(self._get, ref, kind)

    async def delete(self, ref: str) -> None:
        """Take a noun away; one that is not there is no error."""
        await asyncio.to_thread(self._path(ref).unlink, missing_ok=True)

    def _path(self, ref: str) -> Path:
        return self._root / ref[:2] / f"{ref}.json"

    def _put(self, noun: Noun) -> str:
        body = noun.model_dump_json().encode()
        ref = hashlib.sha256(body).hexdigest()
        path = self._path(ref)
        if path.exists():
            return ref
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
                try:
                    part.write(body)
                    part.flush()
                    os.fsync(part.fileno())
                except OSError:
                    Path(part.name).unlink(missing_ok=True)
                    raise
            Path(part.name).replace(path)
        except OSError as error:
            raise StorageError(
                f"A result cannot be written: {error.strerror}.",
                "Check the free space and the rights of ISRA_DATA_DIR.",
            ) from error
        return ref

    def _get(self, ref: str, kind: type[N]) -> N:
        try:
            body = self._path(ref).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(
                "A stored result is missing.", "Run the analysis again; its reports are kept."
            ) from None
        return kind.model_validate_json(body)
