"""The guarded web client: every page and file of the open web comes through it.

It fetches only public addresses on ports 80 and 443, checks every redirect again, knows no
proxy and no password, keeps to robots.txt, and gives up on what is too large or too slow.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
import tenacity

from tools.web.answers import (
    as_web_errors,
    check_answer,
    checked,
    deadline,
    origin,
    read,
    redirected,
    retry_after,
    text,
)
from tools.web.errors import WebError, status_error
from tools.web.network import GuardedTransport, Network
from tools.web.politeness import Robots, Turns

AGENT = "IndustrySustainabilityResearchAgent"
_MAGIC_WINDOW = 1024
_ROBOTS_BYTES = 2**19


@dataclass(frozen=True)
class WebLimits:
    """Caps of the client, in seconds and bytes."""

    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    page_seconds: float = 30.0
    pdf_seconds: float = 120.0
    page_bytes: int = 5 * 2**20
    pdf_bytes: int = 150 * 2**20
    redirects: int = 5
    at_once_per_host: int = 2
    pause: float = 0.5
    longest_wait: float = 20.0
    """Longest Retry-After that is waited for."""


DEFAULT_WEB_LIMITS = WebLimits()


@dataclass(frozen=True, slots=True)
class Page:
    """A page as text; `pdf` says that the address gave a PDF, whose bytes are not taken."""

    url: str
    text: str
    pdf: bool = False


def user_agent(contact: str = "") -> str:
    """The honest name of the agent, with an address where its operator can be reached."""
    return f"{AGENT}/0.1 (+{contact})" if contact else f"{AGENT}/0.1"


class WebClient:
    """Fetches pages; `stream` is what the downloader stands on."""

    def __init__(
        self, network: Network, limits: WebLimits = DEFAULT_WEB_LIMITS, *, contact: str = ""
    ) -> None:
        self.limits = limits
        self._turns = Turns(limits.at_once_per_host, limits.pause)
        self._robots = Robots(AGENT, self._read_robots)
        self._http = httpx2.AsyncClient(
            transport=GuardedTransport(network),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx2.Timeout(limits.read_seconds, connect=limits.connect_seconds),
            headers={"User-Agent": user_agent(contact), "Accept-Encoding": "identity"},
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def page(self, url: str) -> Page:
        """A page of the web as text; a busy site is waited for. Raises WebError."""
        page: Page = await patient(self.limits.longest_wait)(self._page, url)
        return page

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that a site names in its robots.txt. Raises WebError."""
        rules = await self._robots.of(origin(checked(url)))
        return tuple(rules.sitemaps)

    @asynccontextmanager
    async def stream(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[httpx2.Response]:
        """The answer behind all redirects, its body still to be read.

        Its status is 200, 206 or 304. Raises WebError.
        """
        target = checked(url)
        for _ in range(self.limits.redirects + 1):
            delay = await self._robots.check(origin(target), str(target))
            async with self._turns.turn(target.host, delay):
                with as_web_errors(target.host):
                    request = self._http.build_request("GET", target, headers=dict(headers or {}))
                    response = await self._http.send(request, stream=True)
                    try:
                        onward = redirected(response, target)
                        if onward is None:
                            check_answer(response)
                            yield response
                            return
                    finally:
                        await response.aclose()
            target = onward
        raise WebError(f"{target.host} redirects in circles.", code="redirects")

    async def _page(self, url: str) -> Page:
        host = checked(url).host
        accept = {"Accept": "text/html,application/xml;q=0.9,application/pdf;q=0.5"}
        async with deadline(self.limits.page_seconds, host), self.stream(url, accept) as response:
            where, kind = str(response.url), response.headers.get("content-type", "")
            if kind.partition(";")[0].strip().lower() == "application/pdf":
                return Page(where, "", pdf=True)
            body = await read(response, self.limits.page_bytes)
        if b"%PDF-" in body[:_MAGIC_WINDOW]:
            return Page(where, "", pdf=True)
        if b"\0" in body[:_MAGIC_WINDOW]:
            raise WebError(f"What {host} sends is no page.", code="not_page")
        return Page(where, text(body, kind))

    async def _read_robots(self, site: str) -> str | None:
        """robots.txt of a site, None where it has none (RFC 9309). Raises WebError."""
        target = checked(f"{site}/robots.txt")
        async with deadline(self.limits.page_seconds, target.host):
            for _ in range(self.limits.redirects + 1):
                with as_web_errors(target.host):
                    request = self._http.build_request("GET", target)
                    response = await self._http.send(request, stream=True)
                    try:
                        onward = redirected(response, target)
                        if onward is None:
                            return await _rules(response)
                    finally:
                        await response.aclose()
                target = onward
        return None


async def _rules(response: httpx2.Response) -> str | None:
    """The rules of an answer; a site that cannot tell them is closed for now."""
    status = response.status_code
    if status == 429 or status >= 500:
        raise status_error(status, response.url.host, retry_after(response))
    if status != 200 or response.headers.get("content-encoding", "identity") != "identity":
        return None
    return text(await read(response, _ROBOTS_BYTES), "text/plain; charset=utf-8")


def patient(longest: float) -> tenacity.AsyncRetrying:
    """Tries again where a connection broke, or where a busy site says how long to wait.

    A longer pause than `longest` seconds is not waited for.
    """

    def seconds(error: BaseException | None) -> float | None:
        """How long to wait before the next attempt; None where there is none."""
        if not isinstance(error, WebError):
            return None
        return 0.0 if error.code == "truncated" else error.retry_after

    def wait(state: tenacity.RetryCallState) -> float:
        return seconds(state.outcome.exception() if state.outcome else None) or 0.0

    def worth_waiting(error: BaseException) -> bool:
        asked = seconds(error)
        return asked is not None and asked <= longest

    return tenacity.AsyncRetrying(
        stop=tenacity.stop_after_attempt(3),
        wait=wait,
        retry=tenacity.retry_if_exception(worth_waiting),
        reraise=True,
    )
