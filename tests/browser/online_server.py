"""`isra serve` on a small internet, to be run in a process of its own.

Everything is the product's own but the resolver, the wires and the certificates. A search
engine leads to documents of companies that no directory lists.
"""

import asyncio
import json

import uvicorn
from fpdf import FPDF

import graph.web
from agent.memory.database import upgrade
from agent.settings import get_settings
from tests.fakes.internet import Internet, Reply, Site, html, open_internet, pdf, serve_plainly
from tests.fakes.internet.pdfs import report
from tests.fakes.internet.register import register_file
from tests.fakes.internet.world import LAST

UNSURE = f"https://files.elsewhere.org/birkenau-sustainability-report-{LAST}.pdf"
"""The right report of Birkenau, on a host of which nothing says that it is its own."""


def put_sites(net: Internet) -> Site:
    """The companies' documents; gives the search engine over them."""
    name = UNSURE.rpartition("/")[2]
    files = {f"/{name}": pdf(report("Birkenau", LAST)), "/leaflet.pdf": pdf(_leaflet())}
    net.site("files.elsewhere.org", files)
    net.site("www.cedarholm.com", {"/sustainability-report.pdf": html("Moved.", "Moved")})
    heads = ("company_name", "near_term_status")
    listed = register_file(("Birkenau", "Targets set"), heads=heads)
    net.site("register.test", {"/companies-excel.xlsx": listed})
    found = {
        "birkenau": [UNSURE, "https://files.elsewhere.org/leaflet.pdf"],
        "cedarholm": ["https://www.cedarholm.com/sustainability-report.pdf"],
    }

    def search(request: object) -> Reply:
        query = getattr(request, "query", "").lower()
        rows = [
            {"url": url, "title": f"{company.title()} Sustainability Report {LAST}", "content": ""}
            for company, urls in found.items()
            if company in query
            for url in urls
        ]
        return Reply(json.dumps({"results": rows}).encode())

    return Site({"/search": search})


def _leaflet() -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=12)
    page.multi_cell(0, 6, "Birkenau: our range of garden furniture, spring catalogue.")
    return bytes(page.output())


def main() -> None:
    """Serve until told to stop."""
    upgrade(get_settings().resolved_database_url)
    asyncio.run(_serve())


async def _serve() -> None:
    async with open_internet() as net, serve_plainly(put_sites(net)) as engine:
        graph.web.make_network = lambda settings: net.network()
        settings = get_settings().model_copy(update={"searxng_url": engine})
        from app.server import create_app

        app = create_app(settings)
        config = uvicorn.Config(app, port=settings.port, log_config=None, access_log=False)
        await uvicorn.Server(config).serve()
