"""Who calls, and whether they may: a token, the chat's session, or the one local user."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from agent.memory.tokens import Scope, TokenTable
from app.api.problems import UnauthorizedError
from app.auth.modes import LOCAL
from app.auth.roles import SCOPES_OF, ForbiddenError, Role, role_of
from app.chat.identity import signed_in
from app.chat.runtime import Runtime, get_data_layer, get_runtime

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_bearer = HTTPBearer(
    scheme_name="token", description="A token of `isra token create`.", auto_error=False
)
_session = APIKeyCookie(
    name="access_token",
    scheme_name="session",
    description="The session of the chat; changes only from its own pages.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The user of a call and what it may do: for a token, no more than its scopes."""

    identifier: str
    role: Role
    scopes: frozenset[Scope]
    by: Literal["token", "session", "local"]


async def find_caller(request: Request) -> Caller:
    """Who calls.

    Raises:
        UnauthorizedError: nobody, or a token that is not valid.
        ForbiddenError: a browser's session, for a change that no page of ours asked for.
    """
    runtime = get_runtime()
    if (said := request.headers.get("authorization")) is not None:
        return await _by_token(runtime, said)
    visitor = await runtime.sign_in.visitor(request.headers)
    identifier = visitor.identifier if visitor else signed_in(request)
    if identifier is None:
        raise UnauthorizedError(
            "Who calls is not known.", "Send a token: Authorization: Bearer isra_…"
        )
    local = visitor is LOCAL
    if request.method not in _SAFE_METHODS:
        _check_origin(request, trusted=local)
    role = role_of(runtime.sign_in, identifier)
    return Caller(identifier, role, SCOPES_OF[role], "local" if local else "session")


async def _by_token(runtime: Runtime, said: str) -> Caller:
    kind, _, text = said.partition(" ")
    tokens = TokenTable(get_data_layer().engine)
    token = await tokens.check(text.strip()) if kind.casefold() == "bearer" else None
    users = runtime.sign_in.users
    if token is None or (users is not None and not users.has(token.owner)):
        raise UnauthorizedError("This token is not valid (any more).", "Ask for another one.")
    role = role_of(runtime.sign_in, token.owner)
    return Caller(token.owner, role, SCOPES_OF[role] & frozenset(token.scopes), "token")


def _check_origin(request: Request, *, trusted: bool) -> None:
    """Refuse what another site's page makes a browser send along with its session.

    A program on this computer names no origin, and is trusted where there is no sign-in.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None and trusted:
        return
    own = urlsplit(origin or "").netloc == request.headers.get("host")
    if not (site == "same-origin" if site is not None else own):
        raise ForbiddenError(
            "With a session, changes are taken from this server's own pages only.",
            "Programs send a token instead: Authorization: Bearer isra_…",
        )


def needs(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller, who has the scope and has not called too often."""

    async def allowed(
        request: Request,
        _token: Annotated[object, Security(_bearer)],
        _cookie: Annotated[object, Security(_session)],
    ) -> Caller:
        caller = await find_caller(request)
        if scope not in caller.scopes:
            raise ForbiddenError(
                f"This needs the scope “{scope}”.",
                "Use a token that has it, of a user whose role allows it.",
            )
        await get_runtime().limits.call(caller.identifier)
        return caller

    return allowed


Reader = Annotated[Caller, Depends(needs("read"))]
Writer = Annotated[Caller, Depends(needs("write"))]
Owner = Annotated[Caller, Depends(needs("admin"))]
