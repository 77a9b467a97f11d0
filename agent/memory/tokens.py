"""API tokens: shown once when made, kept as a hash, bound to a user, scoped and revocable."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain.base import Noun
from agent.errors import InputError, NotFoundError
from agent.memory.database import utc_now
from agent.memory.tables import JSON, metadata

Scope = Literal["read", "write", "admin", "metrics"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""`read` opens what is the user's, `write` also changes it, `admin` is what owners may, `metrics`
is for the program that collects them. None includes another."""

_PREFIX = "isra"
_TOKEN = re.compile(rf"{_PREFIX}_([0-9a-f]{{12}})_([A-Za-z0-9_-]{{43}})")
_SECRET_BYTES = 32
# Writing down every use would make each reading request a write.
_NOTE_USE_AFTER = timedelta(minutes=1)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", sa.String(12), primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False, index=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("scopes", JSON, nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("expires_at", sa.String(40)),
    sa.Column("revoked_at", sa.String(40)),
    sa.Column("used_at", sa.String(40)),
)


class ApiToken(Noun):
    """What is known of a token; the token itself is not kept. Times are ISO strings in UTC."""

    id: str
    owner: str
    """The user it acts for."""
    name: str
    scopes: tuple[Scope, ...]
    created_at: str
    expires_at: str | None = None
    """None: it does not expire."""
    revoked_at: str | None = None
    used_at: str | None = None
    """When it was last used, to the minute."""

    @property
    def state(self) -> Literal["valid", "expired", "revoked"]:
        """Whether it opens anything now."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= utc_now() else "valid"


class TokenTable:
    """Makes, checks, lists and revokes tokens."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(
        self, owner: str, name: str, scopes: Collection[Scope], *, days: int | None
    ) -> tuple[str, ApiToken]:
        """Make a token; gives its text, which nothing can give a second time, and its record.

        `days` is how long it holds; None is until it is revoked. Raises InputError.
        """
        if not scopes:
            raise InputError("A token without a scope opens nothing.", "Name at least one scope.")
        if not owner or len(owner) > 255 or not name.strip() or len(name) > 100:
            raise InputError("The token's user or name is missing or too long.", "Name both.")
        if days is not None and not 1 <= days <= 3660:
            raise InputError("A token holds from 1 to 3660 days.", "Choose another number.")
        token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(_SECRET_BYTES)
        token = ApiToken(
            id=token_id,
            owner=owner,
            name=name.strip(),
            scopes=tuple(scope for scope in SCOPES if scope in scopes),
            created_at=utc_now(),
            expires_at=utc_now(timedelta(days=days)) if days else None,
        )
        row = {**token.model_dump(mode="json"), "hash": _hash(secret)}
        async with self._engine.begin() as connection:
            await connection.execute(api_tokens.insert().values(row))
        return f"{_PREFIX}_{token_id}_{secret}", token

    async def check(self, text: str) -> ApiToken | None:
        """The record of a token that is right and valid now; None for every other."""
        found = _TOKEN.fullmatch(text)
        if found is None:
            return None
        token_id, secret = found.groups()
        query = sa.select(api_tokens).where(api_tokens.c.id == token_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        # The secret is 256 random bits: no slow hash is needed, and nothing is to be guessed.
        if row is None or not hmac.compare_digest(row["hash"], _hash(secret)):
            return None
        token = _token(row)
        if token.state != "valid":
            return None
        await self._note_use(token)
        return token

    async def all(self, owner: str | None = None) -> list[ApiToken]:
        """The tokens of one user or of all, oldest first."""
        query = sa.select(api_tokens).order_by(api_tokens.c.created_at, api_tokens.c.id)
        if owner is not None:
            query = query.where(api_tokens.c.owner == owner)
        async with self._engine.connect() as connection:
            return [_token(row) for row in (await connection.execute(query)).mappings()]

    async def revoke(self, token_id: str) -> None:
        """End a token now; its record stays. Raises NotFoundError."""
        if not await self._revoke(api_tokens.c.id == token_id):
            raise NotFoundError(
                f"There is no valid token {token_id}.", "`isra token list` shows all."
            )

    async def revoke_all(self, owner: str) -> int:
        """End all tokens of a user; gives how many there were."""
        return await self._revoke(api_tokens.c.owner == owner)

    async def _revoke(self, which: sa.ColumnElement[bool]) -> int:
        statement = sa.update(api_tokens).where(which, api_tokens.c.revoked_at.is_(None))
        async with self._engine.begin() as connection:
            done = await connection.execute(statement.values(revoked_at=utc_now()))
        return int(done.rowcount)

    async def _note_use(self, token: ApiToken) -> None:
        if token.used_at and token.used_at > utc_now(-_NOTE_USE_AFTER):
            return
        statement = sa.update(api_tokens).where(api_tokens.c.id == token.id)
        async with self._engine.begin() as connection:
            await connection.execute(statement.values(used_at=utc_now()))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: sa.RowMapping) -> ApiToken:
    return ApiToken(**{name: row[name] for name in ApiToken.model_fields})
