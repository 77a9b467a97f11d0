"""The directory: industries, their companies, and what a text means by them."""

from collections.abc import Collection
from functools import cache, cached_property

from agent.domain import Company, Industry
from tools.directory.files import Catalogue, IndustryRow, Listed, read_catalogue
from tools.directory.matching import IndustryFinder, IndustryMatch, IndustryQuery
from tools.directory.words import plain, split
from tools.search.known import name_key


class Directory:
    """Industries and companies the project knows."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._members: dict[str, list[Listed]] = {row.id: [] for row in catalogue.industries}
        for entry in catalogue.listed:
            for industry_id in entry.industries:
                self._members[industry_id].append(entry)
        for industry_id, members in self._members.items():
            members.sort(key=lambda entry: entry.industries[0] != industry_id)

    @cached_property
    def _finder(self) -> IndustryFinder:
        return IndustryFinder(self._catalogue)

    @cached_property
    def _names(self) -> dict[str, list[Company]]:
        """Companies by what tells their names and aliases apart."""
        companies: dict[str, list[Company]] = {}
        for entry in self._catalogue.listed:
            names = (entry.company.name, *entry.company.aliases)
            for name in dict.fromkeys(map(_name, names)):
                companies.setdefault(name, []).append(entry.company)
        return companies

    @property
    def industries(self) -> tuple[Industry, ...]:
        """All industries, fictional ones last."""
        return self._catalogue.industries

    def understand(self, text: str) -> IndustryQuery:
        """The industries, region and countries a text means."""
        return self._finder.understand(text)

    def match(self, text: str) -> list[IndustryMatch]:
        """Industries the text means, in its order; empty where it means none, or where one
        word could mean several (`understand` says which, `suggest` offers them first)."""
        query = self.understand(text)
        return [] if query.tie else list(query.matches)

    def suggest(self, text: str, n: int = 3) -> list[IndustryMatch]:
        """The `n` industries nearest to the text, however far."""
        near = {match.industry.id: match for match in self.understand(text).matches}
        for match in self._finder.nearest(text):
            near.setdefault(match.industry.id, match)
        return list(near.values())[:n]

    def companies(self, industry_id: str, countries: Collection[str] = ()) -> tuple[Company, ...]:
        """The listed companies of an industry, those of `countries` only where given.

        Companies whose main industry it is come first, the best known among them first; that
        is no ranking. Empty for an industry that is not in the directory.
        """
        return tuple(
            entry.company
            for entry in self.listed(industry_id)
            if not countries or entry.company.country in countries
        )

    def listed(self, industry_id: str) -> tuple[Listed, ...]:
        """The companies of an industry with all that the directory keeps of them."""
        return tuple(self._members.get(industry_id, ()))

    def codes(self, industry_id: str) -> IndustryRow | None:
        """The classes of an industry in ISIC, NACE and NAICS; None for a fictional one."""
        return self._catalogue.codes.get(industry_id)

    def find_company(self, name: str) -> Company | None:
        """The company of this name or alias, apart from legal form, case and accents.

        None where there is none, or several of which none is written like this: a name that
        only begins with a listed one ("Shell Foundation") or is a part of one ("Delta") is
        not that company.
        """
        found = self._names.get(_name(name), [])
        if len(found) > 1:
            alike = [_words_alike(name, company) for company in found]
            best = max(alike)
            found = [c for c, n in zip(found, alike, strict=True) if n == best] if best else []
        return found[0] if len(found) == 1 else None


def _name(name: str) -> str:
    """What tells a name apart, in one piece: "Kuehne + Nagel AG" is "Kuehne+Nagel".

    A name of which legal forms leave a single letter ("K+S") counts as it is written.
    """
    telling = "".join(name_key(plain(name)))
    return telling if len(telling) > 1 else name.strip().casefold()


def _words_alike(name: str, company: Company) -> int:
    """Words of the company's longest name with which this one begins, legal forms included."""
    words = [word.casefold() for word in split(name)]
    listed = ([w.casefold() for w in split(n)] for n in (company.name, *company.aliases))
    return max((len(n) for n in listed if words[: len(n)] == n), default=0)


@cache
def load_directory() -> Directory:
    """The directory as delivered with the project, read once a process.

    Raises:
        ConfigurationError: a data file cannot be read as what it should be.
    """
    return Directory(read_catalogue())
