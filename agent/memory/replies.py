"""Model replies that were paid for, as blobs by key."""

from agent.analyst.model_cache import private_folder
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

    async def forget(self, owner: str) -> None:
        """Take away what is kept for one user alone."""
        for item in await self._blobs.listed(private_replies(private_folder(owner))):
            await self._blobs.delete(item.key)


def private_replies(folder: str) -> str:
    """The prefix of the blobs of one user's own replies."""
    return f"replies/private/{folder}/"


def _key(key: str) -> str:
    folder, _, name = key.rpartition("/")
    if folder:
        return f"{private_replies(folder)}{name}.json"
    return f"replies/{key[:2]}/{key}.json"
