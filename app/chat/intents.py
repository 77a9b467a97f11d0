"""Requests for analyses, made from what a message asks for."""

import re

import chainlit as cl

from agent.analyst.protocol import Intent
from agent.domain import AnalysisRequest
from agent.errors import InputError
from app.chat.changes import Change, change_of
from app.chat.runtime import get_research
from app.chat.settings import chosen_settings
from graph.analyses import AnalysisStatus

_NAMED_ONLY = "Selected companies"
"""What an analysis of companies is called when no industry was named."""
_OWN = "Own reports"
_OWN_FILES = re.compile(
    r"\b(?:my|our|these|uploaded|attached)\s+(?:own\s+)?(?:pdfs?|files?|reports?|documents?)\b",
    re.IGNORECASE,
)


def new_request(intent: Intent, owner: str) -> AnalysisRequest:
    """A new analysis, with the settings of the chat for what the message leaves open."""
    settings = chosen_settings()
    return AnalysisRequest(
        industry=intent.industry.strip()[:300] or _NAMED_ONLY,
        companies=intent.companies,
        year=intent.year or settings.year,
        limit=settings.companies,
        owner=owner,
        topics=settings.topics,
        model=settings.model,
        language=settings.language,
        thread=cl.context.session.thread_id,
    )


def wants_own_reports(text: str) -> bool:
    """Whether a message is about the PDFs its writer has added."""
    return bool(_OWN_FILES.search(text))


async def own_request(intent: Intent, owner: str) -> AnalysisRequest:
    """An analysis of the companies whose reports the user has added.

    Raises:
        InputError: there is none yet.
    """
    held = await get_research().own_reports(owner)
    if not held:
        raise InputError(
            "You have not added a report yet.",
            "Add PDFs with the paper clip, or drop them into this window.",
        )
    names = tuple(dict.fromkeys(report.verdict.company or report.file for report in held))
    request = new_request(intent, owner)
    return request.model_copy(update={"industry": _OWN, "companies": names, "limit": None})


async def changed_request(status: AnalysisStatus, intent: Intent, text: str) -> Change:
    """The last request with what the user changed; the other companies stay as they were.

    Raises:
        InputError: the message changes nothing, or leaves no company.
    """
    companies, chosen = await _companies_of(status), chosen_settings()
    request = status.request.model_copy(update={"model": chosen.model, "language": chosen.language})
    return change_of(text, intent, request, companies, status.result_ref or "")


async def _companies_of(status: AnalysisStatus) -> tuple[str, ...]:
    """The names confirmed; before that, those proposed; else those the user gave."""
    research = get_research()
    if status.state == "published":
        result = await research.result(status.analysis_id)
        return tuple(
            row.name
            for row in result.companies
            if row.report or row.status in {"no_report", "needs_choice"}
        )
    if status.state == "awaiting_review":
        proposed = await research.proposal(status.analysis_id)
        return tuple(row.company.name for row in proposed if row.selected)
    return status.request.companies
