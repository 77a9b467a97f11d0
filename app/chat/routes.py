"""Chainlit's routes that change things, with the check of ownership it leaves out.

They stand before the mounted chat and shadow its routes of the same address.
"""

from typing import Annotated, Any

from chainlit.action import Action
from chainlit.server import UserParam, update_thread_element
from chainlit.server import call_action as chainlit_action
from chainlit.server import login as chainlit_login
from chainlit.server import set_session_cookie as chainlit_session_cookie
from chainlit.server import upload_file as chainlit_upload
from chainlit.session import WebsocketSession
from chainlit.types import (
    CallActionRequest,
    DeleteFeedbackRequest,
    DeleteThreadRequest,
    ElementRequest,
    UpdateFeedbackRequest,
)
from fastapi import APIRouter, Depends, HTTPException, Request, Response, UploadFile
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from agent.errors import InputError
from app.auth.roles import ForbiddenError, require_analyst
from app.chat.identity import require_user
from app.chat.runtime import get_audit, get_data_layer, get_research, get_runtime, get_turns

router = APIRouter(include_in_schema=False)
CurrentUser = Annotated[str, Depends(require_user)]

# Elements whose state is the reader's own; all others are only ever written by the server.
_EDITABLE_ELEMENTS = frozenset({"CompanyReview"})


@router.post("/login")
async def login(
    request: Request, response: Response, form: Annotated[OAuth2PasswordRequestForm, Depends()]
) -> Response:
    """Log in by name and password, a limited number of times a minute."""
    address = request.client.host if request.client else ""
    if not await get_runtime().limits.may_log_in(form.username, address):
        raise HTTPException(429, "These were many attempts. Wait a minute, then try again.")
    try:
        answer: Response = await chainlit_login(request, response, form)
    except HTTPException as refused:
        if refused.status_code != 401:
            raise
        raise HTTPException(401, "Name and password do not belong together.") from None
    return answer


@router.post("/project/file")
async def upload_file(
    user: CurrentUser, current_user: UserParam, session_id: str, file: UploadFile
) -> Response:
    """Take a file for the caller's own chat session, a limited number an hour."""
    _check_analyst(user)
    try:
        await get_runtime().limits.upload(user)
    except InputError as error:
        raise HTTPException(429, str(error)) from None
    answer: Response = await chainlit_upload(current_user, session_id, file)
    return answer


def _check_analyst(user: str) -> None:
    try:
        require_analyst(get_runtime().sign_in, user)
    except ForbiddenError as error:
        raise HTTPException(403, str(error)) from None


class SessionCookie(BaseModel):
    """Which of the visitor's chat sessions a load balancer should keep at one process."""

    session_id: str = Field(pattern=r"^[\w-]{1,64}$")


@router.post("/set-session-cookie")
async def set_session_cookie(
    _checked: SessionCookie, request: Request, response: Response
) -> dict[str, str]:
    """Keep the id of a chat session in a cookie; anything but an id is refused."""
    told: dict[str, str] = await chainlit_session_cookie(request, response)
    return told


@router.post("/project/action")
async def call_action(
    payload: CallActionRequest, user: CurrentUser, current_user: UserParam
) -> Response:
    """Press a button of the caller's own chat session."""
    _check_analyst(user)
    session = WebsocketSession.get_by_id(payload.sessionId)
    if session is None or session.user is None or session.user.identifier != user:
        raise HTTPException(404, "This session has ended. Reload the page.")
    try:
        TypeAdapter(Action).validate_python(payload.action)
    except ValidationError:
        raise HTTPException(422, "This is no button of ours.") from None
    answer: Response = await chainlit_action(payload, current_user)
    return answer


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
    """Delete a conversation with its feedback and analyses; what still runs is stopped first."""
    _check_analyst(user)
    layer = get_data_layer()
    if await layer.get_thread_author(payload.threadId) != user:
        raise HTTPException(404, "There is no such conversation.")
    for analysis_id in await get_turns().analyses(payload.threadId):
        await get_research().delete(analysis_id)
        await get_audit().note("delete_analysis", user, analysis_id)
    await layer.delete_thread(payload.threadId)
    await get_audit().note("delete_conversation", user, payload.threadId)
    return {"success": True}
