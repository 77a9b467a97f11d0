"""JSON results by content: the graph's state holds only their references."""

import asyncio
import hashlib
from typing import TypeVar

from agent.domain.base import Noun
from agent.errors import NotFoundError
from agent.memory.blobs import BlobStore

N = TypeVar("N", bound=Noun)


class ArtifactStore:
    """Immutable JSON documents among the blobs, named by their sha256."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def put(self, noun: Noun) -> str:
        """Store a noun and give its reference. Storing the same twice writes once.

        Raises:
            StorageError: it cannot be written.
        """
        body, ref = await asyncio.to_thread(_written, noun)
        await self._blobs.put_bytes(_key(ref), body, replace=False)
        return ref

    async def get(self, ref: str, kind: type[N]) -> N:
        """Read a noun back.

        Raises:
            NotFoundError: nothing is stored under the reference.
        """
        try:
            body = await self._blobs.get_bytes(_key(ref))
        except NotFoundError:
            raise NotFoundError(
                "A stored result is missing.", "Run the analysis again; its reports are kept."
            ) from None
        return await asyncio.to_thread(kind.model_validate_json, body)

    async def text(self, ref: str) -> str:
        """The document as it is stored; "" where there is none."""
        try:
            return (await self._blobs.get_bytes(_key(ref))).decode()
        except NotFoundError:
            return ""

    async def delete(self, ref: str) -> None:
        """Take a noun away; one that is not there is no error."""
        await self._blobs.delete(_key(ref))


def _written(noun: Noun) -> tuple[bytes, str]:
    body = noun.model_dump_json().encode()
    return body, hashlib.sha256(body).hexdigest()


def _key(ref: str) -> str:
    return f"artifacts/{ref[:2]}/{ref}.json"
