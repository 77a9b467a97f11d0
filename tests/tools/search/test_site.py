"""Looking through companies' own sites, and how it ends where there is nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.domain import Company
from tests.fakes.internet import Internet, Reply, Site, html, open_internet, pdf
from tests.fakes.internet.world import LAST, company, link
from tools.search.finder import Findings, ReportFinder
from tools.search.held import HeldReports
from tools.search.site import DEFAULT_SITE_LIMITS, CompanySite, SiteLimits
from tools.web.client import WebClient, WebLimits

REPORT = f"Sustainability Report {LAST}"


@pytest.fixture
async def net() -> AsyncIterator[Internet]:
    async with open_internet() as opened:
        yield opened


@pytest.fixture
async def client(net: Internet) -> AsyncIterator[WebClient]:
    made = WebClient(net.network(), WebLimits(pause=0))
    yield made
    await made.aclose()


async def look(
    client: WebClient, asked: Company, limits: SiteLimits = DEFAULT_SITE_LIMITS
) -> Findings:
    site = CompanySite(client, limits)
    finder = ReportFinder(("library", "directory"), [site], site=site)
    return await finder.find(asked, None, HeldReports([]))


def urls(findings: Findings) -> list[str]:
    return [choice.url for choice in findings.choices]


async def test_links_are_followed_two_pages_deep_and_no_further(
    net: Internet, client: WebClient
) -> None:
    pages = {
        "/": html(link("/1", "Reports")),
        "/1": html(link("/2", "Reports")),
        "/2": html(link("/3", "Reports") + link("/two.pdf", REPORT)),
        "/3": html(link("/three.pdf", REPORT)),
    }
    site = net.site("www.deep.com", pages)
    findings = await look(client, company("Deep", "deep.com"))
    assert urls(findings) == ["https://www.deep.com/two.pdf"]
    assert "/3" not in site.paths()


async def test_other_sites_are_never_looked_through(net: Internet, client: WebClient) -> None:
    other = net.site("www.other.com", {"/reports": html(link("/r.pdf", REPORT))})
    net.site("www.own.com", {"/": html(link("https://www.other.com/reports", "Reports"))})
    assert urls(await look(client, company("Own", "own.com"))) == []
    assert other.asked == []


async def test_a_site_that_leads_to_another_name_is_not_followed_and_says_so(
    net: Internet, client: WebClient
) -> None:
    net.site("www.parked.com", {"/": html(link("/r.pdf", REPORT))})
    moved = Reply(status=301, headers={"Location": "https://www.parked.com/"})
    net.site("www.moved.com", {"/": moved}, "moved.com")
    findings = await look(client, company("Moved", "moved.com"))
    assert findings.choices == ()
    assert "leads on to www.parked.com" in findings.notes[0]


async def test_a_large_site_is_looked_at_in_part_only(net: Internet, client: WebClient) -> None:
    pages = {f"/report/{at}": html("nothing") for at in range(60)}
    home = html("".join(link(path, "Reports") for path in pages))
    site = net.site("www.large.com", {"/": home, **pages})
    await look(client, company("Large", "large.com"), SiteLimits(pages=10))
    assert len([path for path in site.paths() if path.startswith("/report/")]) <= 10 + 5


async def test_nothing_found_and_nothing_to_be_had_are_told_apart(
    net: Internet, client: WebClient
) -> None:
    net.site("www.empty.com", {"/": html("hello")})
    refusing = Site({"/": Reply(b"", 403)})
    net.site("www.refusing.com", refusing.pages, "refusing.com")
    empty = await look(client, company("Empty", "empty.com"))
    refused = await look(client, company("Refusing", "refusing.com"))
    away = await look(client, company("Away", "away.com"))
    unknown = await look(client, company("Unknown"))
    assert net.resolved.count("www.away.com") == 1, "nobody is there: nothing more is asked"
    assert "found nothing: no PDF is linked on empty.com" in empty.notes[0]
    assert "failed: The site www.refusing.com refuses automated downloads" in refused.notes[0]
    assert "failed: The site www.away.com cannot be found" in away.notes[0]
    assert "found nothing: no web address of it" in unknown.notes[0]


async def test_a_site_that_never_answers_ends_in_time(net: Internet, client: WebClient) -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(20)

    net.site("www.silent.com", {"/": Reply(raw=silent)}, "silent.com")
    findings = await look(client, company("Silent", "silent.com"), SiteLimits(seconds=1))
    assert "failed: The site is too slow" in findings.notes[0]


async def test_a_fictional_company_is_not_looked_for(net: Internet, client: WebClient) -> None:
    net.site("www.tale.com", {"/": html(link("/r.pdf", REPORT)), "/r.pdf": pdf(b"%PDF-")})
    tale = company("Tale", "tale.com").model_copy(update={"fictional": True})
    assert (await look(client, tale)).choices == ()
    assert net.resolved == []
