"""The part of isra doctor that looks at where reports are searched for."""

import asyncio
import importlib.util

from agent.errors import IsraError
from agent.settings import Settings
from app.cli.doctor_check import Check
from graph.web import make_apis, make_client
from tools.search.apis import SearchApi
from tools.web.errors import WebError

_PROBE = "https://example.com/"
_SECONDS = 10.0


def search_checks(settings: Settings) -> list[Check]:
    """Each provider of ISRA_SEARCH: whether it is on, and whether it answers now."""
    if settings.offline:
        return [Check("search", "off", "ISRA_OFFLINE is set: only reports at hand are used")]
    try:
        apis = make_apis(settings)
    except IsraError as error:
        return [Check("search", "broken", error.what, error.do)]
    return asyncio.run(_probe(settings, {api.name: api for api in apis}))


async def _probe(settings: Settings, apis: dict[str, SearchApi]) -> list[Check]:
    checks = [_one(settings, name, apis.get(name)) for name in settings.search_order]
    try:
        return list(await asyncio.gather(*checks))
    finally:
        for api in apis.values():
            await api.aclose()


async def _one(settings: Settings, name: str, api: SearchApi | None) -> Check:
    label = f"search {name}"
    if name == "library":
        return Check(label, "works", "reports at hand: uploads, fetched before, samples")
    if name == "ddgs":
        if importlib.util.find_spec("ddgs") is None:
            do = "pip install 'industry-sustainability-agent[ddgs]'"
            return Check(label, "broken", "not installed", do)
        return Check(label, "works", "installed; often refused by the engines it reads")
    reason = await (_site(settings) if api is None else _api(api))
    if reason:
        do = "Check the network, or set ISRA_OFFLINE=1 where there is none."
        return Check(label, "off", reason, do)
    return Check(label, "works", "companies' own sites" if api is None else "answers")


async def _api(api: SearchApi) -> str:
    try:
        async with asyncio.timeout(_SECONDS):
            return await api.reachable()
    except TimeoutError:
        return "It did not answer in time."


async def _site(settings: Settings) -> str:
    """Why the open web cannot be reached; empty where it can."""
    client = make_client(settings)
    try:
        async with asyncio.timeout(_SECONDS):
            await client.page(_PROBE)
    except TimeoutError:
        return "The web did not answer in time."
    except WebError as error:
        return error.what
    finally:
        await client.aclose()
    return ""
