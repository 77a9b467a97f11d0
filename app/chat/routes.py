"""Chainlit's routes that change things, with the check of ownership it leaves out.

They stand before the mounted chat and shadow its routes of the same address.
"""

from typing import Annotated, Any

from chainlit.server import UserParam, update_thread_element
from chainlit.types import (
    DeleteFeedbackRequest,
    DeleteThreadRequest,
    ElementRequest,
    UpdateFeedbackRequest,
)
from fastapi import APIRouter, Depends, HTTPException

from app.chat.identity import require_user
from app.chat.runtime import get_data_layer, get_research, get_turns

router = APIRouter(include_in_schema=False)
CurrentUser = Annotated[str, Depends(require_user)]

# Elements whose state is the reader's own; all others are only ever written by the server.
_EDITABLE_ELEMENTS = frozenset({"CompanyReview"})


@router.put("/feedback")
async def save_feedback(update: UpdateFeedbackRequest, user: CurrentUser) -> dict[str, Any]:
    """Store or change a thumb; only on messages of the caller's own threads."""
    layer = get_data_layer()
    place = await layer.get_step_place(update.feedback.forId)
    if place is None or place[1] != user:
        raise HTTPException(404, "This message is not stored. Reload the page and try again.")
    return {"success": True, "feedbackId": await layer.upsert_feedback(update.feedback)}


@router.delete("/feedback")
async def delete_feedback(payload: DeleteFeedbackRequest, user: CurrentUser) -> dict[str, Any]:
    """Take a thumb back; only one's own."""
    layer = get_data_layer()
    if await layer.get_feedback_owner(payload.feedbackId) != user:
        raise HTTPException(404, "There is no such feedback.")
    return {"success": await layer.delete_feedback(payload.feedbackId)}


@router.put("/project/element")
async def update_element(
    payload: ElementRequest, user: CurrentUser, current_user: UserParam
) -> dict[str, Any]:
    """Keep the reader's edits of a review card; only in the caller's own threads."""
    layer = get_data_layer()
    thread_id = str(payload.element.get("threadId") or "")
    element_id = str(payload.element.get("id") or "")
    stored = await layer.get_element(thread_id, element_id)
    if (
        stored is None
        or stored.get("name") not in _EDITABLE_ELEMENTS
        or await layer.get_thread_author(thread_id) != user
    ):
        raise HTTPException(404, "This card is not stored. Reload the page and try again.")
    # Only the state may change, never the element's name, place or message.
    kept = {**stored, "props": payload.element.get("props") or {}}
    await update_thread_element(
        ElementRequest(element=kept, sessionId=payload.sessionId), current_user
    )
    return {"success": True}


@router.delete("/project/element")
async def delete_element(_payload: ElementRequest, _user: CurrentUser) -> dict[str, Any]:
    """No element of ours is deleted from the client."""
    raise HTTPException(404, "Not found.")


@router.delete("/project/thread")
async def delete_thread(payload: DeleteThreadRequest, user: CurrentUser) -> dict[str, Any]:
    """Delete a conversation with its feedback; what still runs for it is stopped first."""
    layer = get_data_layer()
    if await layer.get_thread_author(payload.threadId) != user:
        raise HTTPException(404, "There is no such conversation.")
    for analysis_id in await get_turns().analyses(payload.threadId):
        await get_research().cancel(analysis_id)
    await layer.delete_thread(payload.threadId)
    return {"success": True}
