"""Progress as server-sent events: the log of the run, from any event on, until it ends."""

from collections.abc import AsyncIterator
from typing import Annotated, get_args

from fastapi import APIRouter, Header, Query, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from agent.errors import IsraError
from agent.logs import get_logger
from app.api.own import Readable
from app.api.responses import Responses, problems
from app.chat.runtime import get_research
from graph.analyses import OPEN
from graph.events import EventKind

log = get_logger(__name__)
router = APIRouter(tags=["analyses"])

_SEND_SECONDS = 30
_MOST = 2**31 - 1
_STREAM: Responses = {
    200: {
        "description": (
            "The events: `id` is the number to go on from, `event` the kind, `data` the event."
        ),
        "content": {
            "text/event-stream": {
                # The schema of one event, as OpenAPI 3.2 has it.
                "schema": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string"},
                        "event": {"type": "string", "enum": list(get_args(EventKind))},
                        "data": {"type": "string", "contentMediaType": "application/json"},
                    },
                },
                "example": (
                    'id: 1\nevent: started\ndata: {"seq":1,"at":"2026-05-04T09:30:00.000000Z",'
                    '"kind":"started","company_id":null,"data":{"industry":"cement"}}\n\n'
                ),
            }
        },
    },
    204: {"description": "The analysis has ended and there are no more events."},
}


@router.get(
    "/analyses/{analysis_id}/events",
    operation_id="followEvents",
    response_class=Response,
    responses={**_STREAM, **problems(404, 429)},
)
async def follow_events(
    status: Readable,
    last_event_id: Annotated[
        int,
        Header(alias="Last-Event-ID", ge=0, le=_MOST, description="Go on behind this event."),
    ] = 0,
    after: Annotated[
        int, Query(ge=0, le=_MOST, description="The same, where a header cannot be set.")
    ] = 0,
) -> Response:
    """Follow an analysis. The stream ends with the run; 204 tells a browser to stop asking."""
    begin = max(after, last_event_id)
    if status.state not in OPEN and begin >= status.last_seq:
        return Response(status_code=204)
    return EventSourceResponse(
        _events(status.analysis_id, begin), send_timeout=_SEND_SECONDS, sep="\n"
    )


async def _events(analysis_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    """The events; a log that cannot be read ends the stream, which the client takes up again."""
    try:
        async for event in get_research().events(analysis_id, after):
            yield ServerSentEvent(
                event.model_dump_json(), event=event.kind, id=str(event.seq), sep="\n"
            )
    except IsraError as error:
        log.warning("events ended early", analysis=analysis_id, error=str(error))
