"""What holds for a whole report: decimal mark, fiscal year, bases and units stated once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tools.evidence.kpis.catalogue import vocabulary
from tools.evidence.kpis.labels import Basis, basis_of, canonical, matches
from tools.evidence.numbers import Style, style_of, usual_style
from tools.evidence.units import Unit, parse_unit
from tools.pdf.page import PageRecord, Row, Table, TableRow

_YEAR = re.compile(r"(?<![\d.,/-])(?:19[89]\d|20[0-4]\d)(?![\d%]|[.,]\d)")
_NUMBERS = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w])")
_HOURS = re.compile(
    r"per (?:million|1[,.]000[,.]000|200[,.]000|100[,.]000|1[,.]000) (?:working |"
    r"worked )?hours?(?: worked)?|"
    r"(?:1[,.]000[,.]000|200[,.]000) ?/? ?(?:total )?(?:working )?hours(?: worked)?",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"\b[A-Z][A-Za-zÀ-ÿ&]{3,}\b")
_FEW_PAGES = 6
_MOST = 0.6
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
    names: frozenset[str] = frozenset()
    """Words of running heads that are no common words, such as the company's name."""

    def style_on(self, page: int) -> Style:
        """The decimal mark on a page: its own where it shows one, else the report's."""
        return self.page_styles.get(page, self.style)


def read_document(
    pages: Sequence[PageRecord],
    tables: dict[int, tuple[Table, ...]],
    fiscal_year: int | None,
) -> Document:
    """Look through all pages once."""
    page_styles: dict[int, Style] = {}
    for page in pages:
        style = style_of(_NUMBERS.findall(page.text), least=3)
        if style is not None:
            page_styles[page.number] = style
    text = "\n".join(page.text for page in pages)
    return Document(
        style=usual_style(_NUMBERS.findall(text)),
        fiscal_year=fiscal_year or _fiscal_year(pages, tables),
        page_styles=page_styles,
        basis=_basis(text),
        rate=_rate(text),
        boundary=_boundary(text),
        names=_names(pages),
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
        usual = max(lasts, key=lambda year: (lasts[year], named[year]))
        later = [
            year
            for year, seen in lasts.items()
            if year > usual
            and seen >= max(2, 0.3 * lasts[usual])
            and 2 * named[year] >= named[usual]
        ]
        return max(later, default=usual)
    return named.most_common(1)[0][0] if named else 0


def _names(pages: Sequence[PageRecord]) -> frozenset[str]:
    """Words with a capital that stand on most pages and that the vocabulary does not know."""
    if len(pages) < _FEW_PAGES:
        return frozenset()
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update(set(_CAPITALISED.findall(page.text)))
    found = vocabulary()
    common = found.neutral | found.topics | found.parts | found.places
    folded: Counter[str] = Counter()
    for word, count in seen.items():
        folded[word.casefold()] += count
    return frozenset(
        word
        for word, count in folded.items()
        if count >= _MOST * len(pages) and word not in common and not matches(word)
        if not any(word.startswith(stem) for stem in found.triggers)
    )


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


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote of a page; `row` is the row it begins on."""

    mark: str
    text: str
    row: int
    x0: float


_NOTE = re.compile(
    r"^[\[(]?(?P<mark>\d{1,2}|\*{1,4}|†|‡|[a-zA-Z])[\])]?[.):]?\s+(?=[A-Z\d“\"(])(?P<text>.{8,})"
)


def footnotes(page: PageRecord) -> list[Note]:
    """Footnotes of a page, also where they stand beside a table in another column."""
    notes: list[Note] = []
    for number, row in enumerate(page.rows):
        for x0, text in _phrases(row):
            match = _NOTE.match(text)
            if match:
                notes.append(Note(match["mark"], match["text"], number, x0))
                continue
            for position in range(len(notes) - 1, max(-1, len(notes) - 4), -1):
                note = notes[position]
                if abs(note.x0 - x0) < 25 and len(note.text) < 700 and number - note.row < 8:
                    notes[position] = replace(note, text=f"{note.text} {text}")
                    break
    return notes


def _phrases(row: Row) -> list[tuple[float, str]]:
    """The cells of a row: words closer than two spaces, small raised marks included."""
    cells: list[tuple[float, str]] = []
    last = 0.0
    height = max((word.height for word in row.words), default=0.0)
    for word in row.words:
        if cells and word.x0 - last < 0.9 * height:
            cells[-1] = (cells[-1][0], f"{cells[-1][1]} {word.text}")
        else:
            cells.append((word.x0, word.text))
        last = word.x1
    return cells


def note_for(row: TableRow, label: str, table: Table, notes: Sequence[Note]) -> str:
    """The footnotes a row refers to: the next one below with its mark, in its column first."""
    keys = [part for mark in row.marks for part in re.findall(r"\d{1,2}|\*+|†|‡|[a-zA-Z]", mark)]
    stars = re.search(r"(\*{1,4})\s*$", label)
    if stars:
        keys.append(stars[1])
    keys += re.findall(r"\[([A-Za-z])\]", label)
    found = []
    for key in dict.fromkeys(keys):
        below = [n for n in notes if n.mark == key and n.row > row.row]
        beside = [n for n in below if table.x0 - 30 <= n.x0 <= table.x1]
        if below:
            found.append((beside or below)[0].text)
    return " ".join(found)


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
