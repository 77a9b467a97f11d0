"""An ended analysis goes on with reports the user has chosen or added; the rest stays as it was."""

from collections.abc import Sequence

import chainlit as cl

from agent.analyst.wording import listed
from agent.domain import ChosenReport, Company, Report
from agent.errors import ConflictError, InputError
from app.chat.follow import AtReview, Follower
from app.chat.identity import stable_id
from app.chat.progress import Progress
from app.chat.report_choice import open_rows, say_choice
from app.chat.runtime import get_research, get_turns
from app.chat.text import plain
from app.chat.turns import Turn
from graph.analyses import AnalysisStatus
from tools.search.known import same_company

_ENDED = frozenset({"published", "failed"})


async def go_on_with_choices(status: AnalysisStatus, chosen: dict[str, str]) -> AtReview:
    """Begin the analysis that takes the documents chosen, addresses by company id.

    Gives what confirms its list. Only addresses that were offered are taken.

    Raises:
        ConflictError: the conversation has gone on since.
        InputError: nothing was chosen, or something that was not offered.
    """
    latest = await get_turns().latest_analysis(cl.context.session.thread_id)
    if latest != status.analysis_id or status.state not in _ENDED:
        raise ConflictError(
            "The conversation has gone on since.", "Choose in the newest list of documents."
        )
    progress = await _replayed(status.analysis_id)
    offered = {
        (row["id"], choice["url"]): (row["name"], choice["title"])
        for row in open_rows(progress)
        for choice in row["choices"]
    }
    if not chosen or any(pair not in offered for pair in chosen.items()):
        raise InputError("No document is chosen.", "Choose one of those listed.")
    reports = tuple(ChosenReport(company=company, url=url) for company, url in chosen.items())
    await say_choice(status.analysis_id, progress, chosen)
    words = listed([": ".join(offered[pair]) for pair in chosen.items()])
    return await _go_on(status, reports, words)


async def go_on_with_uploads(status: AnalysisStatus, added: Sequence[Report]) -> AtReview | None:
    """Begin the analysis that takes the reports added for companies that had none.

    None where no report is of such a company, or the analysis has not ended.
    """
    if status.state not in _ENDED or not added:
        return None
    progress = await _replayed(status.analysis_id)
    without = {row.id for row in progress.companies.values() if row.state == "failed"}
    named = [
        company.name
        for company in _companies(status)
        if company.id in without and any(same_company(one.company, company) for one in added)
    ]
    if not named:
        return None
    if open_rows(progress):
        await say_choice(status.analysis_id, progress, {})
    return await _go_on(status, (), listed([f"the report of {name}" for name in named]), added)


async def _go_on(
    status: AnalysisStatus,
    reports: tuple[ChosenReport, ...],
    words: str,
    added: Sequence[Report] = (),
) -> AtReview:
    companies = _companies(status)
    replaced = {report.company for report in reports}
    kept = tuple(item for item in status.request.reports if item.company not in replaced)
    thread_id = cl.context.session.thread_id
    request = status.request.model_copy(
        update={
            "companies": tuple(company.name for company in companies),
            # Who names companies wants all of them.
            "limit": None,
            "reports": (*kept, *reports),
            "extends": status.result_ref or "",
            "thread": thread_id,
        }
    )
    telling = [*(report.url for report in reports), *(report.sha256 for report in added)]
    analysis_id = stable_id(status.analysis_id, *telling)
    await cl.Message(f"Going on with {plain(words)}.").send()
    run_id = stable_id(analysis_id, "request-run")
    await get_turns().save(Turn(run_id, thread_id, analysis_id, "request"))
    await get_research().start(request, analysis_id=analysis_id)
    return _confirm_same(status)


def _confirm_same(status: AnalysisStatus) -> AtReview:
    """Confirms the very companies of the analysis that goes on."""

    async def confirm(analysis_id: str) -> None:
        assert status.review is not None
        rows = [row for row in status.review.companies if row.selected]
        await get_research().confirm(analysis_id, rows)

    return confirm


def _companies(status: AnalysisStatus) -> tuple[Company, ...]:
    rows = status.review.companies if status.review is not None else ()
    return tuple(row.company for row in rows if row.selected)


async def _replayed(analysis_id: str) -> Progress:
    """The ended run as its events tell it."""
    progress = Progress()
    async for event in get_research().events(analysis_id):
        progress.apply(event)
    return progress


async def follow_latest(thread_id: str, at_review: AtReview) -> None:
    """Show the analysis just begun in the current session."""
    latest = await get_turns().latest_analysis(thread_id)
    if latest is not None:
        await Follower(latest, at_review=at_review).follow()
