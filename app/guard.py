"""What every request passes: who may call, what may be called, how large, and what comes back.

Pure ASGI, so that it sees websockets too and never buffers a body.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem
from app.auth.modes import LOOPBACK_NAMES

# Everything the chat client needs; whatever else Chainlit serves (its API description, the
# copilot, MCP, sharing, slack) stays closed, and an unknown address is an honest 404
# instead of the client's page with status 200.
_OPEN_PREFIXES = (
    "/public/",
    "/assets/",
    "/avatars/",
    "/ws/socket.io",
    "/auth/",
    "/project/",
    "/thread/",
    "/reports/",
    "/analyses/",
    "/element/",
    "/owner/",
    "/api/v1/",
)
_OPEN_PATHS = frozenset(
    {"/", "/login", "/login/callback", "/logout", "/user", "/feedback", "/favicon", "/logo"}
    | {"/health", "/set-session-cookie", "/healthz", "/readyz", "/metrics"}
)
_HEALTH = frozenset({"/health", "/healthz", "/readyz"})
_UPLOADS = frozenset({"/project/file", "/api/v1/reports"})
_CLOSED_PREFIXES = ("/project/share", "/project/thread/share", "/auth/jwt")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# A body may take this long, and longer only as far as it keeps coming.
_BODY_SECONDS = 30.0
_SLOWEST_BYTES_PER_SECOND = 10_000

_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def content_security_policy(script_hashes: Iterable[str] = ()) -> str:
    """The policy of our pages: nothing from any other host.

    Chainlit compiles its custom elements in the browser, which needs 'unsafe-eval', and its
    components set style attributes. Inline scripts run by their hash only.
    """
    scripts = " ".join(["'self'", "'unsafe-eval'", *(f"'sha256-{h}'" for h in script_hashes)])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


@dataclass(frozen=True, slots=True)
class GuardOptions:
    """`hosts` are the names the server answers to; empty means any (behind a proxy).

    `https` says that people reach it over https, whatever the last leg to here speaks.
    """

    hosts: frozenset[str] = LOOPBACK_NAMES
    https: bool = False
    max_body_bytes: int = 1_000_000
    max_upload_bytes: int = 160_000_000


class Guard:
    """Refuses foreign hosts and origins, closed addresses and oversized bodies."""

    def __init__(self, app: ASGIApp, options: GuardOptions) -> None:
        self._app = app
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(scope, receive, send, *refusal)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)
        await self._app(scope, _Limited(receive, limit), _Hardened(send, self._options.https))

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        path = scope["path"]
        # A load balancer asks for the health of a machine by its address.
        named = path in _HEALTH or host_name(host) in self._options.hosts
        if self._options.hosts and not named:
            # A page of another site that makes its own name point here (DNS rebinding)
            # would otherwise be let in as the local user.
            return 421, "This server does not answer to that name."
        known = path in _OPEN_PATHS or path.startswith(_OPEN_PREFIXES)
        if not known or not path.isprintable() or path.startswith(_CLOSED_PREFIXES):
            return 404, "Not found."
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        origin = headers.get("origin")
        if changes and origin and urlsplit(origin).netloc != host:
            return 403, "Calls from other sites are refused."
        length = headers.get("content-length", "0")
        if scope["type"] == "http" and int(length if length.isdigit() else 0) > self._limit(scope):
            return 413, "This is too large."
        return None

    def _limit(self, scope: Scope) -> int:
        upload = scope["path"] in _UPLOADS
        return self._options.max_upload_bytes if upload else self._options.max_body_bytes


class _Limited:
    """A receive channel that ends the request where its body is over the limit, or stalls."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._received = 0
        self._done = False
        self._begun = time.monotonic()

    async def __call__(self) -> Message:
        if self._done:
            return await self._receive()
        allowed = _BODY_SECONDS + self._received / _SLOWEST_BYTES_PER_SECOND
        try:
            async with asyncio.timeout(self._begun + allowed - time.monotonic()):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "The body of this request came too slowly.") from None
        if message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            self._done = not message.get("more_body", False)
            if self._received > self._limit:
                raise HTTPException(413, "This is too large.")
        return message


class _Hardened:
    """A send channel that adds the security headers to every answer."""

    def __init__(self, send: Send, https: bool = False) -> None:
        self._send = send
        self._https = https

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", content_security_policy())
            if self._https:
                headers.setdefault("strict-transport-security", "max-age=31536000")
                message["headers"] = [_secured(*pair) for pair in message["headers"]]
        await self._send(message)


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A cookie that is never sent over plain http, which the client's framework leaves open."""
    if name.lower() == b"set-cookie" and b"secure" not in value.lower():
        value += b"; Secure"
    return name, value


def host_name(host: str) -> str:
    """The name of a Host header without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, detail: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await problem(status, detail)(scope, receive, _Hardened(send))
