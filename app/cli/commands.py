"""All commands of `isra` in one application."""

import typer

from agent.logs import configure_logs
from agent.settings import get_settings
from app.cli import (
    directory,
    documents,
    evaluate,
    models,
    refresh,
    research,
    system,
    token,
    users,
)

app = typer.Typer(
    name="isra",
    help="Industry Sustainability Research Agent: cited analyses of sustainability reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
documents.register(app)
research.register(app)
refresh.register(app)
system.register(app)
evaluate.register(app)
directory.register(app)
models.register(app)
users.register(app)
token.register(app)


@app.callback()
def setup() -> None:
    """Read the settings once and set up the logs for every command."""
    settings = get_settings()
    configure_logs(settings.log_level, settings.log_format)
