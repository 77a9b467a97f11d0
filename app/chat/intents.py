"""Requests for analyses, made from what a message asks for."""

import re

from agent.analyst.protocol import Intent
from agent.domain import AnalysisRequest
from app.chat.runtime import get_research
from app.chat.settings import chosen_settings
from graph.analyses import AnalysisStatus

_ONLY = re.compile(r"\b(only|just|nothing but)\b", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(without|remove|drop|exclude|skip|leave\b.*\bout|leave out|take out)\b", re.IGNORECASE
)
_NAMED_ONLY = "Selected companies"
"""What an analysis of companies is called when no industry was named."""


def new_request(intent: Intent, owner: str) -> AnalysisRequest:
    """A new analysis, with the settings of the chat for what the message leaves open."""
    settings = chosen_settings()
    return AnalysisRequest(
        industry=intent.industry.strip()[:300] or _NAMED_ONLY,
        companies=intent.companies,
        year=intent.year or settings.year,
        limit=settings.companies,
        owner=owner,
    )


async def changed_request(status: AnalysisStatus, intent: Intent, text: str) -> AnalysisRequest:
    """The last request with what the user changed; the other companies stay as they were."""
    before = await _companies_of(status)
    return status.request.model_copy(
        update={
            "industry": intent.industry or status.request.industry,
            "companies": changed_companies(before, intent.companies, text),
            "year": intent.year or status.request.year,
        }
    )


async def _companies_of(status: AnalysisStatus) -> tuple[str, ...]:
    """The names confirmed; before that, those proposed; else those the user gave."""
    research = get_research()
    if status.state == "published":
        result = await research.result(status.analysis_id)
        return tuple(
            row.name for row in result.companies if row.report or row.status == "no_report"
        )
    if status.state == "awaiting_review":
        proposed = await research.proposal(status.analysis_id)
        return tuple(row.company.name for row in proposed)
    return status.request.companies


def changed_companies(
    before: tuple[str, ...], named: tuple[str, ...], text: str
) -> tuple[str, ...]:
    """“only X” replaces the list, “without X” shortens it, any other mention of X adds to it."""
    if not named:
        return before
    if _ONLY.search(text):
        return named
    if _WITHOUT.search(text):
        out = [name.casefold() for name in named]
        return tuple(name for name in before if not any(other in name.casefold() for other in out))
    return tuple(dict.fromkeys((*before, *named)))
