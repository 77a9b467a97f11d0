"""The provider over ddgs, which reads result pages made for people: rate-limited, opt-in."""

import asyncio
from typing import Any

from agent.domain import Company
from agent.errors import ConfigurationError
from tools.search.provider import Hit, SearchOutcome

_SECONDS = 30.0


class Duck:
    """DuckDuckGo and others through the ddgs package (extra `ddgs`)."""

    name = "ddgs"

    def __init__(self, *, proxy: str | None = None) -> None:
        """Raises ConfigurationError where the package is not installed."""
        try:
            from ddgs import DDGS
        except ImportError as error:
            raise ConfigurationError(
                "ISRA_SEARCH names ddgs, which is not installed.",
                "pip install 'industry-sustainability-agent[ddgs]'",
            ) from error
        self._make: Any = lambda: DDGS(proxy=proxy, timeout=10)

    async def candidates(self, company: Company, year: int | None) -> SearchOutcome:
        """Addresses it finds; it refuses often, which is a failure and not "nothing"."""
        site = f"site:{company.domains[0]} " if company.domains else ""
        query = f'{site}"{company.name}" sustainability report {year or ""} pdf'
        try:
            async with asyncio.timeout(_SECONDS):
                rows = await asyncio.to_thread(self._text, query)
        except TimeoutError:
            return SearchOutcome("failed", reason="ddgs did not answer in time")
        if isinstance(rows, str):
            return SearchOutcome("failed", reason=rows)
        hits = tuple(Hit(row["href"], row.get("title", ""), self.name) for row in rows)
        return SearchOutcome("found" if hits else "nothing", hits=hits, reason="it found nothing")

    def _text(self, query: str) -> list[dict[str, str]] | str:
        from ddgs.exceptions import DDGSException

        try:
            return list(self._make().text(query, max_results=10))
        except DDGSException as error:
            if "No results" in str(error):
                return []
            return "ddgs was refused by the search engines"
