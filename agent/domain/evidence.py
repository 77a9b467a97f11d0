"""A place in a report, and what is said on the strength of it."""

from typing import Literal

from agent.domain.base import Noun

ClaimStatus = Literal["verified", "unverified", "rejected"]


class Evidence(Noun):
    """A verbatim quote on one page of one report.

    `page` is the 1-based PDF page; `report` is the sha256 of the PDF; `start` and `end` are
    character offsets of the quote in the page's text, where known.
    """

    report: str
    page: int
    quote: str
    start: int | None = None
    end: int | None = None
    label: str | None = None
    """The page number as printed on the page, where it differs."""


class Claim(Noun):
    """One sentence that is said, with the places that bear it out."""

    id: str
    text: str
    topic: str = ""
    company: str | None = None
    evidence: tuple[Evidence, ...] = ()
    kpis: tuple[str, ...] = ()
    """Ids of the KPI records the sentence is made from."""
    status: ClaimStatus = "unverified"
    reason: str = ""
