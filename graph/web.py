"""Makes what finds reports on the web from the settings."""

import ssl
from contextlib import AsyncExitStack
from dataclasses import dataclass

from agent.errors import ConfigurationError
from agent.settings import Settings
from tools.library.library import ReportLibrary
from tools.search.apis import Brave, Exa, SearchApi, SearxNg, Tavily
from tools.search.duck import Duck
from tools.search.finder import LIBRARY, ReportFinder
from tools.search.provider import ReportProvider
from tools.search.registers import Registers, TargetRegister
from tools.search.retrieve import Retriever
from tools.search.sbti import SbtiRegister
from tools.search.site import CompanySite
from tools.web.client import WebClient, WebLimits
from tools.web.network import Network, trust
from tools.workers import CpuWorkers


@dataclass(frozen=True)
class Web:
    """What finds and fetches reports beyond those at hand."""

    finder: ReportFinder
    retriever: Retriever
    registers: Registers


def make_network(settings: Settings) -> Network:
    """The system's resolver and certificates, and those of ISRA_CA_FILE; offline, none."""
    if settings.offline:
        # Nothing is connected to; a context that trusts nobody costs no reading of certificates.
        return Network(certificates=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    return Network(certificates=trust(settings.ca_file))


def make_client(settings: Settings) -> WebClient:
    """The guarded client as set."""
    limits = WebLimits(pdf_bytes=settings.max_pdf_mb * 2**20, pause=settings.web_pause)
    return WebClient(make_network(settings), limits, contact=settings.user_agent)


def make_apis(settings: Settings) -> list[SearchApi]:
    """The search APIs named in ISRA_SEARCH.

    Raises:
        ConfigurationError: one is named whose key or address is missing.
    """
    quota = settings.search_requests
    made: list[SearchApi] = []
    for name in settings.search_order:
        if name == "tavily":
            key = _needed(settings.tavily_api_key.get_secret_value(), name, "TAVILY_API_KEY")
            made.append(Tavily(base=settings.tavily_url, key=key, requests=quota))
        elif name == "brave":
            key = _needed(settings.brave_api_key.get_secret_value(), name, "BRAVE_API_KEY")
            made.append(Brave(base=settings.brave_url, key=key, requests=quota))
        elif name == "exa":
            key = _needed(settings.exa_api_key.get_secret_value(), name, "EXA_API_KEY")
            made.append(Exa(base=settings.exa_url, key=key, requests=quota))
        elif name == "searxng":
            base = _needed(settings.searxng_url, name, "SEARXNG_URL")
            made.append(SearxNg(base=base, requests=quota))
    return made


def _needed(value: str, provider: str, setting: str) -> str:
    if not value:
        raise ConfigurationError(
            f"ISRA_SEARCH names {provider}, but ISRA_{setting} is not set.",
            f"Set ISRA_{setting}, or take {provider} out of ISRA_SEARCH.",
        )
    return value


def make_web(settings: Settings, library: ReportLibrary, workers: CpuWorkers) -> Web:
    """Finder and retriever as set; offline, neither opens a connection.

    Raises:
        ConfigurationError: a provider is named whose key, address or package is missing.
    """
    closing = AsyncExitStack()
    client = make_client(settings)
    closing.push_async_callback(client.aclose)
    retriever = Retriever(client, library, workers, settings.data_dir / "web")
    order = (LIBRARY,) if settings.offline else settings.search_order
    site = CompanySite(client) if "directory" in order else None
    providers: list[ReportProvider] = [site] if site else []
    if not settings.offline:
        apis = make_apis(settings)
        for api in apis:
            closing.push_async_callback(api.aclose)
        providers += apis
    if "ddgs" in order:
        providers.append(Duck())
    finder = ReportFinder(order, providers, site=site or CompanySite(client), closing=closing)
    return Web(finder, retriever, Registers(_registers(settings, client)))


def _registers(settings: Settings, client: WebClient) -> list[TargetRegister]:
    if settings.offline or settings.sbti_url == "-":
        return []
    return [SbtiRegister(client, settings.sbti_url, settings.data_dir / "web")]
