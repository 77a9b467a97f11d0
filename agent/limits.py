"""How fast and how often models are called: gates, rate, retries, and what is worth a retry."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiolimiter import AsyncLimiter
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
)
from tenacity.wait import wait_base, wait_random_exponential

LONGEST_WAIT = 60.0
"""Seconds; a provider that asks for a longer pause is treated as not answering."""

_TRANSIENT_STATUS = {408, 424, 425, 429}
# AWS names its errors; those inside an event stream carry no HTTP status at all.
_TRANSIENT_CODES = {
    "internalserverexception",
    "modelerrorexception",
    "modelnotreadyexception",
    "modelstreamerrorexception",
    "modeltimeoutexception",
    "serviceunavailableexception",
    "throttlingexception",
}
# Answered with 429 too, but no pause helps.
_PERMANENT_CODES = {"insufficient_quota", "billing_hard_limit_reached"}
_TRANSIENT_TYPES = {
    "APIConnectionError",
    "APITimeoutError",
    "ClientConnectionError",
    "ClientPayloadError",
    "ConnectionError",
    "HTTPClientError",
    "TimeoutError",
    "TimeoutException",
    "TransportError",
}
_RETRY_DELAY = re.compile(r"^([0-9.]+)s$")


class Gate:
    """The turnstile of one provider: calls at once, calls a minute, and pauses it asked for."""

    def __init__(self, concurrency: int, calls_per_minute: int | None = None) -> None:
        self._places = asyncio.Semaphore(concurrency)
        self._rate = AsyncLimiter(calls_per_minute, 60) if calls_per_minute else None
        self._closed_until = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place, then hold it. Deadlines belong inside, so that waiting is free."""
        async with self._places:
            if self._rate is not None:
                await self._rate.acquire()
            await asyncio.sleep(self._closed_until - asyncio.get_running_loop().time())
            yield

    def pause(self, seconds: float) -> None:
        """Let nobody in for that long: the provider said it is busy, to one call for all."""
        until = asyncio.get_running_loop().time() + seconds
        self._closed_until = max(self._closed_until, until)


class Gates:
    """The gates of all providers. Make one for the process and give it to every gateway."""

    def __init__(self, concurrency: int, calls_per_minute: int | None = None) -> None:
        self._concurrency = concurrency
        self._calls_per_minute = calls_per_minute
        self._gates: dict[str, Gate] = {}

    def of(self, provider: str) -> Gate:
        """The provider's one gate."""
        if provider not in self._gates:
            self._gates[provider] = Gate(self._concurrency, self._calls_per_minute)
        return self._gates[provider]


def retrying(attempts: int, patience_seconds: float) -> AsyncRetrying:
    """Tries again what may pass, waiting as long as the provider asks, else ever longer.

    No new attempt starts after `patience_seconds`, waits included. The last error is raised.
    """
    return AsyncRetrying(
        retry=retry_if_exception(is_transient),
        stop=stop_after_attempt(attempts) | stop_after_delay(patience_seconds),
        wait=_WaitAsTold(),
        reraise=True,
    )


class _WaitAsTold(wait_base):
    _otherwise = wait_random_exponential(multiplier=0.5, max=20)

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        told = retry_after(error) if error else None
        return self._otherwise(retry_state) if told is None else told


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed later: busy, failing or unreachable, never refused."""
    if (retry_after(error) or 0) > LONGEST_WAIT:
        return False
    for link in _chain(error):
        if error_code(link) in _PERMANENT_CODES:
            return False
        status = http_status(link)
        if status is not None:
            return status in _TRANSIENT_STATUS or status >= 500
        if error_code(link) in _TRANSIENT_CODES:
            return True
        if any(kind.__name__ in _TRANSIENT_TYPES for kind in type(link).__mro__):
            return True
    return False


def is_exhausted(error: BaseException) -> bool:
    """Whether a quota is used up for good, so that no pause helps."""
    return any(error_code(link) in _PERMANENT_CODES for link in _chain(error))


def http_status(error: BaseException) -> int | None:
    """The HTTP status a client library's exception carries, where it carries one."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        found = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return found if isinstance(found, int) else None
    places = ((response, "status_code"), (error, "status_code"), (error, "status"), (error, "code"))
    for holder, name in places:
        found = getattr(holder, name, None)
        if isinstance(found, int) and found >= 300:
            return found
    return None


def error_code(error: BaseException) -> str | None:
    """The provider's own name for the error, in lower case, where the exception carries one."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        code = response.get("Error", {}).get("Code")
    else:
        code = getattr(error, "code", None)
    return code.lower() if isinstance(code, str) else None


def status_of(error: BaseException) -> int | None:
    """The first HTTP status along the chain of causes."""
    return next((s for link in _chain(error) if (s := http_status(link)) is not None), None)


def retry_after(error: BaseException) -> float | None:
    """Seconds the provider asks to wait, from its header or its error details."""
    for link in _chain(error):
        header = _header(link, "retry-after")
        if header is not None:
            return _seconds(header)
        for detail in _details(link):
            if told := _RETRY_DELAY.match(str(detail.get("retryDelay", ""))):
                return float(told.group(1))
    return None


def _header(error: BaseException, name: str) -> str | None:
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    else:
        headers = getattr(response, "headers", None) or {}
    value = headers.get(name) if hasattr(headers, "get") else None
    return value if isinstance(value, str) else None


def _details(error: BaseException) -> Iterator[dict[str, Any]]:
    body = getattr(error, "details", None)
    content = body.get("error", body) if isinstance(body, dict) else {}
    details = content.get("details") if isinstance(content, dict) else None
    yield from (d for d in details or [] if isinstance(d, dict))


def _seconds(header: str) -> float | None:
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__
