"""The directory: industries, their companies, and what a text means by them."""

from agent.domain import Company, Industry
from tools.directory.files import Catalogue, read_catalogue
from tools.directory.matching import IndustryMatch, rank
from tools.search.known import name_key

_THRESHOLD = 85.0


class Directory:
    """Industries and companies the project knows."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_name: dict[tuple[str, ...], dict[str, Company]] = {}
        for companies in catalogue.companies.values():
            for company in companies:
                for name in (company.name, *company.aliases):
                    self._by_name.setdefault(name_key(name), {})[company.id] = company

    @property
    def industries(self) -> tuple[Industry, ...]:
        """All industries, fictional ones last."""
        return self._catalogue.industries

    def match(self, text: str) -> list[IndustryMatch]:
        """Industries the text means, best first; empty where none is meant clearly."""
        return [match for match in self._rank(text) if match.score >= _THRESHOLD]

    def suggest(self, text: str, n: int = 3) -> list[IndustryMatch]:
        """The `n` nearest industries, however far."""
        return self._rank(text)[:n]

    def companies(self, industry_id: str) -> tuple[Company, ...]:
        """The listed companies of an industry; empty for an industry not in the directory."""
        return self._catalogue.companies.get(industry_id, ())

    def find_company(self, name: str) -> Company | None:
        """The one company of this name or alias; None where there is none, or more than one."""
        found = self._by_name.get(name_key(name), {})
        return next(iter(found.values())) if len(found) == 1 else None

    def _rank(self, text: str) -> list[IndustryMatch]:
        return rank(text, self._catalogue.industries, self._catalogue.terms)


def load_directory() -> Directory:
    """The directory as delivered with the project."""
    return Directory(read_catalogue())
