"""The commands below isra eval: check a golden set, calibrate the judge, A/B, harvest."""

import asyncio
import contextlib
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from agent.errors import InputError
from agent.memory.database import make_engine, upgrade
from agent.models.gateway import ModelGateway
from agent.models.secrets import with_secrets
from agent.prompts.registry import FOLDER, PromptRegistry
from agent.settings import get_settings
from app.cli.output import print_json, print_table, stderr, stdout
from evals.ab.online import ArmThumbs, count, read_thumbs, standing, told_online
from evals.ab.paired import judge_arms, told_offline
from evals.ab.summaries import run_summaries
from evals.baseline import load_results
from evals.golden.check import check_set
from evals.golden.layout import samples_as_shared
from evals.harvest import add_cases, read_cases
from evals.judge.calibration import Agreement, Label, calibrate, load_labels, save_agreements
from evals.judge.judge import Judge, judge_settings
from evals.upload import upload

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def register(commands: typer.Typer) -> None:
    """Add the commands."""
    commands.command("check")(check)
    commands.command("calibrate")(calibrate_judge)
    commands.command("ab")(ab)
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


def ab(
    prompt: Annotated[str, typer.Argument(help="Name of a prompt, as summarize.")],
    arms: Annotated[str, typer.Option(help="Two arms, separated by a comma.")] = "a,b",
    online: Annotated[
        bool, typer.Option("--online", help="By the thumbs of conversations, not a golden set.")
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help="Golden set; the sample library without it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Which of two arms of a prompt to keep, or that the data do not tell."""
    names = [name.strip() for name in arms.split(",") if name.strip()]
    if len(names) != 2 or names[0] == names[1]:
        raise InputError(f"{arms} are not two arms.", "Give two, as in --arms a,b.")
    one, other = names
    if online:
        thumbs = asyncio.run(_thumbs(prompt, names))
        stands = standing(thumbs[one], thumbs[other])
        _show(asdict(stands), told_online(stands), as_json=as_json)
        return
    if prompt != "summarize":
        raise InputError(
            f"Arms of {prompt} can only be compared online.", "Add --online, or name summarize."
        )
    with contextlib.ExitStack() as stack:
        if data is None:
            data = samples_as_shared(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        settings = get_settings()
        models = asyncio.run(with_secrets(settings.models()))
        registry = PromptRegistry(settings.prompts_dir or FOLDER)
        trials, cases = run_summaries(data, models, registry, names)
    verdict = judge_arms(trials, one, other, cases)
    _show(asdict(verdict), told_offline(verdict), as_json=as_json)


async def _thumbs(prompt: str, arms: list[str]) -> dict[str, ArmThumbs]:
    engine = make_engine(get_settings().resolved_database_url)
    try:
        return count(await read_thumbs(engine), prompt, arms)
    finally:
        await engine.dispose()


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


def _show(shape: dict[str, object], words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(shape)
    else:
        stdout.print(words, markup=False, highlight=False)
