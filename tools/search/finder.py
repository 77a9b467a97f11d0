"""Finds a company's report through the providers in their order."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.domain import Company, ReportChoice
from tools.search.known import name_key
from tools.search.provider import Candidate, Hit, ReportProvider, SearchOutcome
from tools.search.rank import THRESHOLD, rank
from tools.search.site import CompanySite
from tools.web.domains import host_of, on_domains, registrable

LIBRARY = "library"
_MOST_PAGES = 3
_MOST_CHOICES = 12

Today = Callable[[], int]


def this_year() -> int:
    """The current year."""
    return datetime.now(UTC).year


@dataclass(frozen=True, slots=True)
class Findings:
    """What the providers found: the report at hand, documents of the web, and how each fared."""

    held: Candidate | None = None
    choices: tuple[ReportChoice, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    """Why nothing is at hand, in the words of the library."""

    def worth_fetching(self, company: Company) -> tuple[ReportChoice, ...]:
        """The documents that may be fetched without asking the user."""
        return tuple(choice for choice in self.choices if is_sure(choice, company))


def is_sure(choice: ReportChoice, company: Company) -> bool:
    """Whether a document may be fetched without asking: it is the company's own, and fits.

    A host that is not known as the company's own never passes where its own are known; where
    none is known, the host must bear its name, and the warning on the choice stays.
    """
    if choice.score < THRESHOLD:
        return False
    if choice.official:
        return True
    brand = "".join(name_key(company.name))
    label = registrable(host_of(choice.url)).partition(".")[0].replace("-", "")
    return not company.domains and len(brand) >= 3 and label.startswith(brand)


class ReportFinder:
    """Asks the providers one after the other until one has what is wanted.

    Without web providers it looks at what is at hand only and opens no connection.
    """

    def __init__(
        self,
        order: Sequence[str],
        providers: Sequence[ReportProvider] = (),
        *,
        site: CompanySite | None = None,
        today: Today = this_year,
        closing: AsyncExitStack | None = None,
    ) -> None:
        self._order = tuple(order)
        self._providers = {provider.name: provider for provider in providers}
        self._site = site
        self._today = today
        self._closing = closing or AsyncExitStack()

    @property
    def searches_web(self) -> bool:
        """Whether any provider looks beyond the reports at hand."""
        return bool(self._providers)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._closing.aclose()

    async def find(
        self,
        company: Company,
        year: int | None,
        library: ReportProvider,
        *,
        web: bool = True,
        newer: bool = False,
    ) -> Findings:
        """What there is of a company's report (of this year).

        `web=False` looks at what is at hand only; `newer` looks further although a report is
        at hand.
        """
        at_hand = await library.candidates(company, year)
        held = at_hand.candidates[0] if at_hand.status == "found" else None
        hits: list[Hit] = []
        notes: list[str] = []
        choices: tuple[ReportChoice, ...] = ()
        for name in self._order if web and not company.fictional else ():
            if name == LIBRARY:
                if held is not None and not newer and year in {None, held.year}:
                    break
                continue
            outcome = await self._providers[name].candidates(company, year)
            hits += outcome.hits
            hits += await self._behind(company, year, name, outcome)
            if outcome.status != "found":
                notes.append(_note(name, outcome))
            choices = rank(hits, company, year, self._today())[:_MOST_CHOICES]
            if any(is_sure(choice, company) for choice in choices):
                break
        return Findings(held, choices, tuple(notes), at_hand.reason)

    async def _behind(
        self, company: Company, year: int | None, name: str, outcome: SearchOutcome
    ) -> tuple[Hit, ...]:
        """PDFs behind pages of the company's own site that a search engine names."""
        if self._site is None or name == self._site.name:
            return ()
        pages = [
            hit.url
            for hit in outcome.hits
            if not hit.url.lower().partition("?")[0].endswith(".pdf")
            and on_domains(hit.url, company.domains)
        ]
        return await self._site.from_pages(company, year, pages[:_MOST_PAGES]) if pages else ()


def _note(name: str, outcome: SearchOutcome) -> str:
    where = {"directory": "the company's site"}.get(name, name)
    what = "failed" if outcome.status == "failed" else "found nothing"
    return f"{where} {what}: {outcome.reason.rstrip('.')}."
