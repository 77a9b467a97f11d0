"""The isra command: one line of error, never a traceback, exit code 0 or 1."""

import sys

import typer
from rich.console import Console

from agent.errors import IsraError
from agent.logs import configure_logs, get_logger
from agent.settings import get_settings
from app.cli import directory, documents, evaluate, models, research, system, users

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
models.register(app)
users.register(app)


@app.callback()
def setup() -> None:
    """Read the settings once and set up the logs for every command."""
    settings = get_settings()
    configure_logs(settings.log_level, settings.log_format)


def main() -> None:
    """Entry point of the console script."""
    console = Console(stderr=True, soft_wrap=True)
    try:
        app()
    except IsraError as error:
        console.print(f"isra: {error}", markup=False, highlight=False)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the border of the program
        get_logger(__name__).debug("unexpected error", exc_info=error)
        console.print(
            f"isra: An unexpected error ({type(error).__name__}) stopped the command. "
            "ISRA_LOG_LEVEL=debug shows where.",
            markup=False,
            highlight=False,
        )
        sys.exit(1)
