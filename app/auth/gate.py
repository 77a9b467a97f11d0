"""Takes a session away that no longer holds, before anything behind it can trust it.

A session cookie lives for hours. What it rests on may end before: a user is removed from the
file, or the load balancer now names someone else. Such a request goes on as if it had none.
"""

import re

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.modes import SignIn
from app.chat.identity import identifier_of

TAKES_TOKENS = ("/api/v1/", "/metrics")
"""Addresses that look at the Authorization header themselves, and know only tokens of ours."""
_SESSION_COOKIE = re.compile(r"access_token(?:_\d+)?$")


class SessionGate:
    """Pure ASGI, because websockets carry sessions too."""

    def __init__(self, app: ASGIApp, sign_in: SignIn) -> None:
        self._app = app
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            scope = {**scope, "headers": await self._kept(scope)}
        await self._app(scope, receive, send)

    async def _kept(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        headers = Headers(scope=scope)
        kept: list[tuple[bytes, bytes]] = list(scope["headers"])
        if not scope["path"].startswith(TAKES_TOKENS):
            # Sessions are cookies here; Chainlit would take one from this header as well, which
            # would pass by what is checked below.
            kept = [(name, value) for name, value in kept if name != b"authorization"]
        cookies = cookie_parser(headers.get("cookie", ""))
        identifier = identifier_of(cookies)
        if identifier is None or await self._sign_in.holds(identifier, headers):
            return kept
        rest = "; ".join(f"{k}={v}" for k, v in cookies.items() if not _SESSION_COOKIE.match(k))
        kept = [(name, value) for name, value in kept if name != b"cookie"]
        return [*kept, (b"cookie", rest.encode())] if rest else kept
