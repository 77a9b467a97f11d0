"""Commands for the users of ISRA_AUTH=password."""

import sys
from typing import Annotated

import typer

from agent.settings import get_settings
from app.auth.users import UsersFile
from app.cli.output import stderr
from app.cli.token import revoke_all_of

users = typer.Typer(help="Users who sign in by name and password.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(users, name="user")


@users.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    from_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin.")
    ] = False,
) -> None:
    """Add a user, or give one a new password."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    _file().add(name, password)
    stderr.print(f"{name} can sign in.", markup=False)


@users.command("remove")
def remove(name: Annotated[str, typer.Argument(help="The user's name.")]) -> None:
    """Take a user out; open sessions and API tokens end at once, conversations stay."""
    _file().remove(name)
    revoke_all_of(name)
    stderr.print(f"{name} can no longer sign in.", markup=False)


@users.command("list")
def list_users() -> None:
    """All users, one a line."""
    for name in _file().names():
        typer.echo(name)


def _file() -> UsersFile:
    return UsersFile(get_settings().resolved_users_file)
