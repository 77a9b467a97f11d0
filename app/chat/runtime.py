"""What the server's lifespan opened, for handlers that Chainlit calls without arguments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.memory.audit import AuditLog
from agent.settings import Settings
from agent.tracing_feedback import FeedbackSender
from app.auth.limits import RateLimits
from app.auth.modes import SignIn
from app.chat.data_layer import ChatDataLayer
from app.chat.turns import TurnStore

if TYPE_CHECKING:
    from graph.runner import Research


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts of a running server the chat works with."""

    settings: Settings
    sign_in: SignIn
    limits: RateLimits
    research: "Research"
    data_layer: ChatDataLayer
    turns: TurnStore
    feedback: FeedbackSender | None = None
    """Sends thumbs to LangSmith, where a key is set."""


class _Holder:
    runtime: Runtime | None = None


def set_runtime(runtime: Runtime | None) -> None:
    """Called by the lifespan when the server starts and when it ends."""
    _Holder.runtime = runtime


def get_runtime() -> Runtime:
    """The running server's parts."""
    if _Holder.runtime is None:
        raise RuntimeError("The server is not running; its lifespan opens the research.")
    return _Holder.runtime


def get_research() -> "Research":
    """The research of this process."""
    return get_runtime().research


def get_data_layer() -> ChatDataLayer:
    """The chat's memory."""
    return get_runtime().data_layer


def get_audit() -> AuditLog:
    """The log of sign-ins, exports and deletions."""
    return AuditLog(get_runtime().data_layer.engine)


def get_turns() -> TurnStore:
    """Which run step was about which analysis."""
    return get_runtime().turns
