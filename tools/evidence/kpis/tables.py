"""Sightings of KPI values in tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tools.evidence.kpis.catalogue import Kpi
from tools.evidence.kpis.cell_units import (
    common_emission_unit,
    finished_unit,
    page_emission_unit,
    plausible_unit,
    unit_for,
)
from tools.evidence.kpis.columns import ColumnMeaning, read_column
from tools.evidence.kpis.document import Document, Note, basis_in_note, footnotes
from tools.evidence.kpis.labels import (
    Basis,
    LabelMatch,
    basis_of,
    boundary_of,
    canonical,
    heading_quality,
    is_generic,
    matches,
    speaks_of_part,
    split_unit,
)
from tools.evidence.kpis.observation import Observation
from tools.evidence.kpis.read_rows import ReadRow, read_row
from tools.evidence.kpis.row_checks import change_check, summed_rows
from tools.evidence.kpis.totals import deduced_totals
from tools.evidence.numbers import Number, Style, parse_number, style_of
from tools.evidence.units import Unit, is_fine
from tools.pdf.page import PageRecord, Table, TableRow


@dataclass(frozen=True, slots=True)
class _Named:
    match: LabelMatch
    via: str
    """Canonical heading the KPI was named by; empty where the label itself names it."""
    total: bool


def observe_tables(
    page: PageRecord, tables: Sequence[Table], document: Document
) -> list[Observation]:
    """All KPI values of a page's tables."""
    found: list[Observation] = []
    notes: list[Note] | None = None
    whole = not speaks_of_part(page_title(page))
    for number, table in enumerate(tables):
        meanings = [read_column(column) for column in table.columns]
        style = style_of(
            (cell for row in table.rows for cell in row.cells), least=2
        ) or document.style_on(page.number)
        valued = frozenset(canonical(split_unit(row.label)[0]) for row in table.rows)
        summed = summed_rows(table, meanings, style)
        stub_unit = _stub_unit(meanings)
        own: list[Observation] = []
        for place, row in enumerate(table.rows):
            if notes is None and page.rows:
                notes = footnotes(page)
            read = read_row(
                table,
                row,
                notes or [],
                valued,
                summed=place in summed,
                stub_unit=stub_unit,
                names=document.names,
            )
            own += _observe_row(page, table, read, meanings, document, style)
        own += deduced_totals(table, own, style)
        found += [replace(o, table=number, clean=o.clean and whole) for o in own]
    return found


def _stub_unit(meanings: Sequence[ColumnMeaning]) -> tuple[Unit | None, str]:
    """The only unit of a measure that stands over no year, "" where there is none."""
    found = {
        (m.unit, m.unit_printed)
        for m in meanings
        if m.kind == "other" and m.unit is not None and m.unit.dimension in _MEASURES
    }
    return found.pop() if len(found) == 1 else (None, "")


_MEASURES = ("emissions", "energy", "volume", "mass", "count")


def page_title(page: PageRecord) -> str:
    """The largest line in the upper third of a page, where it is larger than the text."""
    heights = sorted(row.words[0].height for row in page.rows if row.words)
    if len(heights) < 5:
        return ""
    usual = heights[len(heights) // 2]
    upper = [row for row in page.rows if row.words and row.top < page.height / 3]
    tallest = max((max(w.height for w in row.words) for row in upper), default=0.0)
    if tallest < 1.4 * usual:
        return ""
    return canonical(
        " ".join(row.text for row in upper if max(w.height for w in row.words) > 0.95 * tallest)[
            :160
        ]
    )


def _observe_row(
    page: PageRecord,
    table: Table,
    read: ReadRow,
    meanings: Sequence[ColumnMeaning],
    document: Document,
    style: Style,
) -> Iterator[Observation]:
    bracketed = _all_bracketed(read.row, meanings)
    for year, column, meaning in _year_cells(read.row, meanings, document):
        cell = read.row.cells[column]
        unit, unit_printed = unit_for(table, read, meaning, cell)
        stated = unit is not None
        number = parse_number(cell, style, whole=unit is not None and is_fine(unit))
        if number is None:
            continue
        if number.value < 0 and bracketed:
            number = replace(number, value=-number.value)
        named = _name(read, meaning, unit)
        if named is None:
            continue
        kpi = named.match.kpi
        if unit is None and kpi.dimension == "emissions":
            unit = common_emission_unit(table) or page_emission_unit(page)
        unit = plausible_unit(kpi, number.value, finished_unit(kpi, unit, read, document))
        if not _fits(kpi, number, unit) or (number.percent and kpi.dimension in _MEASURES):
            continue
        yield Observation(
            kpi=kpi.id,
            year=year,
            value=number.value,
            printed=_printed(cell, number),
            decimals=number.decimals,
            unit=unit,
            unit_printed=unit_printed,
            page=page.number,
            way="table" if table.method != "grid" else "year rows",
            label=read.name if not named.via else f"{named.via}: {read.name}",
            exact=named.match.purity == "exact" and not (named.via and _averaged(kpi, page)),
            clean=_is_clean(read, named, meaning),
            section=read.row.section,
            caption=table.caption,
            row=read.row.row,
            basis=_basis(kpi, read, meaning),
            boundary=meaning.boundary or _boundary(read),
            variant=_variant(named.match, read.label),
            total=named.total or meaning.total,
            limit=number.limit,
            unit_stated=stated or (unit is not None and unit.dimension in ("count", "rate")),
            checks=(
                *change_check(read.row, meanings, column, number, style),
                *(("the rows above add up to it",) if read.summed else ()),
            ),
        )


def _year_cells(
    row: TableRow, meanings: Sequence[ColumnMeaning], document: Document
) -> Iterator[tuple[int, int, ColumnMeaning]]:
    """One column for every year: the total of several, never a part, target or change."""
    by_year: dict[tuple[int, str], list[int]] = {}
    for number, meaning in enumerate(meanings):
        if meaning.year is None or meaning.kind != "value" or not row.cells[number]:
            continue
        if document.fiscal_year and meaning.year > document.fiscal_year:
            continue
        by_year.setdefault((meaning.year, meaning.boundary), []).append(number)
    for (year, _), numbers in by_year.items():
        plain = [n for n in numbers if not meanings[n].name and not meanings[n].part]
        totals = [n for n in plain if meanings[n].total]
        choice = totals or plain
        units = {meanings[n].unit for n in choice}
        if len(choice) == 1 or len(units) == len(choice):
            yield from ((year, n, meanings[n]) for n in choice)
        for n in numbers:
            if n not in plain and not meanings[n].part:
                yield year, n, meanings[n]


def _averaged(kpi: Kpi, page: PageRecord) -> bool:
    """A page that counts employees over the year, in a table whose rows do not say so."""
    return kpi.dimension == "count" and bool(_AVERAGE.search(page.text))


_AVERAGE = re.compile(
    r"\baverage\s+(?:number\s+of\s+)?(?:employees|staff|workforce|headcount|full)", re.IGNORECASE
)


def _all_bracketed(row: TableRow, meanings: Sequence[ColumnMeaning]) -> bool:
    """Every value of the row is in brackets: a second reading of the row above, no loss."""
    cells = [c for c, m in zip(row.cells, meanings, strict=True) if m.kind == "value" and c]
    return len(cells) > 1 and all(re.match(r"^\(\d.*\)$", c) for c in cells)


def _name(read: ReadRow, meaning: ColumnMeaning, unit: Unit | None) -> _Named | None:
    """The KPI a row names, by its label, by its column with the label, or by its heading."""
    total = "total" in read.label.split() or "group" in read.label.split()
    if meaning.name:
        joined = f"{read.label} {meaning.name}".strip()
        match = _best(joined, unit)
        own = _best(read.label, unit)
        if match is not None and own is None:
            return _Named(match, "", total)
        return None
    match = _best(read.label, unit)
    if match is not None:
        if match.kpi.context and not any(
            match.kpi.context in h for h in (*read.headings, read.label)
        ):
            return None
        return _Named(match, "", total)
    if _WOMEN.fullmatch(read.label) and read.headings:
        match = _best(f"women in {_STAFF_IN.sub('', read.headings[0])}", unit)
        if match is not None:
            return _Named(match, read.headings[0], False)
    return _named_by_heading(read, unit)


def _named_by_heading(read: ReadRow, unit: Unit | None) -> _Named | None:
    """The KPI that the headings over a total name, the innermost first."""
    joinable = _JOINABLE.search(read.label) is not None
    entity = read.summed and read.label.split()[-1:] in (["group"], ["total"])
    if not is_generic(read.label) and not joinable and not entity:
        return None
    for heading in read.headings[:4]:
        if heading in read.valued and basis_of(read.label) is None:
            return None
        text = split_unit(heading)[0]
        if _TOTAL.search(read.label):
            text = _BREAKDOWN.sub("", text)
        match = _best(_joined(text, read.label) if joinable else text, unit)
        if match is not None:
            if match.purity == "exact" and not match.kpi.context:
                return _Named(match, text, True)
            break
        if not is_generic(text) and heading in read.sections:
            return None
    if entity and _HEADS.search(read.unit_printed):
        return next((_Named(m, "employees", True) for m in matches("employees")), None)
    return None


_HEADS = re.compile(r"\b(?:fte|head|persons|employees|vzä)", re.IGNORECASE)
_WOMEN = re.compile(r"(?:women|females?|frauen)(?: (?:total|share))?")
_STAFF_IN = re.compile(
    r"^(?:employees|staff|people|persons|workforce|diversity) (?:in|at|among) (?:all |the )?"
)
_TOTAL = re.compile(r"\b(?:total|sum|group|overall|gesamt|summe)\b")
_BREAKDOWN = re.compile(
    r"\s*\(?\b(?:broken down |split )?by (?:country|countries|region|regions|type|source|"
    r"energy source|"
    r"energy carrier|site|sites|segment|segments|division|business|business unit|gas|category|"
    r"scope)"
    r"(?: (?:and|or) \w+)?\b\)?"
)
"""Says what the rows over a total are; the total itself is none of them."""
_JOINABLE = re.compile(r"^(?:absolute|relative|per|in relation|specific)\b")


def _joined(heading: str, label: str) -> str:
    """A chart's title with the name of one of its columns ("... absolute", "... per revenue")."""
    if label.startswith("absolute"):
        heading = re.sub(r"\bintensity\b", "", heading)
    return f"{heading} {label}".strip()


def _best(label: str, unit: Unit | None) -> LabelMatch | None:
    """The most specific KPI of a label whose dimension the unit fits."""
    for match in matches(label):
        if match.purity == "part":
            continue
        if unit is None or _dimension_fits(match.kpi, unit):
            return match
        if match.kpi.dimension == "rate" and unit.name == "headcount" and match.purity == "exact":
            return match
    return None


def _dimension_fits(kpi: Kpi, unit: Unit) -> bool:
    if unit.dimension in kpi.dimensions:
        return kpi.numerator is None or bool(unit.gas) or unit.name.startswith(("t/", "kg/"))
    return kpi.dimension == "emissions" and unit.dimension == "mass"


def _fits(kpi: Kpi, number: Number, unit: Unit | None) -> bool:
    """Within the sanity range, with a unit of the right kind."""
    if number.value < 0:
        return False
    if unit is None:
        return kpi.dimension in ("rate", "count")
    low, high = kpi.range
    base = number.value * unit.factor
    return base <= high and (base >= low or (number.value == 0 and kpi.dimension != "count"))


def _is_clean(read: ReadRow, named: _Named, meaning: ColumnMeaning) -> bool:
    """Neither headings nor column make the figure one of a part of the group."""
    if meaning.part:
        return False
    for heading in read.sections:
        if heading == named.via:
            continue
        text = split_unit(heading)[0]
        if _BREAKDOWN.sub("", text) == named.via:
            continue
        if any(m.kpi.id == named.match.kpi.id and m.purity == "exact" for m in matches(text)):
            continue
        quality = heading_quality(text)
        if quality == "part" or (quality == "unknown" and heading in read.valued):
            return False
    return all(
        heading_quality(re.sub(r"\bothers?\b", "", heading)) != "part"
        for heading in read.headings[read.inner : read.inner + 1]
        if named.via not in (heading, _BREAKDOWN.sub("", split_unit(heading)[0]))
    )


def _basis(kpi: Kpi, read: ReadRow, meaning: ColumnMeaning) -> Basis | None:
    if not kpi.basis:
        return None
    for text in (read.label, meaning.name, *read.headings):
        basis = basis_of(text)
        if basis is not None:
            return basis
    return meaning.basis or (basis_in_note(read.note) if read.note else None)


def _boundary(read: ReadRow) -> str:
    for text in (read.label, *read.headings):
        boundary = boundary_of(text)
        if boundary is not None:
            return boundary
    return ""


def _variant(match: LabelMatch, label: str) -> str:
    if match.variant:
        return match.variant
    return next(
        (
            word
            for word in ("net", "gross")
            if word in label.replace("(", " ").replace(")", " ").split()
        ),
        "",
    )


def _printed(cell: str, number: Number) -> str:
    """The number as it stands in the cell, with its per cent sign, without other units."""
    start = cell.find(number.printed)
    tail = re.match(r"\s?%", cell[start + len(number.printed) :])
    return number.printed + (tail[0] if tail else "")
