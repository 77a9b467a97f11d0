"""The elements the chat sends, with ids that make every re-send an update.

Chainlit writes a file for each version of an element that has no address of its own; ours
carry their state in their properties, so they get an address that is never fetched.
"""

from datetime import datetime, timedelta
from typing import Any

import chainlit as cl

from agent.memory.database import iso_utc
from app.chat.identity import stable_id

_NO_FILE = "about:blank"


def card(name: str, analysis_id: str, role: str, props: dict[str, Any]) -> cl.CustomElement:
    """One of our JSX elements (public/elements/<name>.jsx), bound to an analysis and a role."""
    return cl.CustomElement(
        id=stable_id(analysis_id, role), name=name, props=props, url=_NO_FILE, display="inline"
    )


def just_after(at: str, moments: int = 1) -> str:
    """A moment later: a stored thread is read by time, and a run must come before its parts."""
    return iso_utc(datetime.fromisoformat(at) + timedelta(milliseconds=moments))


async def say(
    role: str,
    analysis_id: str,
    content: str,
    *,
    at: str | None = None,
    parent_id: str | None = None,
    elements: list[cl.CustomElement] | None = None,
    is_error: bool = False,
) -> cl.Message:
    """Send or re-send the message of a role; the same id, time and place in the thread."""
    message = cl.Message(
        content, id=stable_id(analysis_id, role), created_at=at, elements=list(elements or ())
    )
    # Chainlit hangs a message under the step that happens to run; a re-send must not move it.
    message.parent_id = parent_id
    message.is_error = is_error
    await message.send()
    return message
