"""The isra command: one line of error, never a traceback, exit code 0 or 1."""

import sys

import typer
from rich.console import Console

from agent.errors import IsraError
from agent.logs import configure_logs
from agent.settings import get_settings
from app.cli import directory, documents, evaluate, research, system

app = typer.Typer(
    name="isra",
    help="Industry Sustainability Research Agent: cited analyses of sustainability reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
documents.register(app)
research.register(app)
system.register(app)
evaluate.register(app)
directory.register(app)


@app.callback()
def setup() -> None:
    """Read the settings once and set up the logs for every command."""
    settings = get_settings()
    configure_logs(settings.log_level, settings.log_format)


def main() -> None:
    """Entry point of the console script."""
    try:
        app()
    except IsraError as error:
        Console(stderr=True, soft_wrap=True).print(f"isra: {error}", markup=False, highlight=False)
        sys.exit(1)
