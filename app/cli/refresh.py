"""What changed since the last analysis of an industry, for isra research --refresh."""

from agent.domain import Analysis, ChosenReport
from agent.errors import InputError
from agent.memory.database import make_engine
from agent.settings import Settings
from graph.analyses import AnalysisTable
from graph.refresh import Change, changes_since, last_before
from graph.wiring import open_context


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
    engine = make_engine(settings.resolved_database_url)
    try:
        async with open_context(settings) as (context, _):
            before = await last_before(AnalysisTable(engine), context.artifacts, analysis)
    finally:
        await engine.dispose()
    return changes_since(before, analysis) if before else None


def change_lines(changes: tuple[Change, ...] | None) -> list[str]:
    """The changes as lines for people."""
    if changes is None:
        return ["There is no earlier analysis of this industry to compare with."]
    if not changes:
        return ["Nothing changed since the last analysis of this industry."]
    return [f"{change.company}: {change.what}" for change in changes]
