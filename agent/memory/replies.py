"""Model replies that were paid for, as blobs by key."""

from agent.errors import NotFoundError
from agent.memory.blobs import BlobStore


class StoredReplies:
    """A reply store among the blobs; a reply is whole or not there."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def get(self, key: str) -> str | None:
        """The text kept under the key."""
        try:
            return (await self._blobs.get_bytes(_key(key))).decode()
        except NotFoundError:
            return None

    async def put(self, key: str, text: str) -> None:
        """Keep a text, over an earlier one. Raises StorageError."""
        await self._blobs.put_bytes(_key(key), text.encode())


def _key(key: str) -> str:
    return f"replies/{key[:2]}/{key}.json"
