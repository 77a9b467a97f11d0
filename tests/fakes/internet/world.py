"""Fourteen invented companies, their sites, and what lies in the way to the right report."""

import asyncio
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from agent.domain import Company
from tests.fakes.internet.net import Internet
from tests.fakes.internet.pdfs import report
from tests.fakes.internet.site import Reply, Request, html, pdf

THIS_YEAR = datetime.now(UTC).year
LAST = THIS_YEAR - 1
"""The fiscal year that is over, whose report every company has published."""


@dataclass(frozen=True)
class Expected:
    """A company, the address its report is to come from, and addresses never to be fetched."""

    company: Company
    url: str
    avoid: tuple[str, ...] = ()


def company(name: str, domain: str = "", page: str = "") -> Company:
    key = name.lower()
    domains = (domain,) if domain else ()
    return Company(id=key, name=name, domains=domains, report_page=page)


def link(href: str, text: str) -> str:
    """A link of a page."""
    return f'<a href="{href}">{text}</a>'


def build_world(net: Internet) -> list[Expected]:
    """Put every site on the net and say what is to be found there."""
    builders = (
        _plain_list,
        _two_pages_deep,
        _viewer,
        _download_handler,
        _sitemap_only,
        _cdn,
        _script,
        _parts_and_news,
        _wrong_company_first,
        _bomb_first,
        _liar_first,
        _endless_first,
        _busy,
        _broken_off,
        _closed_by_robots,
        _inside_first,
        _second_level_domain,
    )
    return [build(net) for build in builders]


def _plain_list(net: Internet) -> Expected:
    """A report page with the reports of three years."""
    items = "".join(
        f'<li><a href="/files/sustainability-report-{year}.pdf">Sustainability Report {year}</a>'
        for year in (LAST - 2, LAST, LAST - 1)
    )
    files = {
        f"/files/sustainability-report-{year}.pdf": pdf(report("Alderquist", year))
        for year in (LAST, LAST - 1, LAST - 2)
    }
    site = {"/reports": html(f"<ul>{items}</ul>", "Reports"), **files}
    net.site("www.alderquist.com", site, "alderquist.com")
    return Expected(
        company("Alderquist", "alderquist.com", "https://www.alderquist.com/reports"),
        f"https://www.alderquist.com/files/sustainability-report-{LAST}.pdf",
        (f"/files/sustainability-report-{LAST - 1}.pdf",),
    )


def _two_pages_deep(net: Internet) -> Expected:
    """Home, sustainability, reports; the upload folders tell the wrong years."""
    old, new = f"/uploads/{LAST + 1}-03/esg_old.pdf", "/uploads/2011-01/esg_current.pdf"
    pages = {
        "/": html('<a href="/career">Jobs</a> <a href="/sustainability">Sustainability</a>'),
        "/career": html("Work with us"),
        "/sustainability": html('<a href="/sustainability/reporting">Our reporting</a>'),
        "/sustainability/reporting": html(
            f'<div class=card><h3>ESG Report {LAST - 1}</h3><a href="{old}">Download</a></div>'
            f'<div class=card><h3>ESG Report {LAST}</h3><a href="{new}">Download (PDF)</a></div>'
        ),
        old: pdf(report("Brunnwald", LAST - 1, "ESG Report {year}")),
        new: pdf(report("Brunnwald", LAST, "ESG Report {year}")),
    }
    net.site("www.brunnwald.de", pages, "brunnwald.de")
    return Expected(company("Brunnwald", "brunnwald.de"), f"https://www.brunnwald.de{new}", (old,))


def _viewer(net: Internet) -> Expected:
    """A JavaScript viewer that is given the file in its address."""
    file = f"/media/csr-report-{LAST}.pdf"
    shown = f"/viewer/web/viewer.html?file=%2Fmedia%2Fcsr-report-{LAST}.pdf"
    page = link(shown, f"CSR Report {LAST}")
    pages = {"/csr": html(page), file: pdf(report("Corvessa", LAST))}
    net.site("www.corvessa.com", pages)
    return Expected(
        company("Corvessa", "corvessa.com", "https://www.corvessa.com/csr"),
        f"https://www.corvessa.com{file}",
    )


def _download_handler(net: Internet) -> Expected:
    """A link without .pdf that redirects to the file."""
    file = f"/store/9f3/{LAST}.bin"
    pages = {
        "/": html(f'<a href="/download?id=77">Sustainability report {LAST}</a>'),
        "/download": Reply(status=302, headers={"Location": file}),
        file: pdf(
            report("Dunmarra", LAST),
            Content_Disposition=f'attachment; filename="dunmarra-{LAST}.pdf"',
        ),
    }
    net.site("www.dunmarra.com", pages)
    return Expected(company("Dunmarra", "dunmarra.com"), f"https://www.dunmarra.com{file}")


def _sitemap_only(net: Internet) -> Expected:
    """A site drawn by a script: only its sitemap names the report."""
    host = "https://www.eskerfold.com"
    file = f"/content/dam/sustainability-report-{LAST}.pdf"
    locs = "".join(
        f"<url><loc>{host}{path}</loc></url>"
        for path in ("/", "/products", file, f"/content/dam/sustainability-report-{LAST - 1}.pdf")
    )
    index = f"<sitemapindex><sitemap><loc>{host}/map-1.xml</loc></sitemap></sitemapindex>"
    pages = {
        "/": html('<div id="root"></div><script src="/app.js"></script>'),
        "/robots.txt": Reply(f"User-agent: *\nAllow: /\nSitemap: {host}/maps.xml".encode()),
        "/maps.xml": Reply(index.encode(), headers={"Content-Type": "application/xml"}),
        "/map-1.xml": Reply(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>'.encode(),
            headers={"Content-Type": "application/xml"},
        ),
        file: pdf(report("Eskerfold", LAST)),
    }
    net.site("www.eskerfold.com", pages)
    return Expected(company("Eskerfold", "eskerfold.com"), f"{host}{file}")


def _cdn(net: Internet) -> Expected:
    """The report lies on a content network; the official page links to it."""
    file = f"/fenwickley/sustainability-report-{LAST}.pdf"
    net.site("cdn.contentnet.net", {file: pdf(report("Fenwickley", LAST))})
    page = f'<a href="https://cdn.contentnet.net{file}">Sustainability Report {LAST}</a>'
    net.site("www.fenwickley.com", {"/esg": html(page)})
    return Expected(
        company("Fenwickley", "fenwickley.com", "https://www.fenwickley.com/esg"),
        f"https://cdn.contentnet.net{file}",
    )


def _script(net: Internet) -> Expected:
    """Addresses escaped inside a script."""
    entries = [
        {"title": f"Sustainability Report {year}", "href": f"https://www.galdermoor.com/a/{at}.pdf"}
        for at, year in enumerate((LAST - 1, LAST))
    ]
    data = json.dumps(entries).replace("/", "\\/")
    pages = {
        "/r": html(f"<script>window.__DATA__ = {data};</script>"),
        "/a/0.pdf": pdf(report("Galdermoor", LAST - 1)),
        "/a/1.pdf": pdf(report("Galdermoor", LAST)),
    }
    net.site("www.galdermoor.com", pages)
    return Expected(
        company("Galdermoor", "galdermoor.com", "https://www.galdermoor.com/r"),
        "https://www.galdermoor.com/a/1.pdf",
        ("/a/0.pdf",),
    )


def _parts_and_news(net: Internet) -> Expected:
    """Parts of the report, news about it, and a plan with a later year."""
    names = {
        f"gri-index-{LAST}.pdf": f"GRI Content Index {LAST}",
        f"summary-{LAST}.pdf": f"Sustainability Report {LAST} - Summary",
        f"press-{LAST}.pdf": f"Press release: sustainability report {LAST}",
        f"assurance-{LAST}.pdf": f"Assurance statement on the sustainability report {LAST}",
        "strategy.pdf": f"Sustainability strategy {THIS_YEAR + 4}",
        f"report-{LAST}.pdf": f"Sustainability Report {LAST}",
    }
    links = "".join(f'<p><a href="/d/{file}">{title}</a>' for file, title in names.items())
    pages = {"/reports": html(links), f"/d/report-{LAST}.pdf": pdf(report("Harrowgate", LAST))}
    net.site("www.harrowgate.com", pages)
    return Expected(
        company("Harrowgate", "harrowgate.com", "https://www.harrowgate.com/reports"),
        f"https://www.harrowgate.com/d/report-{LAST}.pdf",
        tuple(f"/d/{file}" for file in list(names)[:-1]),
    )


def _wrong_company_first(net: Internet) -> Expected:
    """The newest document on the page is the report of the company's foundation."""
    wrong, right = f"/sustainability-report-{THIS_YEAR}.pdf", f"/sustainability-report-{LAST}.pdf"
    page = "".join(
        f'<p><a href="{path}">Sustainability Report {year}</a>'
        for path, year in ((wrong, THIS_YEAR), (right, LAST))
    )
    pages = {
        "/reports": html(page),
        wrong: pdf(report("Ivarstad Foundation", LAST, "Annual Report {year}", form="gGmbH")),
        right: pdf(report("Ivarstad", LAST)),
    }
    net.site("www.ivarstad.no", pages)
    return Expected(
        company("Ivarstad", "ivarstad.no", "https://www.ivarstad.no/reports"),
        f"https://www.ivarstad.no{right}",
    )


def _first_fails(net: Internet, name: str, first: Reply) -> Expected:
    """Two copies of the report, the first of which cannot be had."""
    bad, good = f"/en/sustainability-report-{LAST}.pdf", f"/sustainability-report-{LAST}.pdf"
    title = f"Sustainability Report {LAST}"
    page = link(bad, f"{title} English") + link(good, title)
    host = f"www.{name.lower()}.com"
    net.site(host, {"/r": html(page), bad: first, good: pdf(report(name, LAST))})
    return Expected(
        company(name, f"{name.lower()}.com", f"https://{host}/r"), f"https://{host}{good}"
    )


def _bomb_first(net: Internet) -> Expected:
    bomb = gzip.compress(b"\0" * 50 * 2**20)
    return _first_fails(
        net,
        "Juniperfield",
        Reply(bomb, headers={"Content-Type": "application/pdf", "Content-Encoding": "gzip"}),
    )


def _liar_first(net: Internet) -> Expected:
    """A page that calls itself a PDF."""
    liar = Reply(
        b"<!doctype html><p>Please accept cookies", headers={"Content-Type": "application/pdf"}
    )
    return _first_fails(net, "Kestrelby", liar)


def _endless_first(net: Internet) -> Expected:
    """A PDF without end."""

    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    return _first_fails(net, "Larkhollow", Reply(raw=endless))


def _busy(net: Internet) -> Expected:
    """A site that asks to come back in a second."""
    path = f"/sustainability-report-{LAST}.pdf"
    calls = count()

    def busy(request: Request) -> Reply:
        if next(calls) == 0:
            return Reply(status=503, headers={"Retry-After": "1"})
        return pdf(report("Mistelrode", LAST))

    page = f'<a href="{path}">Sustainability Report {LAST}</a>'
    net.site("www.mistelrode.com", {"/r": html(page), path: busy})
    return Expected(
        company("Mistelrode", "mistelrode.com", "https://www.mistelrode.com/r"),
        f"https://www.mistelrode.com{path}",
    )


def resumable(content: bytes, *, after: int) -> Callable[[Request], Reply]:
    """An answer that breaks off after so many bytes, and goes on when asked for the rest."""

    def answer(request: Request) -> Reply:
        start = int(request.headers.get("range", "bytes=0-")[6:].rstrip("-"))
        head = {"Content-Type": "application/pdf", "ETag": '"v1"', "Accept-Ranges": "bytes"}
        if start:
            head["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            return Reply(content[start:], 206, head)

        async def broken(writer: asyncio.StreamWriter) -> None:
            whole = Reply(content, headers=head).bytes()
            writer.write(whole[: len(whole) - len(content) + after])
            await writer.drain()

        return Reply(raw=broken)

    return answer


def _broken_off(net: Internet) -> Expected:
    """A download that breaks off in the middle."""
    path = f"/sustainability-report-{LAST}.pdf"
    answer = resumable(report("Nettlebank", LAST), after=1500)
    page = f'<a href="{path}">Sustainability Report {LAST}</a>'
    net.site("www.nettlebank.com", {"/r": html(page), path: answer})
    return Expected(
        company("Nettlebank", "nettlebank.com", "https://www.nettlebank.com/r"),
        f"https://www.nettlebank.com{path}",
    )


def _closed_by_robots(net: Internet) -> Expected:
    """The file under /internal/ is closed to programs; another copy is not."""
    closed, good = (
        f"/internal/sustainability-report-{LAST}-en.pdf",
        f"/open/sustainability-report-{LAST}.pdf",
    )
    title = f"Sustainability Report {LAST}"
    page = link(closed, f"{title} English") + link(good, title)
    pages = {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /internal/"),
        "/r": html(page),
        closed: pdf(report("Osterlund", LAST)),
        good: pdf(report("Osterlund", LAST)),
    }
    net.site("www.osterlund.com", pages)
    return Expected(
        company("Osterlund", "osterlund.com", "https://www.osterlund.com/r"),
        f"https://www.osterlund.com{good}",
        (closed,),
    )


def _inside_first(net: Internet) -> Expected:
    """A link that redirects to the metadata service of a cloud."""
    inside = Reply(status=302, headers={"Location": "http://169.254.169.254/latest/report.pdf"})
    return _first_fails(net, "Pellworm", inside)


def _second_level_domain(net: Internet) -> Expected:
    """A company under co.uk, whose neighbour under co.uk is linked as well."""
    net.site("www.neighbour.co.uk", {"/esg-reports": html("nothing here")})
    path = f"/sustainability-report-{LAST}.pdf"
    neighbour = link("https://www.neighbour.co.uk/esg-reports", "ESG reports of a neighbour")
    page = neighbour + link("/reports", "Reports")
    pages = {
        "/": html(page),
        "/reports": html(f'<a href="{path}">Sustainability Report {LAST}</a>'),
        path: pdf(report("Quillbrook", LAST, form="plc")),
    }
    net.site("www.quillbrook.co.uk", pages)
    return Expected(
        company("Quillbrook", "quillbrook.co.uk"), f"https://www.quillbrook.co.uk{path}"
    )
