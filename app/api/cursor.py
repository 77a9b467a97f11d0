"""Where a list goes on: the place of its last row, as text that callers only hand back."""

import base64
import binascii
import json

from agent.errors import InputError
from graph.analyses import Place


def to_cursor(place: Place) -> str:
    """The cursor behind a row."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> Place:
    """The row a cursor stands behind. Raises InputError for what is no cursor of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        created_at, analysis_id = json.loads(base64.b64decode(padded, altchars="-_", validate=True))
    except (binascii.Error, ValueError, TypeError):
        created_at = analysis_id = None
    if not isinstance(created_at, str) or not isinstance(analysis_id, str):
        raise InputError("This is no cursor of this list.", "Use next_cursor as it was given.")
    if "\x00" in created_at + analysis_id:
        raise InputError("This is no cursor of this list.", "Use next_cursor as it was given.")
    return created_at, analysis_id
