"""Commands for the tokens that programs call the HTTP API with."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.errors import InputError
from agent.memory.database import make_engine, upgrade
from agent.memory.tokens import SCOPES, ApiToken, Scope, TokenTable
from agent.settings import Settings, get_settings
from app.auth.modes import LOCAL, SignIn
from app.auth.roles import SCOPES_OF, role_of
from app.auth.users import UsersFile
from app.cli.output import print_json, print_table, stderr

tokens = typer.Typer(help="Tokens for programs that call the HTTP API.", no_args_is_help=True)
Result = TypeVar("Result")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(tokens, name="token")


@tokens.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What it is for, in your own words.")],
    user: Annotated[
        str, typer.Option(help="The user it acts for, as they sign in.", show_default=False)
    ] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"{', '.join(SCOPES)}; repeatable. Without: read and write."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Days until it expires.")] = 90,
    never: Annotated[bool, typer.Option("--no-expiry", help="It holds until revoked.")] = False,
) -> None:
    """Make a token and print it, once: only its hash is kept."""
    settings = get_settings()
    owner = _user(settings, user)
    scopes = _scopes(scope or ["read", "write"])
    beyond = [one for one in scopes if one not in SCOPES_OF[role_of(SignIn(settings), owner)]]
    if beyond:
        raise InputError(
            f"{owner} may not do what the scope {beyond[0]} is for.",
            "Name another scope, or see ISRA_OWNERS and ISRA_VIEWERS.",
        )

    async def make(table: TokenTable) -> tuple[str, ApiToken]:
        return await table.create(owner, name, scopes, days=None if never else days)

    text, token = _with_table(settings, make)
    until = f"until {token.expires_at[:10]}" if token.expires_at else "until it is revoked"
    stderr.print(
        f"Token {token.id} of {owner} for {', '.join(token.scopes)}, {until}. "
        "It is shown this once:",
        markup=False,
        highlight=False,
    )
    typer.echo(text)


@tokens.command("list")
def list_tokens(
    user: Annotated[str, typer.Option(help="Only those of this user.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """All tokens with their users, scopes and state; never the tokens themselves."""

    async def read(table: TokenTable) -> list[ApiToken]:
        return await table.all(user or None)

    found = _with_table(get_settings(), read)
    if as_json:
        print_json([{**token.model_dump(mode="json"), "state": token.state} for token in found])
        return
    print_table(
        "Tokens",
        ("id", "user", "name", "scopes", "state", "expires", "last used"),
        [
            (
                token.id,
                token.owner,
                token.name,
                ", ".join(token.scopes),
                token.state,
                (token.expires_at or "never")[:10],
                (token.used_at or "never")[:16],
            )
            for token in found
        ],
    )


@tokens.command("revoke")
def revoke(token_id: Annotated[str, typer.Argument(help="Its id, as `list` shows it.")]) -> None:
    """End a token now."""

    async def end(table: TokenTable) -> None:
        await table.revoke(token_id)

    _with_table(get_settings(), end)
    stderr.print(f"Token {token_id} opens nothing any more.", markup=False, highlight=False)


def revoke_all_of(user: str) -> None:
    """End all tokens of a user who is taken out."""

    async def end(table: TokenTable) -> int:
        return await table.revoke_all(user)

    if count := _with_table(get_settings(), end):
        stderr.print(f"{count} API tokens of {user} were revoked.", markup=False, highlight=False)


def _user(settings: Settings, named: str) -> str:
    if settings.auth == "none" and named in {"", LOCAL.identifier}:
        return LOCAL.identifier
    if not named or settings.auth == "none":
        raise InputError(
            "Whom the token acts for is not clear.",
            "Name a user with --user; without sign-in there is only “local”.",
        )
    if settings.auth == "password" and not UsersFile(settings.resolved_users_file).has(named):
        raise InputError(f"There is no user “{named}”.", "`isra user list` shows all.")
    return named


def _scopes(named: list[str]) -> list[Scope]:
    unknown = [name for name in named if name not in SCOPES]
    if unknown:
        raise InputError(f"“{unknown[0]}” is no scope.", f"Scopes are {', '.join(SCOPES)}.")
    return [scope for scope in SCOPES if scope in named]


def _with_table(settings: Settings, call: Callable[[TokenTable], Awaitable[Result]]) -> Result:
    url = settings.resolved_database_url
    upgrade(url)

    async def run(engine: AsyncEngine) -> Result:
        try:
            return await call(TokenTable(engine))
        finally:
            await engine.dispose()

    return asyncio.run(run(make_engine(url)))
