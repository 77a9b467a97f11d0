"""A client library's exception in words a user can act on.

The exception's own text is never used: it may hold the prompt, the key or an address.
"""

from agent.limits import LONGEST_WAIT, is_exhausted, retry_after, status_of
from agent.models.outcome import Unanswered, lacking
from agent.models.spec import ModelSpec

_KEYS = {
    "gemini": "ISRA_GEMINI_API_KEY",
    "bedrock": "your AWS credentials (ISRA_BEDROCK_PROFILE) and the model's access",
    "openai": "ISRA_OPENAI_API_KEY",
    "ollama": "the server's own access rules",
}
_PAUSE_SECONDS = 60.0
"""Pause where a provider says "too many calls" and not for how long."""
_NO_ACCESS = {"NoCredentialsError", "CredentialRetrievalError"}
_TIMED_OUT = {"TimeoutError", "TimeoutException", "ReadTimeoutError", "ConnectTimeoutError"}
_LATE = (408, 504)
"""HTTP statuses of a provider that gave up waiting itself."""
_BROKEN_OFF = {"EventStreamError", "ClientPayloadError", "RemoteProtocolError"}
_UNREACHABLE = {"ConnectionError", "TransportError", "APIConnectionError", "HTTPClientError"}


def describe(error: BaseException, spec: ModelSpec, timeout_seconds: float) -> Unanswered:
    """What went wrong, without a word of what was sent or received."""
    kinds = {kind.__name__ for link in _links(error) for kind in type(link).__mro__}
    if "LengthFinishReasonError" in kinds:
        return lacking("truncated")
    if "ContentFilterFinishReasonError" in kinds:
        return lacking("blocked")
    if "OpenAIRefusalError" in kinds:
        return lacking("refused")
    what, do = _words(error, kinds, spec, timeout_seconds)
    late = bool(kinds & _TIMED_OUT) or status_of(error) in _LATE
    return Unanswered("failed", what, do, pause_seconds=_pause(error), timed_out=late)


def _pause(error: BaseException) -> float | None:
    """Seconds until the provider takes calls again, where it takes too many just now."""
    told = retry_after(error)
    if status_of(error) != 429 or is_exhausted(error):
        return told if told and told > LONGEST_WAIT else None
    return told or _PAUSE_SECONDS


def _words(
    error: BaseException, kinds: set[str], spec: ModelSpec, timeout_seconds: float
) -> tuple[str, str]:
    """The first row that fits, its most particular cause first."""
    status = status_of(error) or 0
    http = f" (HTTP {status})" if status else ""
    pause = retry_after(error) or 0
    later = "Try again later"
    rows = (
        (
            "ContextOverflowError" in kinds,
            f"The prompt is longer than {spec} accepts.",
            "Use a model with a larger window.",
        ),
        (
            status in (401, 403) or kinds & _NO_ACCESS,
            f"{spec} refused the access{http}.",
            f"Check {_KEYS[spec.provider]}.",
        ),
        (status == 404, f"{spec} is not known there{http}.", "Check the name in ISRA_MODEL."),
        (pause > LONGEST_WAIT, f"{spec} takes no calls for {pause:.0f} s{http}.", f"{later}."),
        (
            status == 429,
            f"{spec} takes no more calls just now{http}.",
            f"{later}, or set ISRA_MODEL_RPM to what your contract allows.",
        ),
        (status >= 500, f"{spec} is failing{http}.", f"{later}."),
        (status, f"{spec} rejected the request{http}.", "Try another model."),
        (
            kinds & _TIMED_OUT,
            f"{spec} did not answer within {timeout_seconds:g} s.",
            f"{later}, or raise ISRA_MODEL_TIMEOUT.",
        ),
        (kinds & _BROKEN_OFF, f"The reply of {spec} broke off in the middle.", f"{later}."),
        (
            kinds & _UNREACHABLE,
            f"{spec} could not be reached.",
            "Check the network and ISRA_MODEL_BASE_URL.",
        ),
    )
    otherwise = (f"The call to {spec} failed ({type(error).__name__}).", "")
    return next(((what, do) for fits, what, do in rows if fits), otherwise)


def _links(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links
