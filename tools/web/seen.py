"""Remembers what was downloaded from where, so that a file is asked for only when it changed."""

import asyncio
import hashlib
import json
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tools.web.download import Seen


class Fetched(BaseModel):
    """One download: the address asked for, the one that answered, the file and its validators."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    url: str
    final_url: str
    sha256: str
    name: str
    etag: str = ""
    modified: str = ""
    retrieved_at: str = ""

    @property
    def seen(self) -> Seen:
        """What the server said of it."""
        return Seen(self.etag, self.modified)


class FetchedFiles:
    """Downloads by address, a small file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def of(self, url: str) -> Fetched | None:
        """The last download of an address; None where there is none that can be read."""
        try:
            text = await asyncio.to_thread(self._path(url).read_text, encoding="utf-8")
            fetched = Fetched.model_validate_json(text)
        except (OSError, ValidationError):
            return None
        return fetched if fetched.url == url else None

    async def keep(self, fetched: Fetched) -> None:
        """Remember a download."""
        await asyncio.to_thread(self._write, fetched)

    def _write(self, fetched: Fetched) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=self._folder, suffix=".part", delete=False, encoding="utf-8"
        ) as file:
            json.dump(fetched.model_dump(), file)
        Path(file.name).replace(self._path(fetched.url))

    def _path(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()}.json"
