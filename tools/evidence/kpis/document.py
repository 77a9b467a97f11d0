"""What holds for a whole report: decimal mark, fiscal year, bases and units stated once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.evidence.kpis.catalogue import vocabulary
from tools.evidence.kpis.labels import Basis, basis_of, canonical
from tools.evidence.numbers import Style, style_of
from tools.evidence.units import Unit, parse_unit
from tools.pdf.page import PageRecord, Table

_YEAR = re.compile(r"(?<![\d.,/-])(?:19[89]\d|20[0-4]\d)(?![\d%]|[.,]\d)")
_NUMBERS = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w])")
_HOURS = re.compile(
    r"per (?:million|1[,.]000[,.]000|200[,.]000|100[,.]000|1[,.]000) (?:working |worked )?hours?(?: worked)?|"
    r"(?:1[,.]000[,.]000|200[,.]000) (?:working )?hours(?: worked)?",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:no|not|nor|without|never|kein\w*|nicht)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """Facts of a report that single rows leave unsaid."""

    style: Style
    fiscal_year: int
    page_styles: dict[int, Style] = field(default_factory=dict)
    basis: Basis | None = None
    """How Scope 2 is computed where the report tells of one way only."""
    rate: Unit | None = None
    """The hours injury rates refer to, where the report names one number of hours only."""
    boundary: str = ""

    def style_on(self, page: int) -> Style:
        """The decimal mark on a page: its own where it shows one, else the report's."""
        return self.page_styles.get(page, self.style)


def read_document(
    pages: Sequence[PageRecord],
    tables: dict[int, tuple[Table, ...]],
    fiscal_year: int | None,
) -> Document:
    """Look through all pages once."""
    votes: Counter[Style] = Counter()
    page_styles: dict[int, Style] = {}
    for page in pages:
        style = style_of(_NUMBERS.findall(page.text))
        if style is not None:
            votes[style] += 1
            page_styles[page.number] = style
    style = votes.most_common(1)[0][0] if votes else "point"
    text = "\n".join(page.text for page in pages)
    return Document(
        style=style,
        fiscal_year=fiscal_year or _fiscal_year(pages, tables),
        page_styles=page_styles,
        basis=_basis(text),
        rate=_rate(text),
        boundary=_boundary(text),
    )


def _fiscal_year(pages: Sequence[PageRecord], tables: dict[int, tuple[Table, ...]]) -> int:
    """The last year of most year headers; else the year most often named on the first pages."""
    from tools.evidence.kpis.columns import read_column

    lasts: Counter[int] = Counter()
    for found in tables.values():
        for table in found:
            years = [
                meaning.year
                for meaning in map(read_column, table.columns)
                if meaning.year and meaning.kind == "value"
            ]
            if len(set(years)) > 1:
                lasts[max(years)] += 1
    named: Counter[int] = Counter()
    for page in pages:
        weight = 3 if page.number <= 4 else 1
        for year in _YEAR.findall(page.text):
            named[int(year)] += weight
    if lasts:
        return max(lasts, key=lambda year: (lasts[year], named[year]))
    return named.most_common(1)[0][0] if named else 0


def _basis(text: str) -> Basis | None:
    """The one way Scope 2 is computed, told by sentences about it that deny or state a basis."""
    stated: Counter[Basis] = Counter()
    denied: Counter[Basis] = Counter()
    for match in re.finditer(r"(?:market|location)[- ]based", text, re.IGNORECASE):
        start = max(
            text.rfind(". ", 0, match.start()),
            text.rfind("\n\n", 0, match.start()),
            match.start() - 220,
        )
        end = match.end() + 120
        around = text[start + 1 : end]
        basis: Basis = "market" if match[0].casefold().startswith("market") else "location"
        before = text[max(start + 1, match.start() - 60) : match.start()]
        after = re.split(r"[.;]\s", text[match.end() : end])[0]
        if _NEGATED.search(before) or re.match(r"[^.]{0,60}\bnot\b", after):
            denied[basis] += 1
        elif "scope" in around.casefold() or "electricity" in around.casefold():
            stated[basis] += 1
    for one, other in (("market", "location"), ("location", "market")):
        if stated[one] and not stated[other]:  # type: ignore[index]
            return one  # type: ignore[return-value]
        if denied[other] and not denied[one] and not stated[other]:  # type: ignore[index]
            return one  # type: ignore[return-value]
    return None


def _rate(text: str) -> Unit | None:
    units = {unit.name: unit for m in _HOURS.findall(text) if (unit := parse_unit(m)) is not None}
    return next(iter(units.values())) if len(units) == 1 else None


def _boundary(text: str) -> str:
    """The consolidation approach, where the report names exactly one."""
    folded = re.sub(r"\s+", " ", text.casefold())
    found = [
        name
        for name, phrases in vocabulary().boundaries.items()
        if any(phrase in folded for phrase in phrases)
    ]
    return found[0] if len(found) == 1 else ""


def footnotes(page: PageRecord) -> dict[str, str]:
    """Footnote texts of a page by their mark ("5", "*", "a")."""
    notes: dict[str, str] = {}
    current = ""
    for row in page.rows:
        text = " ".join(word.text for word in row.words)
        match = re.match(
            r"^[\[(]?(\d{1,2}|\*{1,4}|†|‡|[a-zA-Z])[\])]?[.):]?\s+(?=[A-Z\d“\"(])(.{8,})", text
        )
        if match and (match[1] != "a" or text[1:2] in ")."):
            current = match[1]
            notes.setdefault(current, match[2])
        elif current and len(notes[current]) < 700 and len(text) > 20:
            notes[current] += f" {text}"
        else:
            current = ""
    return notes


def note_for(marks: Sequence[str], label: str, notes: dict[str, str]) -> str:
    """The footnotes a row refers to by its marks or by stars at the end of its label."""
    keys = [part for mark in marks for part in re.findall(r"\d{1,2}|\*+|†|‡|[a-zA-Z]", mark)]
    stars = re.search(r"(\*{1,4})\s*$", label)
    if stars:
        keys.append(stars[1])
    keys += re.findall(r"\[([A-Za-z])\]", label)
    return " ".join(notes[key] for key in dict.fromkeys(keys) if key in notes)


def basis_in_note(note: str) -> Basis | None:
    """The basis a footnote states for Scope 2, also where it denies the other one."""
    text = canonical(note[:1_500])
    part = re.search(r"scope_(?:2|12)\b[^.;,]{0,60}", text)
    if part and basis_of(part[0]) is not None:
        return basis_of(part[0])
    basis = basis_of(text)
    if basis is not None and _NEGATED.search(note):
        match = re.search(r"(?:market|location)[- ]based", text)
        if match and _NEGATED.search(text[max(0, match.start() - 60) : match.start()]):
            return "location" if basis == "market" else "market"
    return basis
