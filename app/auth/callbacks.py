"""Tells Chainlit how people sign in; exactly one way is ever on."""

from typing import Any

import chainlit as cl
from chainlit.config import config

from app.auth.modes import SignIn
from app.auth.visitor import Visitor
from app.chat.runtime import get_audit


def register(sign_in: SignIn) -> None:
    """Turn the mode's way on and the others off."""
    mode = sign_in.settings.auth
    config.code.password_auth_callback = None
    config.code.header_auth_callback = None
    config.code.oauth_callback = None

    async def by_password(name: str, password: str) -> cl.User | None:
        visitor = await sign_in.by_password(name, password)
        await get_audit().note("sign_in" if visitor else "sign_in_failed", name)
        return user_of(visitor)

    async def by_header(headers: Any) -> cl.User | None:
        return user_of(await sign_in.visitor(headers))

    async def by_oauth(
        provider: str, _token: str, told: dict[str, Any], default: cl.User, _id: str | None = None
    ) -> cl.User | None:
        visitor = sign_in.by_oauth(provider, default.identifier or "", told)
        who = visitor.identifier if visitor else f"{provider}:{default.identifier or ''}"
        await get_audit().note("sign_in" if visitor else "sign_in_failed", who)
        return user_of(visitor)

    if mode == "password":
        cl.password_auth_callback(by_password)
    elif mode == "oauth":
        cl.oauth_callback(by_oauth)
    else:
        cl.header_auth_callback(by_header)


def user_of(visitor: Visitor | None) -> cl.User | None:
    """The visitor as Chainlit knows people."""
    if visitor is None:
        return None
    return cl.User(identifier=visitor.identifier, display_name=visitor.display_name)
