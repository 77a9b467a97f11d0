"""Keeps drawn page pictures on the local disk, as many as fit."""

import asyncio
import hashlib
import os
from pathlib import Path

from tools.pdf.limits import ReaderLimits
from tools.pdf.picture import Picture, draw_picture

_MIMES = {".png": "image/png", ".jpg": "image/jpeg"}
_SUFFIXES = {mime: suffix for suffix, mime in _MIMES.items()}
_MOST = 2000
"""Pictures kept at most, about 150 MB; the oldest go first."""
_VERSION = "1"
"""Part of a picture's name: raise it whenever pages are drawn another way."""


class PictureCache:
    """Pictures by document, page, quote and crop; two callers at once may both draw."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def get(
        self,
        document: str,
        pdf: Path,
        page: int,
        quote: str | None,
        *,
        crop: bool,
        limits: ReaderLimits,
    ) -> Picture:
        """The picture from the disk, or drawn now. Raises what `draw_picture` raises."""
        key = hashlib.sha256(
            "\0".join((_VERSION, document, str(page), str(crop), quote or "")).encode()
        ).hexdigest()
        kept = await asyncio.to_thread(self._load, key)
        if kept is not None:
            return kept
        picture = await draw_picture(pdf, page, quote, crop=crop, limits=limits)
        await asyncio.to_thread(self._store, key, picture)
        return picture

    def _load(self, key: str) -> Picture | None:
        for suffix, mime in _MIMES.items():
            for found in (True, False):
                path = self._path(key, suffix, found=found)
                if path.is_file():
                    return Picture(path.read_bytes(), mime, found)
        return None

    def _store(self, key: str, picture: Picture) -> None:
        path = self._path(key, _SUFFIXES[picture.mime], found=picture.found)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(picture.data)
        part.replace(path)
        self._prune(path.parent)

    def _path(self, key: str, suffix: str, *, found: bool) -> Path:
        return self._root / f"{key}-{'found' if found else 'absent'}{suffix}"

    @staticmethod
    def _prune(folder: Path) -> None:
        names = list(folder.iterdir())
        if len(names) > _MOST:
            oldest = sorted(names, key=lambda path: path.stat().st_mtime)
            for path in oldest[: len(names) - _MOST // 2]:
                path.unlink(missing_ok=True)
