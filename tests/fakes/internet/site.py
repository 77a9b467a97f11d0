"""A site: what it answers to which path."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    scheme: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What a site answers. `raw` writes the answer itself, head and all."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Callable[[asyncio.StreamWriter], Awaitable[None]] | None = None

    def bytes(self) -> bytes:
        """Head and body as they go over the wire."""
        head = {"Content-Length": str(len(self.body)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in head.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + self.body


Answer = Reply | Callable[[Request], Reply]


def html(body: str, title: str = "") -> Reply:
    """A page."""
    text = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return Reply(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def pdf(content: bytes, **headers: str) -> Reply:
    """A PDF."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(content, headers={"Content-Type": "application/pdf", **named})


@dataclass
class Site:
    """Paths of one host and what they answer; `asked` are the requests in order."""

    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        """The answer to a request; 404 where there is none."""
        self.asked.append(request)
        found = self.pages.get(request.path)
        if found is None:
            return Reply(b"not here", 404, {"Content-Type": "text/plain"})
        return found if isinstance(found, Reply) else found(request)

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.asked]
