"""The commands below isra eval: check a golden set, calibrate the judge, harvest, upload."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from agent.errors import InputError
from agent.memory.database import make_engine, upgrade
from agent.models.gateway import ModelGateway
from agent.models.secrets import with_secrets
from agent.settings import get_settings
from app.cli.output import print_json, print_table, stderr, stdout
from evals.baseline import load_results
from evals.golden.check import check_set
from evals.harvest import add_cases, read_cases
from evals.judge.calibration import (
    Agreement,
    Label,
    calibrate,
    load_labels,
    save_agreements,
)
from evals.judge.judge import Judge, judge_settings
from evals.upload import upload

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def register(commands: typer.Typer) -> None:
    """Add the commands."""
    commands.command("check")(check)
    commands.command("calibrate")(calibrate_judge)
    commands.command("harvest")(harvest)
    commands.command("upload")(upload_results)


def check(
    data: Annotated[Path, typer.Argument(help="Folder with gold/ and reports/.")],
) -> None:
    """Check a golden set of your own before it is used (evals/golden/README.md)."""
    problems = check_set(data)
    for problem in problems:
        stderr.print(problem, markup=False, highlight=False, soft_wrap=True)
    if problems:
        raise InputError(f"{data} is not a valid golden set ({len(problems)}).", "Correct it.")
    stdout.print(f"{data} is a valid golden set.", markup=False)


def calibrate_judge(
    labels: Annotated[Path, typer.Argument(help="Texts that people scored, one JSON a line.")],
    save: Annotated[Path | None, typer.Option(help="Keep the calibration in this file.")] = None,
    as_json: Json = False,
) -> None:
    """Let the judging model (ISRA_JUDGE_MODEL) score what people scored: how far do they agree?"""
    found = asyncio.run(_calibrated(load_labels(labels)))
    if save:
        try:
            save_agreements(save, found)
        except OSError as error:
            raise not_writable(save, error) from error
    if as_json:
        print_json([{**asdict(row), "refused": row.refused} for row in found])
        return
    rows = [
        (r.criterion, r.labels, "–" if r.kappa is None else f"{r.kappa:.2f}", r.refused or "yes")
        for r in found
    ]
    print_table("Agreement with people", ("criterion", "labels", "kappa", "may decide"), rows)


async def _calibrated(labels: list[Label]) -> list[Agreement]:
    models = await with_secrets(judge_settings(get_settings()))
    return await calibrate(Judge(ModelGateway(models)), labels)


def harvest(
    file: Annotated[Path, typer.Argument(help="YAML file the cases are added to.")],
) -> None:
    """Turn thumbs down into cases for a person to label; labels already given stay."""
    url = get_settings().resolved_database_url
    upgrade(url)
    stderr.print(f"{asyncio.run(_harvested(url, file))} new cases in {file}", markup=False)


async def _harvested(url: str, file: Path) -> int:
    engine = make_engine(url)
    try:
        return add_cases(file, await read_cases(engine))
    finally:
        await engine.dispose()


def upload_results(
    results: Annotated[Path, typer.Argument(help="Results kept with isra eval --save.")],
    name: Annotated[str, typer.Option(help="What the experiments are called.")],
) -> None:
    """Send results to LangSmith: a dataset a suite, made once, and an experiment of this name."""
    sent = upload(load_results(results), name, get_settings())
    for suite, cases in sent.items():
        stderr.print(f"{suite}: {cases} cases", markup=False)


def not_writable(path: Path, error: OSError) -> InputError:
    """What to say where results cannot be written."""
    return InputError(f"{path} cannot be written: {error.strerror}.", "Name another folder.")
