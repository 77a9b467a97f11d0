"""Commands that run and look after the system: serve, db, doctor, analyses' housekeeping."""

import asyncio
import gc
import os
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from agent.errors import ConfigurationError
from agent.memory.addresses import require_postgres
from agent.memory.database import upgrade
from agent.settings import get_settings
from app.auth.modes import check_exposure
from app.cli.doctor import checks
from app.cli.output import print_json, print_table, stderr
from app.serving import MOST_HEAD_BYTES, PatientProtocol
from app.startup import Startup
from graph.prune import prune

database = typer.Typer(help="The database.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    app.command("worker")(worker)
    app.command("doctor")(doctor)
    app.add_typer(database, name="db")


def serve() -> None:
    """Serve the chat (ISRA_HOST, ISRA_PORT)."""
    # Hundreds of modules come in, nothing of which is garbage; the server turns it on again.
    gc.disable()
    settings = get_settings()
    check_exposure(settings)
    upgrade(settings.resolved_database_url)
    # Chainlit looks for its configuration and for public/ where it is told to.
    os.environ.setdefault("CHAINLIT_APP_ROOT", str(Path.cwd()))
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    from app.server import create_app

    app = Startup(
        create_app(settings), lambda: stderr.print(f"The chat is at {address}", markup=False)
    )
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        http=PatientProtocol,
        h11_max_incomplete_event_size=MOST_HEAD_BYTES,
        timeout_graceful_shutdown=20,
    )
    try:
        # Before anything is opened: a second server on one port would take up the first's runs.
        socket = config.bind_socket()
    except SystemExit:
        raise ConfigurationError(
            f"Nothing can listen on {settings.host}:{settings.port}; another program may do so.",
            "End it, or set ISRA_PORT.",
        ) from None
    try:
        uvicorn.Server(config).run(sockets=[socket])
    except SystemExit:
        if app.refused is None:
            raise
        raise app.refused from None


def worker() -> None:
    """Drive the analyses of the queue until SIGTERM (ISRA_WORKER_CONCURRENCY, Postgres)."""
    settings = get_settings()
    url = settings.resolved_database_url
    require_postgres(url)
    upgrade(url)
    # The queue comes with the extra `postgres`.
    from app.worker import work

    asyncio.run(work(settings))


@database.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    upgrade(get_settings().resolved_database_url)
    stderr.print("The database is up to date.")


@database.command("prune")
def db_prune(
    days: Annotated[
        float, typer.Option(min=0, help="Leave alone what ended within so many days.")
    ] = 30,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Remove what ended analyses no longer need: checkpoints, passing events, old bundles."""
    settings = get_settings()
    upgrade(settings.resolved_database_url)
    pruned = asyncio.run(prune(settings, days, dry_run=dry_run))
    if as_json:
        print_json({"dry_run": dry_run, **pruned.model_dump(mode="json")})
        return
    stderr.print(
        f"{'Would remove' if dry_run else 'Removed'}: checkpoints of {pruned.threads} and "
        f"{pruned.events} events of {pruned.analyses} ended analyses, "
        f"{pruned.bundles} old bundles and {pruned.evidence} old findings "
        f"({pruned.megabytes} MB)."
    )


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """What is configured, what works, what is missing. Secrets are not shown."""
    found = checks(get_settings())
    if as_json:
        print_json([check.shape() for check in found])
    else:
        print_table(
            "isra doctor",
            ("", "what", "found", "what to do"),
            [(check.sign, check.name, check.found, check.do) for check in found],
        )
    if any(check.state == "broken" for check in found):
        raise typer.Exit(1)
