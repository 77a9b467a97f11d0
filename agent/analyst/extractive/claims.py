"""Claims with ids of their own, and text that cites them by number."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.analyst.markdown import escape
from agent.domain import Claim, Evidence, KpiRecord


def claim(
    text: str,
    evidence: Iterable[Evidence],
    *,
    topic: str = "",
    company: str | None = None,
    records: Iterable[KpiRecord] = (),
) -> Claim:
    """A claim whose id depends on its text and places alone."""
    places = tuple(dict.fromkeys(evidence))
    key = "\n".join([text, *(f"{p.report}:{p.page}:{p.quote}" for p in places)])
    return Claim(
        id="c-" + hashlib.sha256(key.encode()).hexdigest()[:12],
        text=text,
        topic=topic,
        company=company,
        evidence=places,
        kpis=tuple(dict.fromkeys(record.id for record in records)),
    )


class CitedText:
    """Markdown written line by line; every claim in it is numbered in the order of citing."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._claims: list[Claim] = []

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(self._claims)

    @property
    def markdown(self) -> str:
        return "\n".join(self._lines).strip() + "\n"

    def heading(self, text: str) -> None:
        self._lines += ["", f"## {escape(text)}", ""]

    def paragraph(self, text: str) -> None:
        """A paragraph without a claim; `text` is our own wording and may hold markup."""
        self._lines += [text, ""]

    def point(self, text: str) -> None:
        """A bullet without a claim."""
        self._lines.append(f"- {escape(text)}")

    def cite(self, *claims: Claim | None, lead: str = "", quoted: bool = False) -> None:
        """One bullet a claim, with its number.

        `lead` is our own wording in front of the claim; `quoted` sets the claim in quotation
        marks, as the report's own words.
        """
        for one in claims:
            if one is not None:
                self._claims.append(one)
                text = f"“{escape(one.text)}”" if quoted else escape(one.text)
                self._lines.append(f"- {lead}{text} [{len(self._claims)}]")

    def section(
        self, title: str, claims: Sequence["Cited | Claim | None"], points: Sequence[str] = ()
    ) -> None:
        """A heading with its bullets; nothing where there are none."""
        if any(claims) or points:
            self.heading(title)
            for one in claims:
                if isinstance(one, Cited):
                    self.cite(one.claim, lead=one.lead, quoted=one.quoted)
                else:
                    self.cite(one)
            for text in points:
                self.point(text)


@dataclass(frozen=True, slots=True)
class Cited:
    """A claim with our own wording in front of it; `quoted` marks the report's own words."""

    claim: Claim
    lead: str
    quoted: bool = False
