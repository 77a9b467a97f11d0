"""What a published analysis gives: pages with marked quotes, exports, answers, feedback."""

from typing import Annotated

from chainlit.types import Feedback as ChatFeedback
from fastapi import APIRouter, Path, Query, Response

from agent.domain import Answer, Usage
from agent.errors import NotFoundError
from app.api.models import Feedback, NewFeedback, Question
from app.api.own import Readable, Writable
from app.api.responses import files, problems
from app.chat.feedback import FeedbackStore
from app.chat.identity import stable_id
from app.chat.runtime import get_data_layer, get_research, get_runtime, get_turns
from app.chat.turns import Turn, program_thread
from app.pictures import EXPORTS, Form, export_response
from graph.analyses import AnalysisStatus
from tools.pdf.picture import Picture

router = APIRouter(tags=["results"])

Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])]
PageNumber = Annotated[int, Path(ge=1, le=100_000, description="The PDF page, from 1.")]
Quote = Annotated[
    str | None,
    Query(max_length=2000, pattern=r"^[^\x00]*$", description="The sentence to mark."),
]
PICTURE = files(
    "image/jpeg",
    "image/png",
    description="The page as a picture.",
    X_Quote_Found="Whether the quote was found and marked: yes or no.",
)


def picture_response(picture: Picture) -> Response:
    """A picture as an answer that only its reader's own cache may keep."""
    return Response(
        picture.data,
        media_type=picture.mime,
        headers={
            "cache-control": "private, max-age=3600",
            "x-quote-found": "yes" if picture.found else "no",
        },
    )


@router.get(
    "/analyses/{analysis_id}/reports/{sha256}/pages/{page}",
    operation_id="getPage",
    response_class=Response,
    responses={**PICTURE, **problems(404, 409, 429)},
)
async def get_page(
    status: Readable, sha256: Sha256, page: PageNumber, quote: Quote = None
) -> Response:
    """A page of a report of the analysis, with the quote marked."""
    result = await get_research().result(status.analysis_id)
    if sha256 not in {row.report.sha256 for row in result.companies if row.report}:
        raise NotFoundError("This report is not part of the analysis.", "Use one of its result.")
    return picture_response(await get_research().picture(sha256, page, quote or None))


@router.get(
    "/analyses/{analysis_id}/exports/{form}",
    operation_id="export",
    response_class=Response,
    responses={
        **files(*(mime for mime, _ in EXPORTS.values()), description="The file."),
        **problems(404, 409, 429),
    },
)
async def export(status: Readable, form: Form) -> Response:
    """The analysis as Markdown, PDF, Word, Excel, or the JSON bundle with all evidence."""
    result = await get_research().result(status.analysis_id)
    return await export_response(status.analysis_id, result, form, status.owner)


@router.post(
    "/analyses/{analysis_id}/questions",
    operation_id="ask",
    responses=problems(404, 409, 429),
)
async def ask(status: Writable, question: Question) -> Answer:
    """Answer a question from the evidence of the analysis."""
    await get_runtime().limits.message(status.owner)
    return await get_research().ask(status.analysis_id, question.question)


@router.get("/analyses/{analysis_id}/usage", operation_id="getUsage", responses=problems(404, 429))
async def get_usage(status: Readable) -> Usage:
    """What the models of the analysis have used so far."""
    return await get_research().usage(status.analysis_id)


@router.put(
    "/analyses/{analysis_id}/feedback",
    operation_id="giveFeedback",
    responses=problems(404, 409, 429),
)
async def give_feedback(status: Writable, given: NewFeedback) -> Feedback:
    """Say whether the result is good; said again, it replaces what was said."""
    result = await get_research().result(status.analysis_id)
    await get_runtime().limits.message(status.owner)
    turn = await _turn(status, result.synthesis.generated_by)
    store = FeedbackStore(get_data_layer().engine)
    thumb = ChatFeedback(
        forId=turn.run_step_id, value=1 if given.value == "up" else 0, comment=given.comment
    )
    feedback_id = await store.save(thumb, turn.thread_id, status.owner)
    return Feedback(
        id=feedback_id,
        analysis_id=status.analysis_id,
        value=given.value,
        comment=given.comment,
    )


async def _turn(status: AnalysisStatus, generated_by: str) -> Turn:
    """The turn that programs' feedback on an analysis belongs to; it needs no conversation."""
    thread = status.request.thread or program_thread(status.analysis_id)
    turn = Turn(
        stable_id(status.analysis_id, "api"), thread, status.analysis_id, "result", generated_by
    )
    await get_turns().save(turn)
    return turn
