"""Analyses: start, list, open, review, cancel, retry, delete."""

import hashlib
import uuid
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from agent.domain import ProposedCompany
from agent.errors import ConflictError, NotFoundError
from app.api.callers import Reader, Writer
from app.api.models import (
    AnalysisPage,
    AnalysisSummary,
    AnalysisView,
    NamedCompany,
    NewAnalysis,
    Retried,
    Review,
)
from app.api.own import Readable, Writable
from app.api.responses import created_analysis, problems
from app.chat.conversation import confirm
from app.chat.feedback import FeedbackStore
from app.chat.runtime import get_audit, get_data_layer, get_research, get_runtime
from graph.analyses import RunState

router = APIRouter(tags=["analyses"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="A name of yours for this call: sent again, it starts no second analysis.",
    ),
]
Cursor = Annotated[
    str,
    Query(
        pattern=r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z~[0-9A-Za-z-]{1,64})?$",
        description="`next_cursor` of the part before.",
    ),
]


@router.post(
    "/analyses",
    status_code=202,
    operation_id="createAnalysis",
    responses={**problems(409, 429), **created_analysis()},
)
async def create_analysis(
    request: Request,
    response: Response,
    caller: Writer,
    wanted: NewAnalysis,
    idempotency_key: IdempotencyKey = None,
) -> AnalysisSummary:
    """Start an analysis. It waits for the review of its companies, unless it is unattended."""
    runtime = get_runtime()
    await runtime.limits.message(caller.identifier)
    asked = wanted.to_request(caller.identifier, runtime.settings)
    analysis_id = _id_of(caller.identifier, idempotency_key)
    research = runtime.research
    try:
        await research.start(asked, analysis_id=analysis_id)
    except ConflictError:
        # Only a key sent before leads to an id that is taken.
        if (await research.status(analysis_id)).request != asked:
            raise ConflictError(
                "This Idempotency-Key was used for another analysis.", "Send a new one."
            ) from None
    response.headers["location"] = request.url_for("get_analysis", analysis_id=analysis_id).path
    return AnalysisSummary.of(await research.status(analysis_id))


def _id_of(user: str, key: str | None) -> str:
    if key is None:
        return uuid.uuid4().hex
    return hashlib.sha256(f"{len(user)}:{user}:{key}".encode()).hexdigest()[:32]


@router.get("/analyses", operation_id="listAnalyses", responses=problems(429))
async def list_analyses(
    caller: Reader,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Cursor = "",
    state: Annotated[RunState | None, Query(description="Only those in this state.")] = None,
) -> AnalysisPage:
    """The caller's analyses, newest first."""
    created_at, _, last_id = cursor.partition("~")
    behind = (created_at, last_id) if cursor else None
    rows = await get_research().analyses(
        caller.identifier, limit=limit + 1, behind=behind, state=state
    )
    shown = rows[:limit]
    more = len(rows) > limit
    return AnalysisPage(
        items=[AnalysisSummary.of(row) for row in shown],
        next_cursor=f"{shown[-1].created_at}~{shown[-1].analysis_id}" if more else None,
    )


@router.get("/analyses/{analysis_id}", operation_id="getAnalysis", responses=problems(404, 429))
async def get_analysis(status: Readable) -> AnalysisView:
    """Where an analysis stands, and its result once it is published."""
    result = None
    if status.state == "published":
        result = await get_research().result(status.analysis_id)
    return AnalysisView.of(status, result)


@router.delete(
    "/analyses/{analysis_id}",
    status_code=204,
    operation_id="deleteAnalysis",
    responses=problems(404, 429),
)
async def delete_analysis(status: Writable) -> None:
    """Stop an analysis and remove all of it; reports stay in the library."""
    await get_research().delete(status.analysis_id)
    await FeedbackStore(get_data_layer().engine).forget(status.analysis_id)
    await get_audit().note("delete_analysis", status.owner, status.analysis_id)


@router.get(
    "/analyses/{analysis_id}/proposal", operation_id="getProposal", responses=problems(404, 429)
)
async def get_proposal(status: Readable) -> list[ProposedCompany]:
    """The companies that wait for the caller's review; empty where none do."""
    return list(await get_research().proposal(status.analysis_id))


@router.post(
    "/analyses/{analysis_id}/review",
    status_code=202,
    operation_id="reviewCompanies",
    responses=problems(404, 409, 429),
)
async def review_companies(status: Writable, review: Review) -> AnalysisSummary:
    """Answer the review, once: the analysis goes on with these companies."""
    if status.state != "awaiting_review":
        raise ConflictError(
            "No list of this analysis waits for a review.",
            "It was answered already, is not there yet, or the analysis has ended.",
        )
    known = {row.company.id for row in await get_research().proposal(status.analysis_id)}
    chosen: dict[str, dict[str, str]] = {}
    for company in review.companies:
        if isinstance(company, NamedCompany):
            chosen[company.name.strip().casefold()] = {"name": company.name}
        elif company.id in known:
            chosen[company.id] = {"id": company.id}
        else:
            raise NotFoundError(
                f"The proposal has no company “{company.id}”.", "Name other companies by name."
            )
    await confirm(status.analysis_id, list(chosen.values()))
    return await _standing(status.analysis_id)


@router.post(
    "/analyses/{analysis_id}/cancel", operation_id="cancelAnalysis", responses=problems(404, 429)
)
async def cancel_analysis(status: Writable) -> AnalysisSummary:
    """Stop an analysis; one that has ended stays as it is."""
    await get_research().cancel(status.analysis_id)
    return await _standing(status.analysis_id)


@router.post(
    "/analyses/{analysis_id}/retry",
    status_code=202,
    operation_id="retryAnalysis",
    responses=problems(404, 409, 429),
)
async def retry_analysis(status: Writable) -> Retried:
    """Try the companies that gave no result once more; the others keep what they have."""
    await get_runtime().limits.message(status.owner)
    return Retried(companies=list(await get_research().retry(status.analysis_id)))


async def _standing(analysis_id: str) -> AnalysisSummary:
    return AnalysisSummary.of(await get_research().status(analysis_id))
