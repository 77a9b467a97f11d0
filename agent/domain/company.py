"""Industries and companies."""

from agent.domain.base import Noun


class Industry(Noun):
    """An industry of the directory; `id` is our own, stable and readable ("cement")."""

    id: str
    name: str
    fictional: bool = False


class Company(Noun):
    """A company as the directory or a library knows it. Unknown fields stay empty."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    isin: str = ""
    lei: str = ""
    domains: tuple[str, ...] = ()
    domains_confirmed: bool = True
    """False where its domains rest on general knowledge only, without a second source."""
    report_page: str = ""
    fictional: bool = False


class ProposedCompany(Noun):
    """A company put before the user for review, with the reason it is there."""

    company: Company
    reason: str
    report_known: str = ""
    """Title or file name of the report already at hand, empty where none is."""
    selected: bool = True
    known: bool = True
    """Whether the directory, a report or the user names it; else only a model does, and the user
    has to confirm that it exists and belongs here."""
