"""All commands of `isra` in one application.

A command brings in what it needs when it is called: a server starts without the writers of Word
files, and `isra kpis` without the server.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from agent.logs import configure_logs
from agent.settings import get_settings

MODULES = {
    "documents": ("read", "kpis", "find", "check-document"),
    "research": ("research", "ask", "analyses", "events"),
    "refresh": ("refresh", "changes"),
    "system": ("serve", "worker", "doctor", "db"),
    "evaluate": ("eval",),
    "directory": ("directory",),
    "models": ("usage", "traces", "prompts"),
    "users": ("user",),
    "audit": ("audit",),
    "mcp": ("mcp",),
    "token": ("token",),
}
"""The modules of this folder and the commands each adds, in the order of the help."""


Command = TyperCommand | TyperGroup


class _OnCall(Mapping[str, Command]):
    """The commands by name; a look at one imports its module."""

    def __getitem__(self, name: str) -> Command:
        for module, names in MODULES.items():
            if name in names:
                return commands_of(module)[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for names in MODULES.values() for name in names)

    def __len__(self) -> int:
        return sum(map(len, MODULES.values()))


class _Group(TyperGroup):
    """The command `isra`, of which only the part that is called is imported.

    As in "Lazily Loading Subcommands" of Click's documentation.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = cast(Any, _OnCall())


@cache
def commands_of(module: str) -> dict[str, Command]:
    """The commands that a module of this folder adds, by name."""
    part = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    import_module(f"app.cli.{module}").register(part)
    return cast(dict[str, Command], typer.main.get_group(part).commands)


app = typer.Typer(
    cls=_Group,
    name="isra",
    help="Industry Sustainability Research Agent: cited analyses of sustainability reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def setup() -> None:
    """Read the settings once and set up the logs for every command."""
    settings = get_settings()
    configure_logs(settings.log_level, settings.log_format)
