"""Sign-in by an AWS load balancer: its signed header names the user of every request.

The balancer adds `x-amzn-oidc-data`, a JWT signed with ES256. The header alone proves nothing,
since whoever reaches this server past the balancer could write it: its signature is checked
with the region's public key, and its signer must be the balancer that was set. See
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import jwt

from agent.errors import ConfigurationError
from agent.logs import get_logger
from agent.settings import Settings
from app.auth.visitor import Visitor

log = get_logger(__name__)

HEADER = "x-amzn-oidc-data"
_KEY_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_TIMEOUT = httpx.Timeout(5.0)
_MOST_KEYS = 32
# A key that could not be had is not asked for again at once, whoever sends its id.
_RETRY_SECONDS = 30.0


@dataclass(slots=True)
class AlbKeys:
    """The public keys of a region's load balancers, fetched once each."""

    address: str
    _known: dict[str, str] = field(default_factory=dict)
    _missing: dict[str, float] = field(default_factory=dict)

    async def get(self, key_id: str) -> str | None:
        """The key as PEM; None where there is none or it cannot be had now."""
        if key_id in self._known:
            return self._known[key_id]
        now = time.monotonic()
        if not _KEY_ID.fullmatch(key_id) or self._missing.get(key_id, 0) > now:
            return None
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
                answer = await client.get(f"{self.address}/{key_id}")
            answer.raise_for_status()
        except httpx.HTTPError as error:
            log.warning("load balancer key not had", error=type(error).__name__)
            self._remember(self._missing, key_id, now + _RETRY_SECONDS)
            return None
        self._remember(self._known, key_id, answer.text)
        return answer.text

    def _remember(self, where: dict[str, Any], key_id: str, value: object) -> None:
        while len(where) >= _MOST_KEYS:
            where.pop(next(iter(where)))
        where[key_id] = value


@dataclass(frozen=True, slots=True)
class AlbVerifier:
    """Tells who a request's header names, if its signature holds."""

    keys: AlbKeys
    signer: str
    claim: Literal["sub", "email"] = "sub"

    @classmethod
    def of(cls, settings: Settings) -> "AlbVerifier":
        """As set. Raises ConfigurationError where the balancer or the region is missing."""
        for name, value in (
            ("ALB_SIGNER", settings.alb_signer),
            ("ALB_REGION", settings.alb_region),
        ):
            if not value:
                raise ConfigurationError(
                    f"ISRA_AUTH is alb, but ISRA_{name} is empty.",
                    "Set the ARN of the load balancer and its region.",
                )
        address = (
            settings.alb_keys_url
            or f"https://public-keys.auth.elb.{settings.alb_region}.amazonaws.com"
        )
        return cls(AlbKeys(address.rstrip("/")), settings.alb_signer, settings.alb_claim)

    async def visitor(self, headers: Mapping[str, str]) -> Visitor | None:
        """The signed-in visitor; None without a valid header."""
        token = headers.get(HEADER, "")
        try:
            said = jwt.get_unverified_header(token)
            if said.get("alg") != "ES256" or said.get("signer") != self.signer:
                return None
            key = await self.keys.get(str(said.get("kid", "")))
            if key is None:
                return None
            claims = jwt.decode(
                token, key, algorithms=["ES256"], options={"require": ["exp"], "verify_aud": False}
            )
        except (jwt.InvalidTokenError, ValueError):
            return None
        return self._named(claims)

    def _named(self, claims: dict[str, Any]) -> Visitor | None:
        name = str(claims.get(self.claim) or "")
        if not name or (
            self.claim == "email" and str(claims.get("email_verified")).lower() == "false"
        ):
            return None
        return Visitor(name[:255], str(claims.get("name") or claims.get("email") or name)[:255])
