"""The commands below isra eval: check a golden set, calibrate the judge, A/B, harvest."""

from pathlib import Path
from typing import Annotated

import typer

from agent.errors import InputError
from app.cli.output import stderr, stdout
from evals.golden.check import check_set


def register(commands: typer.Typer) -> None:
    """Add the commands."""
    commands.command("check")(check)


def check(
    data: Annotated[Path, typer.Argument(help="Folder with gold/ and reports/.")],
) -> None:
    """Check a golden set of your own before it is used (evals/golden/README.md)."""
    problems = check_set(data)
    for problem in problems:
        stderr.print(problem, markup=False, highlight=False)
    if problems:
        raise InputError(f"{len(problems)} lines of {data} are not right.", "Correct them.")
    stdout.print(f"{data} is a valid golden set.", markup=False)


def not_writable(path: Path, error: OSError) -> InputError:
    """What to say where results cannot be written."""
    return InputError(f"{path} cannot be written: {error.strerror}.", "Name another folder.")
