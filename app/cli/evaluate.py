"""isra eval: score the agent against known answers."""

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from app.cli.output import print_json
from app.cli.rendered import rendered
from evals.golden.layout import samples_as_shared
from evals.outputs import use_renderer
from evals.registry import run_suites


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("eval")(evaluate)


def evaluate(
    suite: Annotated[
        list[str] | None, typer.Option(help="Only this suite; may be given again.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with gold/ and reports/; the sample library without it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Score figures, targets, coverage, documents and claims against known answers."""
    use_renderer(rendered)
    with contextlib.ExitStack() as stack:
        if data is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            data = samples_as_shared(folder)
        if as_json:
            # The suites print tables for people; stdout belongs to the JSON document.
            with contextlib.redirect_stdout(sys.stderr):
                scores = run_suites(data, suite or [])
            print_json({"suites": scores})
        else:
            run_suites(data, suite or [])
