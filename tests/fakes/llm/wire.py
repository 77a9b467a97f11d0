"""What every provider's wire format is read into, and what a test answers with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """A tool offered to the model: its name and the JSON schema of its arguments."""

    name: str
    parameters: Json


@dataclass(frozen=True)
class Call:
    """One request, whatever the provider: what a responder decides upon."""

    provider: str
    model: str
    system: str
    user: str
    schema: Json | None
    tools: tuple[Tool, ...]
    stream: bool
    max_tokens: int | None
    headers: dict[str, str]
    body: Json

    @property
    def wanted(self) -> Json:
        """The schema asked for, natively or as the arguments of a tool."""
        if self.schema is not None:
            return self.schema
        return self.tools[0].parameters if self.tools else {}

    @property
    def by_tool(self) -> bool:
        """Whether the reply belongs into the arguments of a tool."""
        return self.schema is None and bool(self.tools)


Finish = Literal["stop", "length", "blocked", "refused"]


@dataclass(frozen=True)
class Reply:
    """What the model answers. `text` is sent as it is; a status from 400 up is an error."""

    text: str = ""
    input_tokens: int | None = None
    """None counts a token for every four characters of the prompt."""
    output_tokens: int | None = None
    cached_tokens: int = 0
    finish: Finish = "stop"
    status: int = 200
    error: str = "The fake was told to fail."
    retry_after: float | None = None
    delay: float = 0.0
    chunks: int = 5
    cut_after: int | None = None
    """Streams only: the connection drops after this many pieces."""
    endless: bool = False
    """The text is repeated for as long as the client listens."""

    def usage(self, call: Call) -> tuple[int, int]:
        """Input and output tokens reported for the call."""
        read = self.input_tokens
        written = self.output_tokens
        return (
            (len(call.system) + len(call.user)) // 4 if read is None else read,
            len(self.text) // 4 if written is None else written,
        )

    def pieces(self) -> Iterator[str]:
        """The text as a stream sends it."""
        while True:
            step = max(1, -(-len(self.text) // max(1, self.chunks)))
            for start in range(0, len(self.text), step):
                yield self.text[start : start + step]
            if not self.endless:
                return


Responder = Callable[[Call], Reply | Awaitable[Reply]]


class WireError(Exception):
    """The request is not one the real provider would accept; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Cut(Exception):
    """Raised inside a body to make the server drop the connection."""


@dataclass
class Record:
    """What the server saw."""

    calls: list[Call] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    active: int = 0
    peak: int = 0


async def sent_pieces(reply: Reply) -> AsyncIterator[str]:
    """The reply's pieces, dropping the connection where the reply says so."""
    for sent, piece in enumerate(reply.pieces()):
        if reply.cut_after is not None and sent >= reply.cut_after:
            raise Cut
        # An endless reply comes at the pace of a model, not of the processor.
        await asyncio.sleep(0.005 if reply.endless else 0)
        yield piece


def schema_keywords(schema: Any) -> Iterator[str]:
    """Every JSON schema keyword used anywhere in the schema (names of properties excluded)."""
    if isinstance(schema, list):
        for part in schema:
            yield from schema_keywords(part)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            if key in ("properties", "$defs"):
                yield from schema_keywords(list(value.values()))
            elif key not in ("enum", "required", "const", "default"):
                yield from schema_keywords(value)


def objects(schema: Any) -> Iterator[Json]:
    """Every object schema inside the schema."""
    if isinstance(schema, list):
        for part in schema:
            yield from objects(part)
    elif isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for value in schema.values():
            yield from objects(value)
