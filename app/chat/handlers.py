"""The chat's callbacks, registered when imported; each only leads to the right place."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import chainlit as cl
from chainlit.context import init_ws_context
from chainlit.data.base import BaseDataLayer
from chainlit.server import sio
from chainlit.session import WebsocketSession
from chainlit.types import ThreadDict

from agent.errors import ConflictError, IsraError
from agent.logs import get_logger
from app.chat.conversation import confirm, own_analysis, receive, review_again
from app.chat.follow import AtReview, Follower
from app.chat.going_on import go_on_with_choices
from app.chat.runtime import get_data_layer, get_research, get_turns
from app.chat.settings import offer_settings
from app.chat.starters import starters
from app.chat.text import plain

log = get_logger(__name__)

# The client replaces what it shows by the stored thread right after the resume callback.
_AFTER_RESUME_SECONDS = 0.3


@cl.data_layer
def data_layer() -> BaseDataLayer:
    return get_data_layer()


@cl.set_starters
async def set_starters(_user: cl.User | None) -> list[cl.Starter]:
    return await starters(get_research())


@cl.on_chat_start
async def on_chat_start() -> None:
    await offer_settings()


@cl.on_message
async def on_message(message: cl.Message) -> None:
    await told(receive(message))


@cl.on_chat_resume
async def on_chat_resume(thread: ThreadDict) -> None:
    await offer_settings()
    known = [step["id"] for step in thread["steps"]]
    follow_in_background(thread["id"], known, after=_AFTER_RESUME_SECONDS)


@sio.on("stop")  # type: ignore[untyped-decorator]
async def stop(socket_id: str) -> None:
    """In place of Chainlit's own handler, which says “Task manually stopped.” in our name."""
    session = WebsocketSession.get(socket_id)
    if session is None:
        return
    init_ws_context(session)
    if session.current_task:
        session.current_task.cancel()
    await told(stop_analysis())


async def stop_analysis() -> None:
    """Cancel the thread's running analysis and show how it ended."""
    thread_id = cl.context.session.thread_id
    latest = await get_turns().latest_analysis(thread_id)
    if latest is None or (await get_research().status(latest)).state != "running":
        return
    await get_research().cancel(latest)
    follow_in_background(thread_id)


@cl.action_callback("confirm_companies")
async def confirm_companies(action: cl.Action) -> dict[str, Any]:
    """Must return at once: the client waits for it. Returns what the card shows on failure."""
    analysis_id = str(action.payload.get("analysis_id", ""))
    rows = action.payload.get("companies")
    try:
        await own_analysis(analysis_id)
        await confirm(analysis_id, [row for row in rows or [] if isinstance(row, dict)])
    except ConflictError as error:
        # Confirmed in another tab, for example: this one shows how it really stands.
        follow_in_background(cl.context.session.thread_id)
        return {"ok": False, "what": str(error)}
    except IsraError as error:
        return {"ok": False, "what": str(error)}
    follow_in_background(cl.context.session.thread_id)
    return {"ok": True}


@cl.action_callback("change_review")
async def change_review(action: cl.Action) -> dict[str, Any]:
    """Propose anew, with another number of companies or another year."""
    payload = action.payload
    limit, year = (
        int(value) if str(value := payload.get(name) or "").isdigit() else None
        for name in ("limit", "year")
    )
    try:
        status = await own_analysis(str(payload.get("analysis_id", "")))
        await review_again(status, limit, year)
        await told(Follower(status.analysis_id).follow())
    except IsraError as error:
        return {"ok": False, "what": str(error)}
    follow_in_background(cl.context.session.thread_id)
    return {"ok": True}


@cl.action_callback("cancel_review")
async def cancel_review(action: cl.Action) -> dict[str, Any]:
    """Give the proposed list up."""
    try:
        status = await own_analysis(str(action.payload.get("analysis_id", "")))
        await get_research().cancel(status.analysis_id)
    except IsraError as error:
        return {"ok": False, "what": str(error)}
    follow_in_background(cl.context.session.thread_id)
    return {"ok": True}


@cl.action_callback("choose_reports")
async def choose_reports(action: cl.Action) -> dict[str, Any]:
    """Go on with the documents chosen for companies whose report was not sure."""
    chosen = action.payload.get("chosen")
    wanted = {str(key): str(url) for key, url in chosen.items()} if isinstance(chosen, dict) else {}
    try:
        status = await own_analysis(str(action.payload.get("analysis_id", "")))
        at_review = await go_on_with_choices(status, wanted)
    except IsraError as error:
        return {"ok": False, "what": str(error)}
    follow_in_background(cl.context.session.thread_id, at_review=at_review)
    return {"ok": True}


def follow_in_background(
    thread_id: str,
    known: list[str] | None = None,
    after: float = 0,
    at_review: AtReview | None = None,
) -> None:
    """Follow the thread's latest analysis in a task that Stop can find."""

    async def follow() -> None:
        await asyncio.sleep(after)
        latest = await get_turns().latest_analysis(thread_id)
        if latest is not None:
            await told(Follower(latest, known or (), at_review).follow())

    cl.context.session.current_task = asyncio.create_task(follow())


async def told(work: Awaitable[None]) -> None:
    """Await the work; whatever goes wrong is told in our words, never in an exception's."""
    try:
        await work
    except IsraError as error:
        await _tell(f"**{plain(error.what)}** {plain(error.do)}".strip())
    except Exception as error:
        # The chat's border: logged, told, never shown.
        log.exception("chat handler failed", error=type(error).__name__)
        await _tell("**Something went wrong on our side.** Try again; the log has the details.")


async def _tell(text: str) -> None:
    message = cl.Message(text)
    message.is_error = True
    await message.send()
