"""Newer reports of analysed companies, and what changed since the last analysis."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any

import typer

from agent.domain import Analysis, ChosenReport
from agent.errors import ConfigurationError, ConflictError, InputError
from agent.memory.database import make_engine, upgrade
from agent.settings import Settings, get_settings
from app.cli.output import print_json, stderr, stdout
from graph.analyses import AnalysisTable
from graph.context import ResearchContext
from graph.events import FINAL
from graph.refresh import Change, Due, Newer, changes_since, due_analyses, last_before
from graph.runner import Research, open_research
from graph.wiring import open_context

_OWNER = "local"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("refresh")(refresh)
    app.command("changes")(changes)


def refresh(
    analyse: Annotated[
        bool, typer.Option("--analyse", help="Analyse again what has a newer report.")
    ] = False,
    owner: Annotated[str, typer.Option(help="Whose analyses.")] = _OWNER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Look for newer reports of the companies analysed; with --analyse say what changed."""
    settings = get_settings()
    upgrade(settings.resolved_database_url)
    due = asyncio.run(_due(settings, owner))
    rows = [_shape(item) for item in due]
    lines = [newer_line(one) for item in due for one in item.newer]
    for line in dict.fromkeys(lines) or ["No newer report was found."]:
        stderr.print(line, markup=False, highlight=False, soft_wrap=True)
    if analyse:
        for row, item in zip(rows, due, strict=True):
            found = asyncio.run(_renew(settings, item))
            row["changes"] = [change.model_dump() for change in found or ()]
            for line in change_lines(found):
                (stderr if as_json else stdout).print(
                    line, markup=False, highlight=False, soft_wrap=True
                )
    if as_json:
        print_json({"due": rows})


def changes(
    analysis_id: Annotated[str, typer.Argument(help="Id of a published analysis.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Say what an analysis changed against the one of the same industry before it."""
    settings = get_settings()
    upgrade(settings.resolved_database_url)
    found = asyncio.run(_changes(settings, analysis_id))
    if as_json:
        print_json({"changes": None if found is None else [one.model_dump() for one in found]})
        return
    for line in change_lines(found):
        stdout.print(line, markup=False, highlight=False, soft_wrap=True)


def newer_line(newer: Newer) -> str:
    """A newer report as a line for people."""
    held = f"{newer.held_year} is at hand" if newer.held_year else "one of no known year is at hand"
    return f"{newer.company.name}: {newer.choice.year} is out ({newer.choice.url}); {held}."


def _shape(due: Due) -> dict[str, Any]:
    newer = [
        {
            "company": one.company.name,
            "held_year": one.held_year,
            "year": one.choice.year,
            "url": one.choice.url,
        }
        for one in due.newer
    ]
    return {
        "analysis_id": due.status.analysis_id,
        "industry": due.status.industry,
        "newer": newer,
        "renewed_as": due.analysis_id,
    }


async def _due(settings: Settings, owner: str) -> tuple[Due, ...]:
    async with _opened(settings) as (context, table):
        if not context.web.finder.searches_web:
            raise ConfigurationError(
                "Newer reports can only be looked for on the web.",
                "Set ISRA_OFFLINE=false, and ISRA_SEARCH where you want more than the directory.",
            )
        return await due_analyses(context, table, owner)


async def _renew(settings: Settings, due: Due) -> tuple[Change, ...] | None:
    """Analyse again and say what changed. Raises IsraError where the analysis fails."""
    async with open_research(settings, "here") as research:
        # These very documents may have been tried before: then tell what came of it.
        with suppress(ConflictError):
            await research.start(due.request(), analysis_id=due.analysis_id)
        await _wait(research, due.analysis_id)
        analysis = await research.result(due.analysis_id)
    return await changes_of(settings, analysis)


async def _wait(research: Research, analysis_id: str) -> None:
    async for event in research.events(analysis_id):
        if event.kind in FINAL:
            return


async def _changes(settings: Settings, analysis_id: str) -> tuple[Change, ...] | None:
    async with open_research(settings, "here") as research:
        analysis = await research.result(analysis_id)
    return await changes_of(settings, analysis)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[ResearchContext, AnalysisTable]]:
    engine = make_engine(settings.resolved_database_url)
    try:
        async with open_context(settings) as (context, _):
            yield context, AnalysisTable(engine)
    finally:
        await engine.dispose()


def chosen_reports(given: list[str]) -> tuple[ChosenReport, ...]:
    """Addresses the user chose, from “Company=https://…”. Raises InputError."""
    chosen = []
    for item in given:
        company, _, url = item.partition("=")
        if not company.strip() or not url.strip().startswith(("http://", "https://")):
            raise InputError(
                f"“{item}” names no company and address.", "Write --report 'Company=https://…'."
            )
        chosen.append(ChosenReport(company=company.strip(), url=url.strip()))
    return tuple(chosen)


async def changes_of(settings: Settings, analysis: Analysis) -> tuple[Change, ...] | None:
    """What changed since the last analysis of this industry; None where there is none."""
    async with _opened(settings) as (context, table):
        before = await last_before(table, context.artifacts, analysis)
    return changes_since(before, analysis) if before else None


def change_lines(changes: tuple[Change, ...] | None) -> list[str]:
    """The changes as lines for people."""
    if changes is None:
        return ["There is no earlier analysis of this industry to compare with."]
    if not changes:
        return ["Nothing changed since the last analysis of this industry."]
    return [f"{change.company}: {change.what}" for change in changes]
