"""isra eval ab and isra eval judge: two arms of a prompt, or the texts of one."""

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator, Mapping
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
from app.cli.output import print_json, stderr, stdout, write_text
from evals.ab.offline import ArmsReport, Asked, chosen_criteria, compare_arms, distinct_cases
from evals.ab.online import Standing, count, read_thumbs, standing, told_online
from evals.ab.run import ArmsRun
from evals.ab.scored import Scores, labels_to_give, score_texts, told_scores
from evals.ab.tasks import require_thumbs
from evals.golden.layout import samples_as_shared
from evals.judge.calibration import Agreement, load_agreements
from evals.judge.judge import Judge, judge_settings
from evals.registry import require_set

Name = Annotated[str, typer.Argument(help="Name of a prompt, as summarize.")]
Set = Annotated[Path | None, typer.Option(help="Golden set; the sample library without it.")]
Criteria = Annotated[
    list[str] | None, typer.Option(help="Judge by this criterion only; may be given again.")
]
Calibration = Annotated[
    Path | None, typer.Option(help="What isra eval calibrate kept: without it no judge decides.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def register(commands: typer.Typer) -> None:
    """Add the commands."""
    commands.command("ab")(ab)
    commands.command("judge")(judge_texts)


def ab(
    prompt: Name,
    arms: Annotated[str, typer.Option(help="Two arms, separated by a comma.")] = "a,b",
    online: Annotated[
        bool, typer.Option("--online", help="By the thumbs of conversations, not a golden set.")
    ] = False,
    data: Set = None,
    judge: Annotated[
        bool, typer.Option("--judge", help="Also let ISRA_JUDGE_MODEL compare the texts.")
    ] = False,
    criterion: Criteria = None,
    calibration: Calibration = None,
    as_json: Json = False,
) -> None:
    """Which of two arms of a prompt to keep, or that the data do not tell."""
    names = _two(arms)
    judged = judge or bool(criterion)
    if online:
        if judged or calibration:
            raise InputError("Thumbs need no judge.", "Leave --online or --judge out.")
        stands = asyncio.run(_standing(prompt, *names))
        _show(asdict(stands), told_online(stands), as_json=as_json)
        return
    criteria = chosen_criteria(prompt, criterion or ()) if judged else ()
    agreements = tuple(load_agreements(calibration)) if calibration else ()
    with _set(data) as folder:
        report = asyncio.run(_compared(prompt, names, folder, criteria, agreements))
    _show(report.shape(), report.words(), as_json=as_json)


def judge_texts(
    prompt: Name,
    arm: Annotated[str, typer.Option(help="The arm that writes.")] = "a",
    data: Set = None,
    criterion: Criteria = None,
    calibration: Calibration = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="Only write the texts to this file, for people to score them."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Let ISRA_JUDGE_MODEL score the texts of a prompt, 1 to 5 by each criterion."""
    criteria = chosen_criteria(prompt, criterion or ())
    agreements = tuple(load_agreements(calibration)) if calibration else ()
    with _set(data) as folder:
        if labels:
            lines = asyncio.run(_to_label(prompt, arm, folder, criteria))
            write_text(labels, "".join(f"{line}\n" for line in lines))
            stderr.print(f"{len(lines)} texts to score in {labels}", markup=False)
            return
        scores = asyncio.run(_scored(prompt, arm, folder, criteria, agreements))
    shape = {"prompt": prompt, "arm": arm, "scores": [asdict(one) for one in scores]}
    _show(shape, "\n".join(map(told_scores, scores)), as_json=as_json)


def _two(arms: str) -> tuple[str, str]:
    names = [name.strip() for name in arms.split(",") if name.strip()]
    if len(names) != 2 or names[0] == names[1]:
        raise InputError(f"{arms!r} are not two arms.", "Give two, as in --arms a,b.")
    return names[0], names[1]


@contextlib.contextmanager
def _set(data: Path | None) -> Iterator[Path]:
    """The golden set. Raises InputError where the folder is none."""
    with tempfile.TemporaryDirectory() as folder:
        found = data or samples_as_shared(Path(folder))
        require_set(found)
        yield found


async def _run(prompt: str, *arms: str) -> ArmsRun:
    settings = get_settings()
    registry = PromptRegistry(settings.prompts_dir or FOLDER)
    run = ArmsRun(prompt, await with_secrets(settings.models()), registry)
    run.check(arms)
    return run


async def _judge() -> Judge:
    return Judge(ModelGateway(await with_secrets(judge_settings(get_settings()))))


async def _compared(
    prompt: str,
    arms: tuple[str, str],
    data: Path,
    criteria: tuple[str, ...],
    agreements: tuple[Agreement, ...],
) -> ArmsReport:
    run = await _run(prompt, *arms)
    asked = Asked(await _judge(), criteria, agreements) if criteria else None
    return await compare_arms(run, data, arms, asked)


async def _scored(
    prompt: str,
    arm: str,
    data: Path,
    criteria: tuple[str, ...],
    agreements: tuple[Agreement, ...],
) -> list[Scores]:
    run, judge = await _run(prompt, arm), await _judge()
    async with distinct_cases(prompt, data) as cases:
        trials = await run.trials(cases, [arm])
    return [await score_texts(judge, cases, trials, one, agreements) for one in criteria]


async def _to_label(prompt: str, arm: str, data: Path, criteria: tuple[str, ...]) -> list[str]:
    run = await _run(prompt, arm)
    async with distinct_cases(prompt, data) as cases:
        trials = await run.trials(cases, [arm])
    return list(labels_to_give(cases, trials, criteria))


async def _standing(prompt: str, one: str, other: str) -> Standing:
    """The thumbs of two arms. Raises NotFoundError for an arm that never was."""
    require_thumbs(prompt)
    settings = get_settings()
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    engine = make_engine(settings.resolved_database_url)
    try:
        thumbs = count(await read_thumbs(engine), prompt, (one, other))
    finally:
        await engine.dispose()
    for arm in (one, other):
        if not thumbs[arm].rated:
            # One that was taken out may still have its thumbs.
            PromptRegistry(settings.prompts_dir or FOLDER).get(prompt, arm)
    return standing(thumbs[one], thumbs[other])


def _show(shape: Mapping[str, object], words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(shape)
    else:
        stdout.print(words, markup=False, highlight=False, soft_wrap=True)
