"""The provider over a company's own site: its report page, the pages behind it, its sitemap."""

import asyncio
import heapq
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from agent.domain import Company
from tools.search.provider import Hit, SearchOutcome
from tools.search.rank import THRESHOLD, rank
from tools.search.words import plain, ranking_words
from tools.web.client import Page, WebClient
from tools.web.domains import on_domains
from tools.web.errors import WebError
from tools.web.links import Link, page_links, page_title
from tools.web.sitemap import read_sitemap

_SURE = THRESHOLD + 25
_AWAY = frozenset({"unreachable", "timeout", "refused_address"})


@dataclass(frozen=True)
class SiteLimits:
    """How far a company's site is looked through."""

    depth: int = 2
    pages: int = 14
    sitemaps: int = 5
    sitemap_pages: int = 5
    seconds: float = 75.0


DEFAULT_SITE_LIMITS = SiteLimits()


@dataclass
class _Walk:
    """One walk through a site."""

    company: Company
    year: int | None
    hits: list[Hit] = field(default_factory=list)
    failures: list[WebError] = field(default_factory=list)
    outside: str = ""
    answered: bool = False
    visited: set[str] = field(default_factory=set)
    read: int = 0
    queue: list[tuple[float, int, str, int, str]] = field(default_factory=list)
    count: "itertools.count[int]" = field(default_factory=itertools.count)

    def push(self, url: str, depth: int, title: str, worth: float) -> None:
        """Put a page on the list, the most promising first."""
        if _key(url) not in self.visited:
            heapq.heappush(self.queue, (-worth + depth, next(self.count), url, depth, title))

    def away(self) -> bool:
        """Whether no server answers at all, so that there is nobody to ask for a sitemap."""
        return not self.answered and all(error.code in _AWAY for error in self.failures)

    def sure(self) -> bool:
        """Whether what was found leaves no doubt: a full report of the year wanted."""
        this_year = datetime.now(UTC).year
        best = rank(self.hits, self.company, self.year, this_year)[:1]
        wanted = {self.year} if self.year else {this_year, this_year - 1}
        return any(choice.score >= _SURE and choice.year in wanted for choice in best)


class CompanySite:
    """Follows links from a company's report page (or its home page) on its own domains only."""

    name = "directory"

    def __init__(self, client: WebClient, limits: SiteLimits = DEFAULT_SITE_LIMITS) -> None:
        self._client = client
        self._limits = limits

    async def candidates(self, company: Company, year: int | None) -> SearchOutcome:
        """PDFs that the company's own pages link to."""
        if not company.domains:
            return SearchOutcome("nothing", reason="no web address of it is in the directory")
        walk = _Walk(company, year)
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._walk(walk, self._starts(company))
                if not (walk.sure() or walk.away()):
                    await self._sitemaps(walk)
        except TimeoutError:
            walk.failures.append(WebError("The site is too slow.", code="timeout"))
        return _outcome(walk)

    async def from_pages(
        self, company: Company, year: int | None, pages: Sequence[str]
    ) -> tuple[Hit, ...]:
        """PDFs behind pages of the company's own site that another provider found."""
        walk = _Walk(company, year)
        own = [page for page in pages if on_domains(page, company.domains)]
        try:
            async with asyncio.timeout(self._limits.seconds):
                for page in own:
                    walk.push(page, self._limits.depth - 1, "", 0)
                await self._drain(walk, self._limits.pages)
        except TimeoutError:
            return tuple(walk.hits)
        return tuple(walk.hits)

    def _starts(self, company: Company) -> list[str]:
        homes = [f"https://www.{company.domains[0]}/", f"https://{company.domains[0]}/"]
        return [company.report_page, *homes] if company.report_page else homes

    async def _walk(self, walk: _Walk, starts: list[str]) -> None:
        """From the first start that answers to the pages behind it."""
        for start in starts:
            page = await self._page(walk, start)
            if page is None:
                continue
            await self._take(walk, page, 0)
            await self._drain(walk, self._limits.pages)
            if walk.sure() or start != starts[0] or not walk.company.report_page:
                return

    async def _drain(self, walk: _Walk, most: int) -> None:
        while walk.queue and walk.read < most and not walk.sure():
            _, _, url, depth, title = heapq.heappop(walk.queue)
            page = await self._page(walk, url)
            if page is not None and page.pdf:
                walk.hits.append(Hit(page.url, title, self.name, linked_from=url, pdf=True))
            elif page is not None:
                await self._take(walk, page, depth, title)

    async def _page(self, walk: _Walk, url: str) -> Page | None:
        """A page of the company's own site; nothing where it cannot be had."""
        if _key(url) in walk.visited:
            return None
        walk.visited.add(_key(url))
        walk.read += 1
        try:
            page = await self._client.page(url)
        except WebError as error:
            walk.failures.append(error)
            return None
        walk.answered = True
        walk.visited.add(_key(page.url))
        if not page.pdf and not on_domains(page.url, walk.company.domains):
            walk.outside = urlsplit(page.url).hostname or ""
            return None
        return page

    async def _take(self, walk: _Walk, page: Page, depth: int, title: str = "") -> None:
        """Note a page's PDFs and put its promising links on the list."""
        heading, links = await asyncio.to_thread(_links, page)
        heading = heading or title
        for link in links:
            if link.is_pdf:
                walk.hits.append(
                    Hit(link.url, _title(link, heading), self.name, page.url, pdf=True)
                )
            elif depth < self._limits.depth and on_domains(link.url, walk.company.domains):
                worth = _worth(link)
                if worth > 0:
                    walk.push(link.url, depth + 1, link.title or heading, worth)

    async def _sitemaps(self, walk: _Walk) -> None:
        """PDFs and promising pages that the site lists of itself."""
        home = f"https://www.{walk.company.domains[0]}/"
        try:
            named = await self._client.sitemaps(home)
        except WebError:
            return
        maps, pages, read = list(named) or [f"{home}sitemap.xml"], list[str](), 0
        while maps and read < self._limits.sitemaps:
            maps.sort(key=lambda url: -_worth(Link(url, "")))
            url = maps.pop(0)
            read += 1
            if not on_domains(url, walk.company.domains):
                continue
            try:
                page = await self._client.page(url)
            except WebError:
                continue
            found = await asyncio.to_thread(read_sitemap, page.text)
            maps += found.further
            pages += (url for url in found.pages if on_domains(url, walk.company.domains))
        await self._listed(walk, pages)

    async def _listed(self, walk: _Walk, urls: Iterable[str]) -> None:
        links = [Link(url, "") for url in dict.fromkeys(urls)]
        walk.hits += [Hit(link.url, "", self.name, pdf=True) for link in links if link.is_pdf]
        pages = sorted((link for link in links if not link.is_pdf), key=lambda link: -_worth(link))
        walk.queue.clear()
        for link in pages[: self._limits.sitemap_pages]:
            if _worth(link) > 0:
                walk.push(link.url, self._limits.depth - 1, "", _worth(link))
        await self._drain(walk, walk.read + self._limits.sitemap_pages)


def _links(page: Page) -> tuple[str, tuple[Link, ...]]:
    return page_title(page.text), page_links(page.text, page.url)


def _title(link: Link, heading: str) -> str:
    """The words of a link; the page's own title where the link has none."""
    return link.title or heading


def _worth(link: Link) -> float:
    """How promising a page is by the words of its link and address; 0 is not worth a look."""
    patterns = ranking_words().pages
    path = plain(unquote(urlsplit(link.url).path))
    text = plain(link.title)
    places = [at for at, word in enumerate(patterns) if word.search(text) or word.search(path)]
    return float(len(patterns) - places[0] + len(places)) if places else 0.0


def _key(url: str) -> str:
    """An address as it is remembered: without scheme and closing slash."""
    return url.partition("://")[2].rstrip("/")


def _outcome(walk: _Walk) -> SearchOutcome:
    if walk.hits:
        return SearchOutcome("found", hits=tuple(walk.hits))
    if walk.failures and not walk.answered:
        return SearchOutcome("failed", reason=str(walk.failures[0]))
    if walk.outside:
        reason = f"its site leads on to {walk.outside}, which is not listed as its own"
        return SearchOutcome("nothing", reason=reason)
    return SearchOutcome("nothing", reason=f"no PDF is linked on {walk.company.domains[0]}")
