"""Commands of the main job: research, ask, analyses."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from agent.domain import Analysis, AnalysisRequest, Answer, ProposedCompany
from agent.errors import InputError
from agent.memory.database import make_engine, upgrade
from agent.settings import Settings, get_settings
from app.cli.batch import enqueue, industries_in, run_here
from app.cli.output import print_json, print_line, print_table, stderr, stdout, write_text
from app.cli.progress import RunProgress
from app.cli.refresh import change_lines, changes_of, chosen_reports
from app.cli.review import review
from app.cli.shapes import analysis_shape, claim_shape
from app.exports.markdown import to_markdown
from graph.analyses import AnalysisStatus, AnalysisTable
from graph.events import FINAL, EventLog
from graph.runner import Research, open_research


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("research")(research)
    app.command("ask")(ask)
    app.command("analyses")(analyses)
    app.command("events")(events)


def research(
    industry: Annotated[str, typer.Argument(help="The industry, in plain words.")] = "",
    companies: Annotated[str, typer.Option(help="Only these companies, separated by commas.")] = "",
    library: Annotated[
        Path | None, typer.Option(help="Folder with the companies' report PDFs.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Fiscal year wanted.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=50, help="Most companies to propose.")
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(help="A company's report by its address: 'Company=https://…'; repeatable."),
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Look for newer reports; say what changed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take the list as proposed.")] = False,
    json_out: Annotated[
        str, typer.Option("--json", help="Write the analysis as JSON to this file; - is stdout.")
    ] = "",
    export: Annotated[
        Path | None,
        typer.Option(help="Folder for the report as Markdown, Excel, Word, PDF and JSON bundle."),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option(help="File of industries, one a line; lists are not confirmed.")
    ] = None,
    queue: Annotated[
        bool, typer.Option("--queue", help="Leave it to workers (Postgres); the list as proposed.")
    ] = False,
    retry: Annotated[
        str, typer.Option(help="Id of an analysis: try the companies that failed once more.")
    ] = "",
) -> None:
    """Analyse an industry: companies, reports, figures, comparison, synthesis."""
    if [bool(industry), batch is not None, bool(retry)].count(True) != 1:
        raise InputError(
            "What to analyse is not clear.", "Name one industry, or give --batch or --retry."
        )
    if library is not None and not library.is_dir():
        raise InputError(f"{library} is not a folder.", "Give a folder with report PDFs.")
    request = AnalysisRequest(
        industry=industry or "batch",
        unattended=queue or batch is not None,
        companies=tuple(name.strip() for name in companies.split(",") if name.strip()),
        year=year,
        limit=limit,
        library=str(library.resolve()) if library else None,
        reports=chosen_reports(report or []),
        refresh=refresh,
    )
    settings = get_settings()
    upgrade(settings.resolved_database_url)
    if batch is not None or queue:
        named = industries_in(batch) if batch is not None else [industry]
        requests = [request.model_copy(update={"industry": name}) for name in named]
        (enqueue if queue else run_here)(settings, requests, as_json=json_out == "-")
        return
    analysis = asyncio.run(_research(settings, retry or request, yes))
    if refresh:
        for line in change_lines(asyncio.run(changes_of(settings, analysis))):
            stderr.print(line, markup=False, highlight=False, soft_wrap=True)
    if export is not None:
        # Office formats bring large libraries in, which no other command needs.
        from app.cli.exports import write_exports

        for path in write_exports(analysis, export):
            stderr.print(f"Written: {path}", markup=False)
    if json_out == "-":
        print_json(analysis_shape(analysis))
    elif json_out:
        text = json.dumps(analysis_shape(analysis), ensure_ascii=False, indent=1)
        write_text(Path(json_out), text)
        stderr.print(f"Written: {json_out}", markup=False)
    else:
        stdout.print(to_markdown(analysis), markup=False, highlight=False, soft_wrap=True)


async def _research(settings: Settings, request: AnalysisRequest | str, yes: bool) -> Analysis:
    """Run a new analysis, or take up an old one, given by its id, for its failed companies."""
    async with open_research(settings, "here") as service:
        after = 0
        if isinstance(request, str):
            analysis_id = request
            after = await service.last_event(analysis_id)
            await service.retry(analysis_id)
        else:
            analysis_id = await service.start(request)
        with RunProgress(stderr) as progress:
            async for event in service.events(analysis_id, after):
                progress.show(event)
                if event.kind == "proposed":
                    proposed = await service.proposal(analysis_id)
                    await _confirm(service, analysis_id, proposed, yes, progress)
                if event.kind in FINAL:
                    break
        return await service.result(analysis_id)


async def _confirm(
    service: Research,
    analysis_id: str,
    proposed: tuple[ProposedCompany, ...],
    yes: bool,
    progress: RunProgress,
) -> None:
    with progress.paused():
        chosen = proposed if yes else await asyncio.to_thread(review, proposed)
    if not any(company.selected for company in chosen) and not proposed:
        await service.cancel(analysis_id)
        return
    await service.confirm(analysis_id, chosen)


def ask(
    analysis_id: Annotated[str, typer.Argument(help="Id of a published analysis.")],
    question: Annotated[str, typer.Argument(help="The question, in plain words.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Answer a follow-up question from the evidence of an analysis."""
    settings = get_settings()
    upgrade(settings.resolved_database_url)
    answer = asyncio.run(_ask(settings, analysis_id, question))
    if as_json:
        print_json(
            {
                "analysis_id": answer.analysis_id,
                "question": answer.question,
                "found": answer.found,
                "markdown": answer.markdown,
                "claims": [claim_shape(claim) for claim in answer.claims],
            }
        )
        return
    stdout.print(answer.markdown, markup=False, highlight=False, soft_wrap=True)
    for number, claim in enumerate(answer.claims, 1):
        for item in claim.evidence:
            stdout.print(
                f"[{number}] {claim.company or ''} page {item.page}: “{item.quote}”",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )


async def _ask(settings: Settings, analysis_id: str, question: str) -> Answer:
    async with open_research(settings, "here") as service:
        return await service.ask(analysis_id, question)


def analyses(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """List the newest analyses."""
    settings = get_settings()
    upgrade(settings.resolved_database_url)
    rows = asyncio.run(_analyses(settings))
    if as_json:
        print_json([row.model_dump(mode="json", exclude={"request"}) for row in rows])
        return
    print_table(
        "Analyses",
        ("id", "industry", "state", "started"),
        [(row.analysis_id, row.industry, row.state, row.created_at[:16]) for row in rows],
    )


async def _analyses(settings: Settings) -> list[AnalysisStatus]:
    engine = make_engine(settings.resolved_database_url)
    try:
        return await AnalysisTable(engine).newest()
    finally:
        await engine.dispose()


def events(
    analysis_id: Annotated[str, typer.Argument(help="Id of an analysis.")],
    after: Annotated[int, typer.Option(min=0, help="Begin behind this event.")] = 0,
) -> None:
    """Follow an analysis wherever it runs: one JSON object a line, until it ends."""
    settings = get_settings()
    upgrade(settings.resolved_database_url)
    asyncio.run(_events(settings, analysis_id, after))


async def _events(settings: Settings, analysis_id: str, after: int) -> None:
    engine = make_engine(settings.resolved_database_url)
    try:
        await AnalysisTable(engine).require(analysis_id)
        async for event in EventLog(engine).follow(analysis_id, after):
            print_line(event.model_dump(mode="json"))
    finally:
        await engine.dispose()
