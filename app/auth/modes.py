"""The four ways to sign in, as set by ISRA_AUTH, and what each asks of the settings."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from agent.errors import ConfigurationError
from agent.settings import Settings
from app.auth.alb import AlbVerifier
from app.auth.users import UsersFile
from app.auth.visitor import Visitor

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
LOCAL = Visitor("local", "You")
"""The one user of a server on this computer without sign-in."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who a request comes from, in the mode as set."""

    settings: Settings
    users: UsersFile | None = None
    alb: AlbVerifier | None = None

    @classmethod
    def of(cls, settings: Settings) -> "SignIn":
        """As set.

        Raises:
            ConfigurationError: the server would be open to others, or the mode lacks a setting.
        """
        check_exposure(settings)
        match settings.auth:
            case "password":
                users = UsersFile(settings.resolved_users_file)
                if not users.names():
                    raise ConfigurationError(
                        "ISRA_AUTH is password, but there is no user yet.",
                        "Add one: isra user add NAME",
                    )
                return cls(settings, users=users)
            case "alb":
                return cls(settings, alb=AlbVerifier.of(settings))
            case "oauth":
                _prepare_oauth(settings)
                return cls(settings)
            case _:
                return cls(settings)

    async def visitor(self, headers: Mapping[str, str]) -> Visitor | None:
        """Who the request itself names, with no log-in of ours; None where one is needed."""
        if self.alb is not None:
            return await self.alb.visitor(headers)
        return LOCAL if self.settings.auth == "none" else None

    async def holds(self, identifier: str, headers: Mapping[str, str]) -> bool:
        """Whether a session of this user still holds for a request."""
        if self.alb is not None:
            visitor = await self.alb.visitor(headers)
            return visitor is not None and visitor.identifier == identifier
        return self.users is None or self.users.has(identifier)

    async def by_password(self, name: str, password: str) -> Visitor | None:
        """The user of a name and a password; None where they do not belong together."""
        if self.users is None or not await self.users.verify(name, password):
            return None
        return Visitor(name, name)

    def by_oauth(self, provider: str, identifier: str, told: Mapping[str, Any]) -> Visitor | None:
        """The user a provider names; None where it names none, or outside the domains."""
        if not identifier:
            return None
        address = str(told.get("email") or told.get("mail") or "")
        domains = listed(self.settings.oauth_domains)
        if domains:
            unverified = str(told.get("email_verified", True)).lower() == "false"
            if unverified or address.rpartition("@")[2].casefold() not in domains:
                return None
        # The same name at two providers is two people.
        return Visitor(f"{provider}:{identifier}"[:255], str(told.get("name") or identifier)[:255])

    def is_owner(self, identifier: str) -> bool:
        """Whether this user may read everyone's feedback."""
        if self.settings.auth == "none":
            return identifier == LOCAL.identifier
        return identifier.casefold() in listed(self.settings.owners)

    @property
    def hosts(self) -> frozenset[str]:
        """The names the server answers to; empty means any, as behind a proxy."""
        if self.settings.auth == "none":
            return LOOPBACK_NAMES
        name = urlsplit(self.settings.public_url).hostname
        return LOOPBACK_NAMES | {name} if name else frozenset()

    @property
    def https(self) -> bool:
        """Whether people reach the server over https, so that cookies must say Secure."""
        return self.settings.public_url.startswith("https://")


def listed(text: str) -> frozenset[str]:
    """The entries of a setting that is a list."""
    return frozenset(part.strip().casefold() for part in text.split(",") if part.strip())


def check_exposure(settings: Settings) -> None:
    """Refuse to serve others without sign-in. Raises ConfigurationError."""
    if settings.auth == "none" and settings.host not in LOOPBACK_NAMES:
        raise ConfigurationError(
            f"ISRA_HOST is {settings.host}, but there is no sign-in: anyone who reaches it could "
            "use the chat and read what is in it.",
            "Set ISRA_AUTH to password, oauth or alb, or leave ISRA_HOST at 127.0.0.1.",
        )
    if settings.public_url and not urlsplit(settings.public_url).hostname:
        raise ConfigurationError(
            "ISRA_PUBLIC_URL is not an address.", "Write it in full: https://name.example.org"
        )


def _prepare_oauth(settings: Settings) -> None:
    """Chainlit's providers read their variables, and the way back, from the environment."""
    if not settings.public_url:
        raise ConfigurationError(
            "ISRA_AUTH is oauth, but ISRA_PUBLIC_URL is empty: the provider must know where to "
            "send people back to.",
            "Set it to the address people open the chat at.",
        )
    os.environ["CHAINLIT_URL"] = settings.public_url
    from chainlit.oauth_providers import get_configured_oauth_providers

    if not get_configured_oauth_providers():
        raise ConfigurationError(
            "ISRA_AUTH is oauth, but no provider is set.",
            "Set its OAUTH_ variables, for example OAUTH_GOOGLE_CLIENT_ID and "
            "OAUTH_GOOGLE_CLIENT_SECRET, or the OAUTH_GENERIC_ ones for any other.",
        )
