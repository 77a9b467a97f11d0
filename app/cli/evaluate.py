"""isra eval: score the agent against known answers."""

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from app.cli import evaluate_arms, evaluate_more
from app.cli.output import print_json, stderr, write_text
from app.cli.rendered import rendered
from evals.baseline import TOLERANCE, Change, compare, load_results
from evals.golden.layout import samples_as_shared
from evals.outputs import use_renderer
from evals.registry import run_suites
from evals.report import as_json, told, write_results


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    commands = typer.Typer(invoke_without_command=True, help="Score the agent.")
    commands.callback()(evaluate)
    evaluate_more.register(commands)
    evaluate_arms.register(commands)
    app.add_typer(commands, name="eval")


def evaluate(
    context: typer.Context,
    suite: Annotated[
        list[str] | None, typer.Option(help="Only this suite; may be given again.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with gold/ and reports/; the sample library without it."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Results to hold these against; exit code 1 where one got worse."),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=0, max=1, help="How far a score may fall below the baseline.")
    ] = TOLERANCE,
    save: Annotated[
        Path | None, typer.Option(help="Write the results to this file, for a baseline.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for results.json, results.md and results.html.")
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Score figures, texts, answers, documents and claims against known answers."""
    if context.invoked_subcommand:
        return
    use_renderer(rendered)
    before = load_results(baseline) if baseline else None
    with contextlib.ExitStack() as stack:
        if data is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            data = samples_as_shared(folder)
        if as_json_:
            # The suites print tables for people; stdout belongs to the JSON document.
            with contextlib.redirect_stdout(sys.stderr):
                results = {"suites": run_suites(data, suite or [])}
            print_json(results)
        else:
            results = {"suites": run_suites(data, suite or [])}
    changes = compare(before, results, tolerance) if before else []
    if save:
        write_text(save, as_json(results))
    if out:
        try:
            *_, page = write_results(out, results, changes)
        except OSError as error:
            raise evaluate_more.not_writable(out, error) from error
        stderr.print(f"Results: {page}", markup=False)
    _verdict(changes)


def _verdict(changes: list[Change]) -> None:
    """Say what got worse; exit code 1 where something did."""
    worse = [change for change in changes if change.worse]
    for change in worse:
        stderr.print(f"Worse: {told(change)}", markup=False, highlight=False, soft_wrap=True)
    if worse:
        raise typer.Exit(1)
    if changes:
        stderr.print(f"None of {len(changes)} measures is worse than the baseline.")
