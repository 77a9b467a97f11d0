"""Who is calling, and the ids that make every re-send an update of the same thing."""

import uuid
from collections.abc import Mapping

from chainlit.auth import get_token_from_cookies
from chainlit.auth.jwt import decode_jwt
from fastapi import HTTPException, Request
from jwt import InvalidTokenError

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "industry-sustainability-agent/chat")


def signed_in(request: Request) -> str | None:
    """The identifier of the caller's session cookie; None without a valid one."""
    return identifier_of(request.cookies)


def identifier_of(cookies: Mapping[str, str]) -> str | None:
    """The identifier a session cookie is for; None without a valid one."""
    token = get_token_from_cookies(dict(cookies))
    if not token:
        return None
    try:
        return decode_jwt(token).identifier
    except InvalidTokenError:
        return None


async def require_user(request: Request) -> str:
    """The caller's identifier, for routes of our own.

    Raises:
        HTTPException: 401 without a valid session.
    """
    identifier = signed_in(request)
    if identifier is None:
        raise HTTPException(401, "Sign in first: reload the page.")
    return identifier


def stable_id(*parts: str) -> str:
    """The same id for the same parts, today and after a restart."""
    return str(uuid.uuid5(_NAMESPACE, ":".join(parts)))
