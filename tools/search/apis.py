"""Search APIs over plain HTTP: Tavily, Brave, SearXNG and Exa.

Their addresses come from the settings only, so this client is not the guarded one: a
self-hosted server may lie on a private network. Wire formats: the providers' own documentation.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx2
from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from agent.domain import Company
from agent.errors import ProviderError
from tools.search.provider import Hit, SearchOutcome

_SECONDS = 20.0
_RESULTS = 10
_DAY = 24 * 3600.0


class _Row(BaseModel):
    url: str
    title: str | None = ""


class Quota:
    """So many requests in 24 hours, counted in this process."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._used: list[float] = []

    def take(self, name: str) -> None:
        """Count one request. Raises ProviderError when none is left."""
        now = time.monotonic()
        self._used = [at for at in self._used if now - at < _DAY]
        if len(self._used) >= self._limit:
            raise ProviderError(
                f"{name}'s {self._limit} requests a day are used up.",
                "Raise ISRA_SEARCH_REQUESTS, or wait.",
            )
        self._used.append(now)


class SearchApi(ABC):
    """A search engine asked over HTTP: first on the company's own domains, then everywhere."""

    name = ""
    base = ""

    def __init__(self, *, base: str = "", key: str = "", requests: int = 200) -> None:
        self._key = key
        self._quota = Quota(requests)
        self._http = httpx2.AsyncClient(
            base_url=base or self.base, timeout=_SECONDS, trust_env=False, follow_redirects=False
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def candidates(self, company: Company, year: int | None) -> SearchOutcome:
        """Addresses the engine finds; the reason in words where it could not look."""
        hits: list[Hit] = []
        try:
            for domains in (company.domains, ()) if company.domains else ((),):
                self._quota.take(self.name)
                rows = await self._search(company.name, _year(year), domains)
                hits += [Hit(row.url, row.title or "", self.name) for row in rows]
                if any(hit.url.lower().partition("?")[0].endswith(".pdf") for hit in hits):
                    break
        except ProviderError as error:
            return SearchOutcome("failed", hits=tuple(hits), reason=str(error))
        if not hits:
            return SearchOutcome("nothing", reason="it knows no page or document")
        return SearchOutcome("found", hits=tuple(hits))

    async def reachable(self) -> str:
        """Why the engine cannot be used; empty where it answers. Asks one question."""
        try:
            await self._search("sustainability report", datetime.now(UTC).year - 1, ())
        except ProviderError as error:
            return str(error)
        return ""

    @abstractmethod
    async def _search(self, name: str, year: int, domains: Sequence[str]) -> list[_Row]: ...

    async def _ask(self, method: str, path: str, **request: Any) -> Any:
        """The answer as JSON. Raises ProviderError."""
        try:
            response = await self._http.request(method, path, **request)
        except httpx2.TimeoutException as error:
            raise self._failed("did not answer in time", retryable=True) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self._failed("cannot be reached", retryable=True) from error
        if response.status_code in {401, 403}:
            raise self._failed("refuses the key", "Check its key.")
        if response.status_code in {402, 429, 432, 433}:
            raise self._failed("has no requests left for this key", retryable=True)
        if response.status_code != 200:
            raise self._failed(f"answered with an error ({response.status_code})")
        try:
            return response.json()
        except ValueError as error:
            raise self._failed("sent an answer that cannot be read") from error

    def _rows(self, found: JsonValue) -> list[_Row]:
        try:
            return TypeAdapter(list[_Row]).validate_python(found or [])
        except ValidationError as error:
            raise self._failed("sent an answer of another shape") from error

    def _failed(self, what: str, do: str = "", *, retryable: bool = False) -> ProviderError:
        return ProviderError(f"{self.name.capitalize()} {what}.", do, retryable=retryable)


class Tavily(SearchApi):
    """Tavily: bearer key, domains as a list, at most 400 characters a query."""

    name = "tavily"
    base = "https://api.tavily.com"

    async def _search(self, name: str, year: int, domains: Sequence[str]) -> list[_Row]:
        body: dict[str, JsonValue] = {
            "query": f"{name} sustainability report {year} pdf"[:400],
            "search_depth": "basic",
            "max_results": _RESULTS,
        }
        if domains:
            body["include_domains"] = list(domains)
        head = {"Authorization": f"Bearer {self._key}"}
        answer = await self._ask("POST", "/search", json=body, headers=head)
        return self._rows(_at(answer, "results"))


class Brave(SearchApi):
    """Brave: subscription token; understands site: and filetype:. Results are not stored."""

    name = "brave"
    base = "https://api.search.brave.com"

    async def _search(self, name: str, year: int, domains: Sequence[str]) -> list[_Row]:
        query = (
            f'site:{domains[0]} (sustainability OR ESG OR "non-financial") report {year} pdf'
            if domains
            else f'"{name}" "sustainability report" {year} filetype:pdf'
        )
        head = {"X-Subscription-Token": self._key, "Accept": "application/json"}
        params = {"q": query, "count": str(2 * _RESULTS)}
        answer = await self._ask("GET", "/res/v1/web/search", params=params, headers=head)
        return self._rows(_at(_at(answer, "web"), "results"))


class SearxNg(SearchApi):
    """A self-hosted SearXNG; an empty answer with silent engines is a failure, not "nothing"."""

    name = "searxng"

    async def _search(self, name: str, year: int, domains: Sequence[str]) -> list[_Row]:
        site = f" site:{domains[0]}" if domains else " filetype:pdf"
        params = {"q": f'"{name}" sustainability report {year}{site}', "format": "json"}
        answer = await self._ask("GET", "/search", params=params)
        rows = self._rows(_at(answer, "results"))
        silent = _at(answer, "unresponsive_engines")
        if not rows and isinstance(silent, list) and silent:
            raise self._failed(f"got no answer from its {len(silent)} engines", retryable=True)
        return rows


class Exa(SearchApi):
    """Exa: key in a header, names in camel case."""

    name = "exa"
    base = "https://api.exa.ai"

    async def _search(self, name: str, year: int, domains: Sequence[str]) -> list[_Row]:
        body: dict[str, JsonValue] = {
            "query": f"{name} sustainability report {year} pdf",
            "numResults": _RESULTS,
        }
        if domains:
            body["includeDomains"] = list(domains)
        answer = await self._ask("POST", "/search", json=body, headers={"x-api-key": self._key})
        return self._rows(_at(answer, "results"))


def _year(asked: int | None) -> int:
    """The fiscal year asked for, else the last one that is over."""
    return asked or datetime.now(UTC).year - 1


def _at(answer: Any, key: str) -> Any:
    return answer.get(key) if isinstance(answer, dict) else None
