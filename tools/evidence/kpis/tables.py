"""Sightings of KPI values in tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tools.evidence.kpis.catalogue import Kpi
from tools.evidence.kpis.columns import ColumnMeaning, read_column
from tools.evidence.kpis.document import Document, Note, basis_in_note, footnotes, note_for
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
from tools.evidence.kpis.totals import deduced_totals
from tools.evidence.numbers import Number, Style, parse_number, style_of
from tools.evidence.units import Unit, is_fine, parse_unit, with_gas
from tools.pdf.page import PageRecord, Table, TableRow

_EMISSION_KPIS = ("scope", "ghg")


@dataclass(frozen=True, slots=True)
class _Row:
    """A table row with what its label, section, caption and footnotes say."""

    row: TableRow
    name: str
    label: str
    unit: Unit | None
    unit_printed: str
    headings: tuple[str, ...]
    """Canonical headings, the innermost first, then the caption's lines from the table upward."""
    inner: int
    """How many of the headings are sections; the rest is the caption."""
    note: str
    valued: frozenset[str]

    @property
    def sections(self) -> tuple[str, ...]:
        return self.headings[: self.inner]


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
        own: list[Observation] = []
        for row in table.rows:
            if notes is None and page.rows:
                notes = footnotes(page)
            read = _read_row(table, row, notes or [], valued)
            own += _observe_row(page, table, read, meanings, document, style)
        own += deduced_totals(table, own, style)
        found += [replace(o, table=number, clean=o.clean and whole) for o in own]
    return found


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


def _read_row(table: Table, row: TableRow, notes: Sequence[Note], valued: frozenset[str]) -> _Row:
    name, unit_printed, unit = split_unit(row.label)
    if row.unit:
        words = row.label.split()
        for size in range(3):
            printed = " ".join([*words[len(words) - size :], row.unit])
            own = parse_unit(printed)
            if own is not None:
                unit, unit_printed = own, printed
                name = " ".join(words[: len(words) - size]) if size else name
                break
    sections = [canonical(part) for part in reversed(row.section.split(" > ")) if part]
    caption = [canonical(part) for part in reversed(table.caption.split(" | ")) if part]
    return _Row(
        row=row,
        name=name,
        label=canonical(name),
        unit=unit,
        unit_printed=unit_printed,
        headings=(*sections, *caption),
        inner=len(sections),
        note=note_for(row, row.label, table, notes),
        valued=valued,
    )


def _observe_row(
    page: PageRecord,
    table: Table,
    read: _Row,
    meanings: Sequence[ColumnMeaning],
    document: Document,
    style: Style,
) -> Iterator[Observation]:
    bracketed = _all_bracketed(read.row, meanings)
    for year, column, meaning in _year_cells(read.row, meanings, document):
        cell = read.row.cells[column]
        unit, unit_printed = _unit_for(table, read, meaning, cell)
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
            unit = _common_emission_unit(table) or _page_emission_unit(page)
        unit = _finished_unit(kpi, unit, read, document)
        if not _fits(kpi, number, unit):
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
            exact=named.match.purity == "exact",
            clean=_is_clean(read, named, meaning),
            section=read.row.section,
            caption=table.caption,
            row=read.row.row,
            basis=_basis(kpi, read, meaning),
            boundary=_boundary(read),
            variant=_variant(named.match, read.label),
            total=named.total or meaning.total,
            limit=number.limit,
            unit_stated=stated or (unit is not None and unit.dimension in ("count", "rate")),
            checks=_change_check(read.row, meanings, column, number, style),
        )


def _year_cells(
    row: TableRow, meanings: Sequence[ColumnMeaning], document: Document
) -> Iterator[tuple[int, int, ColumnMeaning]]:
    """One column for every year: the total of several, never a part, target or change."""
    by_year: dict[int, list[int]] = {}
    for number, meaning in enumerate(meanings):
        if meaning.year is None or meaning.kind != "value" or not row.cells[number]:
            continue
        if document.fiscal_year and meaning.year > document.fiscal_year:
            continue
        by_year.setdefault(meaning.year, []).append(number)
    for year, numbers in by_year.items():
        plain = [n for n in numbers if not meanings[n].name and not meanings[n].part]
        totals = [n for n in plain if meanings[n].total]
        choice = totals or plain
        units = {meanings[n].unit for n in choice}
        if len(choice) == 1 or len(units) == len(choice):
            yield from ((year, n, meanings[n]) for n in choice)
        for n in numbers:
            if n not in plain and not meanings[n].part:
                yield year, n, meanings[n]


def _all_bracketed(row: TableRow, meanings: Sequence[ColumnMeaning]) -> bool:
    """Every value of the row is in brackets: a second reading of the row above, no loss."""
    cells = [c for c, m in zip(row.cells, meanings, strict=True) if m.kind == "value" and c]
    return len(cells) > 1 and all(re.match(r"^\(\d.*\)$", c) for c in cells)


def _unit_for(
    table: Table, read: _Row, meaning: ColumnMeaning, cell: str
) -> tuple[Unit | None, str]:
    """The unit of a cell: its own, the row's, the column's, a heading's, the caption's."""
    suffix = re.sub(r"^[^A-Za-z%µ°]*", "", cell)
    own = parse_unit(suffix) if suffix else None
    if own is not None and own.dimension != "count":
        return own, suffix
    if suffix and read.unit is not None and suffix.casefold() in ("million", "billion", "thousand"):
        larger = parse_unit(f"{suffix.casefold()} {read.unit.name}")
        if larger is not None:
            return larger, f"{suffix} {read.unit_printed}"
    if read.unit is not None:
        return read.unit, read.unit_printed
    if meaning.unit is not None:
        return meaning.unit, meaning.unit_printed
    if table.unit and (unit := parse_unit(table.unit)) is not None:
        return unit, table.unit
    for part in [*reversed(read.row.section.split(" > ")), *reversed(table.caption.split(" | "))]:
        _, printed, unit = split_unit(part)
        if unit is not None:
            return unit, printed
    return None, ""


@lru_cache(maxsize=64)
def _common_emission_unit(table: Table) -> Unit | None:
    """The unit all emission rows of a table share, for a row that prints none."""
    found = {
        unit
        for row in table.rows
        if row.unit and (unit := parse_unit(row.unit)) is not None and unit.dimension == "emissions"
    }
    return found.pop() if len(found) == 1 else None


def _name(read: _Row, meaning: ColumnMeaning, unit: Unit | None) -> _Named | None:
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
    joinable = _JOINABLE.search(read.label) is not None
    if not is_generic(read.label) and not joinable:
        return None
    for heading in read.headings[:4]:
        if heading in read.valued and basis_of(read.label) is None:
            return None
        text, _, _ = split_unit(heading)
        match = _best(_joined(text, read.label) if joinable else text, unit)
        if match is not None:
            narrow = match.purity != "exact" or match.kpi.context
            return None if narrow else _Named(match, text, True)
        if not is_generic(text) and heading in read.sections:
            return None
    return None


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
    return None


_EMISSION_UNIT = re.compile(
    r"(?:(?:thousand|million|kilo|mega|metric|'000) ?)*(?:[kKM]?t|tonnes?|tons?)[ -]?(?:of )?CO ?[2₂][ -]?e?\w*",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def _page_emission_unit(page: PageRecord) -> Unit | None:
    """The only emission unit a page names anywhere, for tables that print none."""
    found = {
        unit
        for match in set(_EMISSION_UNIT.findall(page.text))
        if (unit := parse_unit(match)) is not None and unit.dimension == "emissions"
    }
    return found.pop() if len(found) == 1 else None


def _dimension_fits(kpi: Kpi, unit: Unit) -> bool:
    if unit.dimension in kpi.dimensions:
        return kpi.numerator is None or bool(unit.gas) or unit.name.startswith(("t/", "kg/"))
    return kpi.dimension == "emissions" and unit.dimension == "mass"


def _finished_unit(kpi: Kpi, unit: Unit | None, read: _Row, document: Document) -> Unit | None:
    """The unit with its gas, and the units that only a footnote or the whole report states."""
    if unit is not None and (kpi.dimension == "emissions" or kpi.numerator == "emissions"):
        return with_gas(unit, gas_of((read.label, *read.headings)))
    if kpi.dimension == "count":
        full_time = re.search(
            r"\bftes?\b|full[- ]time equivalent", f"{read.label} {read.note}".casefold()
        )
        if unit is None or unit.name == "headcount":
            return parse_unit("FTE" if full_time else "number")
        return unit
    if kpi.dimension == "rate" and (unit is None or unit.dimension != "rate"):
        return (
            rate_in(read.note)
            or rate_in(read.name)
            or (unit if unit is not None else document.rate)
        )
    return unit


def gas_of(texts: Sequence[str]) -> str:
    """CO2 where the words speak of CO2 and never of equivalents, else CO2e."""
    joined = " ".join(texts)
    if re.search(r"co2e|equivalent|ghg|greenhouse|thg|treibhaus", joined):
        return "CO2e"
    return "CO2" if re.search(r"co2|carbon dioxide", joined) else "CO2e"


def rate_in(text: str) -> Unit | None:
    """The hours or heads a rate refers to, as a footnote or definition tells it."""
    match = re.search(
        r"(?:per|x|×|\*|based on|/)\s*(?:1[,.]000[,.]000|one million|million|200[,.]000|100[,.]000|1[,.]000|100)"
        r"[^.;]{0,40}?(?:hours|stunden|ftes?\b|employees)",
        text,
        re.IGNORECASE,
    )
    if match:
        return parse_unit(match[0])
    turned = re.search(
        r"(?P<of>hours|stunden|employees)[^.;]{0,24}?[)\]]?\s*(?:x|×|\*)\s*"
        r"(?P<size>1[,.]000[,.]000|200[,.]000|100[,.]000|1[,.]000|100)\b",
        text,
        re.IGNORECASE,
    )
    if turned is None:
        return None
    what = "employees" if turned["of"].casefold() == "employees" else "hours worked"
    return parse_unit(f"per {turned['size']} {what}")


def _fits(kpi: Kpi, number: Number, unit: Unit | None) -> bool:
    """Within the sanity range, with a unit of the right kind."""
    if number.value < 0:
        return False
    if unit is None:
        return kpi.dimension in ("rate", "count")
    low, high = kpi.range
    base = number.value * unit.factor
    return base <= high and (base >= low or number.value == 0)


def _is_clean(read: _Row, named: _Named, meaning: ColumnMeaning) -> bool:
    """Neither headings nor column make the figure one of a part of the group."""
    if meaning.part:
        return False
    for heading in read.sections:
        if heading == named.via:
            continue
        text = split_unit(heading)[0]
        if any(m.kpi.id == named.match.kpi.id and m.purity == "exact" for m in matches(text)):
            continue
        quality = heading_quality(text)
        if quality == "part" or (quality == "unknown" and heading in read.valued):
            return False
    return all(
        heading_quality(re.sub(r"\bothers?\b", "", heading)) != "part"
        for heading in read.headings[read.inner : read.inner + 1]
        if heading != named.via
    )


def _basis(kpi: Kpi, read: _Row, meaning: ColumnMeaning) -> Basis | None:
    if not kpi.basis:
        return None
    for text in (read.label, meaning.name, *read.headings):
        basis = basis_of(text)
        if basis is not None:
            return basis
    return meaning.basis or (basis_in_note(read.note) if read.note else None)


def _boundary(read: _Row) -> str:
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


def _change_check(
    row: TableRow,
    meanings: Sequence[ColumnMeaning],
    column: int,
    number: Number,
    style: Style,
) -> tuple[str, ...]:
    """The change in per cent printed beside the last two years matches them."""
    years = sorted(
        (
            (m.year, n)
            for n, m in enumerate(meanings)
            if m.year and m.kind == "value" and row.cells[n]
        ),
        reverse=True,
    )
    if len(years) < 2 or column not in (years[0][1], years[1][1]):
        return ()
    last, before = (parse_number(row.cells[n], style) for _, n in years[:2])
    if last is None or before is None or before.value == 0:
        return ()
    actual = (last.value / before.value - 1) * 100
    for n, meaning in enumerate(meanings):
        change = parse_number(row.cells[n], style) if meaning.kind == "change" else None
        if change is None:
            continue
        tolerance = 0.5 * 10 ** (-change.decimals) + 100 * 10 ** (-last.decimals) / max(
            abs(before.value), 1e-9
        )
        if abs(change.value - actual) <= tolerance and abs(actual) > 0.05:
            return (f"the change of {row.cells[n]} printed beside it fits",)
    return ()
