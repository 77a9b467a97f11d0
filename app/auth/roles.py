"""What a user may do: viewers read what is theirs, analysts also work, owners see feedback."""

from collections.abc import Mapping
from typing import Literal

from agent.errors import IsraError
from agent.memory.tokens import SCOPES, Scope
from app.auth.modes import SignIn, listed

Role = Literal["viewer", "analyst", "owner"]

SCOPES_OF: Mapping[Role, frozenset[Scope]] = {
    "viewer": frozenset({"read"}),
    "analyst": frozenset({"read", "write"}),
    "owner": frozenset(SCOPES),
}
"""The most a user of a role can do, in the terms of the API's tokens."""


class ForbiddenError(IsraError):
    """Who calls is known, but may not do this."""

    code = "forbidden"


def role_of(sign_in: SignIn, identifier: str) -> Role:
    """The role of a user as set; whoever is both owner and viewer is a viewer."""
    if identifier.casefold() in listed(sign_in.settings.viewers):
        return "viewer"
    return "owner" if sign_in.is_owner(identifier) else "analyst"


def require_analyst(sign_in: SignIn, identifier: str) -> None:
    """Refuse viewers. Raises ForbiddenError."""
    if role_of(sign_in, identifier) == "viewer":
        raise ForbiddenError(
            "You may read results here, but not start or change anything.",
            "Ask whoever runs this server to make you an analyst.",
        )
