"""Claims with ids of their own, and text that cites them by number."""

import hashlib
from collections.abc import Iterable, Sequence

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

    def cite(self, *claims: Claim | None, lead: str = "") -> None:
        """One bullet a claim, with its number."""
        for one in claims:
            if one is not None:
                self._claims.append(one)
                self._lines.append(f"- {lead}{escape(one.text)} [{len(self._claims)}]")

    def section(
        self, title: str, claims: Sequence[Claim | None], points: Sequence[str] = ()
    ) -> None:
        """A heading with its bullets; nothing where there are none."""
        if any(claims) or points:
            self.heading(title)
            self.cite(*claims)
            for text in points:
                self.point(text)
