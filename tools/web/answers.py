"""What an address must be like, and what the answer of a site means."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore2
import httpx2

from tools.web.errors import WebError, status_error

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GOOD = frozenset({200, 206, 304})
_CHUNK = 64 * 1024
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


def checked(url: str | httpx2.URL) -> httpx2.URL:
    """An address that may be fetched, without its fragment. Raises WebError."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError, TypeError) as error:
        raise WebError("This is no web address that can be read.", code="bad_address") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise WebError("Only http and https addresses are fetched.", code="bad_address")
    if parsed.userinfo:
        raise WebError("An address with a user name in it is not fetched.", code="bad_address")
    return parsed.copy_with(fragment=None)


def origin(url: httpx2.URL) -> str:
    """Scheme, host and port of an address."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def redirected(response: httpx2.Response, url: httpx2.URL) -> httpx2.URL | None:
    """Where the answer sends on to, checked like any address. Raises WebError."""
    if response.status_code not in _REDIRECTS:
        return None
    location = response.headers.get("location", "")
    try:
        onward = url.join(location)
    except (httpx2.InvalidURL, ValueError) as error:
        raise WebError(f"{url.host} redirects to no address.", code="redirects") from error
    if not location:
        raise WebError(f"{url.host} redirects to no address.", code="redirects")
    return checked(onward)


def check_answer(response: httpx2.Response) -> None:
    """Raise WebError for an answer whose body is of no use."""
    host = response.url.host
    if response.status_code not in _GOOD:
        raise status_error(response.status_code, host, retry_after(response))
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise WebError(
            f"{host} sends the file packed ({encoding}) although it was asked not to.",
            code="encoded",
        )


def retry_after(response: httpx2.Response) -> float | None:
    """Seconds the site asks to wait, from a number or a date."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


async def read(response: httpx2.Response, most: int) -> bytes:
    """The body, at most `most` bytes. Raises WebError."""
    body = bytearray()
    async for part in response.aiter_raw(_CHUNK):
        body += part
        if len(body) > most:
            raise too_large(response.url.host, most)
    return bytes(body)


def too_large(host: str, most: int) -> WebError:
    """The error for a page or file above its cap."""
    return WebError(f"What {host} sends is larger than {most // 2**20} MB.", code="too_large")


def text(body: bytes, content_type: str) -> str:
    """A body as text, in the character set it names."""
    named = _CHARSET.search(content_type) or _CHARSET.search(body[:2048].decode("ascii", "ignore"))
    try:
        return body.decode(named.group(1) if named else "utf-8", errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


@asynccontextmanager
async def deadline(seconds: float, host: str) -> AsyncIterator[None]:
    """Give up after so many seconds, whatever keeps the other side. Raises WebError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise _slow(host) from error


@contextmanager
def as_web_errors(host: str) -> Iterator[None]:
    """Turn the library's errors into words."""
    try:
        yield
    except (httpcore2.TimeoutException, httpx2.TimeoutException) as error:
        raise _slow(host) from error
    except (httpcore2.ConnectError, httpx2.ConnectError) as error:
        raise _no_connection(host, error) from error
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.UnsupportedProtocol,
        httpx2.HTTPError,
        httpx2.InvalidURL,
    ) as error:
        raise WebError(
            f"{host} broke off the connection.",
            "Try again later, or upload the PDF.",
            code="truncated",
            retryable=True,
        ) from error


def _slow(host: str) -> WebError:
    return WebError(
        f"{host} did not answer in time.",
        "Try again later, or upload the PDF.",
        code="timeout",
        retryable=True,
    )


def _no_connection(host: str, error: Exception) -> WebError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError) or "CERTIFICATE" in str(cause).upper():
            return WebError(
                f"The certificate of {host} cannot be trusted.",
                "Upload the PDF, or set ISRA_CA_FILE where your network has its own.",
                code="tls",
            )
        cause = cause.__cause__
    return WebError(
        f"{host} cannot be reached.",
        "Check the network, or upload the PDF.",
        code="unreachable",
    )
