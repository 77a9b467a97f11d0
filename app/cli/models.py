"""Commands about models: what they used, and the prompts they are asked with."""

import asyncio
from typing import Annotated

import typer

from agent.errors import InputError
from agent.memory.database import make_engine, upgrade
from agent.memory.ledger_table import SqlLedger, UsageLine
from agent.prompts.registry import FOLDER, PromptRegistry
from agent.settings import get_settings
from agent.tracing import make_tracing, trace_id
from app.cli.output import print_json, print_table, stdout

prompts = typer.Typer(help="The prompts, as kept in the repository.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("usage")(usage)
    app.command("traces")(traces)
    app.add_typer(prompts, name="prompts")


def usage(
    analysis_id: Annotated[str, typer.Argument(help="One analysis; all without it.")] = "",
    since: Annotated[str, typer.Option(help="Only calls from this ISO date on.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Calls, tokens and cost by prompt and model; an unknown price is shown as unknown."""
    url = get_settings().resolved_database_url
    upgrade(url)
    lines = asyncio.run(_lines(url, analysis_id or None, since))
    if as_json:
        print_json([line.model_dump(mode="json") for line in lines])
        return
    print_table(
        "Model calls",
        ("prompt", "arm", "model", "status", "calls", "tokens in", "tokens out", "usd"),
        [
            (
                line.prompt,
                line.arm,
                line.model,
                line.status,
                line.calls,
                line.input_tokens,
                line.output_tokens,
                "unknown" if line.usd is None else f"{line.usd:.4f}",
            )
            for line in lines
        ],
    )


def traces(
    analysis_id: Annotated[str, typer.Argument(help="Id of an analysis.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Where the trace of an analysis is: its root run's id, project and address in LangSmith."""
    # Brings LangSmith's library in.
    from agent.tracing_feedback import trace_address

    settings = get_settings()
    upgrade(settings.resolved_database_url)
    asyncio.run(_require(settings.resolved_database_url, analysis_id))
    if not make_tracing(settings).traces(analysis_id):
        raise InputError(
            "This analysis is not traced.",
            "Set ISRA_LANGSMITH_API_KEY (and ISRA_LANGSMITH_SAMPLING to 1 for all of them).",
        )
    found = {
        "trace": trace_id(analysis_id),
        "project": settings.langsmith_project,
        "address": trace_address(settings, trace_id(analysis_id)),
    }
    if as_json:
        print_json(found)
    else:
        print_table("Trace", ("id of the root run", "project", "address"), [tuple(found.values())])


async def _require(url: str, analysis_id: str) -> None:
    """Raises NotFoundError where there is no such analysis."""
    from graph.analyses import AnalysisTable

    engine = make_engine(url)
    try:
        await AnalysisTable(engine).require(analysis_id)
    finally:
        await engine.dispose()


async def _lines(url: str, analysis_id: str | None, since: str) -> tuple[UsageLine, ...]:
    engine = make_engine(url)
    try:
        return await SqlLedger(engine).lines(analysis_id, since)
    finally:
        await engine.dispose()


@prompts.command("list")
def list_prompts(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Every prompt with its arms and the share of conversations each gets."""
    rows = [
        {
            "name": prompt.name,
            "arm": prompt.arm,
            "sha": prompt.sha,
            "version": prompt.head.version,
            "weight": prompt.head.weight,
            "description": prompt.head.description,
        }
        for prompt in _registry().all
    ]
    if as_json:
        print_json(rows)
        return
    columns = ("name", "arm", "sha", "weight", "description")
    print_table("Prompts", columns, [tuple(row[name] for name in columns) for row in rows])


@prompts.command("show")
def show(name: str, arm: Annotated[str, typer.Argument()] = "a") -> None:
    """The text of a prompt."""
    _print(_registry().show(name, arm))


@prompts.command("diff")
def diff(name: str, left: str, right: str) -> None:
    """What tells two arms of a prompt apart."""
    _print(_registry().diff(name, left, right))


def _registry() -> PromptRegistry:
    return PromptRegistry(get_settings().prompts_dir or FOLDER)


def _print(text: str) -> None:
    stdout.print(text, markup=False, highlight=False, soft_wrap=True)
