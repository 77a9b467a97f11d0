"""Model replies that were paid for, as files by key."""

import asyncio
import tempfile
from pathlib import Path


class FolderReplies:
    """A reply store in a folder; a reply is whole or not there."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def get(self, key: str) -> str | None:
        """The text kept under the key."""
        return await asyncio.to_thread(self._read, key)

    async def put(self, key: str, text: str) -> None:
        """Keep a text, over an earlier one."""
        await asyncio.to_thread(self._write, key, text)

    def _path(self, key: str) -> Path:
        return self._root / key[:2] / f"{key}.json"

    def _read(self, key: str) -> str | None:
        try:
            return self._path(key).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def _write(self, key: str, text: str) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, delete=False
        ) as part:
            part.write(text)
        Path(part.name).replace(path)
