"""Figures as records, and the kinds of silence where there is none."""

from typing import Literal

from agent.domain.base import Noun
from agent.domain.evidence import Evidence

KpiStatus = Literal["verified", "candidate"]
Method = Literal["table", "prose", "model"]
SilenceKind = Literal["not_disclosed", "not_found", "unreadable"]


class Normalised(Noun):
    """A value in the catalogue's base unit and how it got there ("kt → t: × 1000")."""

    value: float
    unit: str
    conversion: str


class KpiRecord(Noun):
    """One figure of one fiscal year, with its place in the report.

    `value` and `unit` are as reported (`unit` in a normal spelling, see the catalogue);
    `printed` is the string on the page.
    """

    id: str
    kpi: str
    year: int
    value: float
    printed: str
    unit: str
    unit_printed: str = ""
    normalised: Normalised | None = None
    basis: Literal["market", "location"] | None = None
    boundary: str = "group"
    label: str = ""
    section: str = ""
    evidence: Evidence
    method: Method
    status: KpiStatus
    confirmations: tuple[str, ...] = ()
    """Why it is verified, in words: "also in the text of page 12", "1 + 2 = total"."""
    flags: tuple[str, ...] = ()
    """What a reader must know: "ocr", "restated", "estimated"."""
    superseded_by: str | None = None
    superseded_why: str = ""


class Silence(Noun):
    """Why there is no figure for a KPI; the quote is there when the report says so."""

    kpi: str
    kind: SilenceKind
    note: str = ""
    evidence: Evidence | None = None
