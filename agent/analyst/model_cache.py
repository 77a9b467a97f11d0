"""Replies that were paid for once: what makes two calls the same, and how often it helped."""

import hashlib
import json
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from agent import metrics

R = TypeVar("R", bound=BaseModel)


class ReplyStore(Protocol):
    """Where replies are kept: text by key."""

    async def get(self, key: str) -> str | None:
        """The text kept under the key."""
        ...

    async def put(self, key: str, text: str) -> None:
        """Keep a text, over an earlier one."""
        ...


class MemoryReplies:
    """Replies in memory, for one process."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """The text kept under the key."""
        return self._kept.get(key)

    async def put(self, key: str, text: str) -> None:
        """Keep a text, over an earlier one."""
        self._kept[key] = text


class ReplyCache:
    """Replies by what they were made from; counts how often one was at hand."""

    def __init__(self, store: ReplyStore, owner: str | None = None) -> None:
        self._store = store
        self._owner = owner
        self.hits = 0
        self.misses = 0

    def private_to(self, owner: str) -> "ReplyCache":
        """The part of the store that belongs to one user; nobody else finds what is in it."""
        return ReplyCache(self._store, owner)

    async def find(self, key: str, shape: type[R]) -> R | None:
        """The reply kept under the key, where there is one that still has the shape."""
        text = await self._store.get(self._own(key))
        try:
            found = None if text is None else shape.model_validate_json(text)
        except ValidationError:
            found = None
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        metrics.count("CacheHits" if found else "CacheMisses", Cache="replies")
        return found

    async def keep(self, key: str, reply: BaseModel) -> None:
        """Keep a reply."""
        await self._store.put(self._own(key), reply.model_dump_json())

    def _own(self, key: str) -> str:
        return key if self._owner is None else _key("owner", self._owner, key)


def summary_key(
    *, report: str, reader_version: str, prompt_sha: str, model: str, focus: str, evidence: str
) -> str:
    """The key of a company's summary.

    `report` is the PDF's sha256. `evidence` is the text the model is shown: with other rules
    of finding evidence the ids in an old reply would mean other items.
    """
    return _key("summary", report, reader_version, prompt_sha, model, focus, evidence)


def reply_key(*, prompt_sha: str, model: str, shown: str) -> str:
    """The key of any other reply: `shown` is all that went into the prompt, fence left out."""
    return _key("reply", prompt_sha, model, shown)


def _key(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
