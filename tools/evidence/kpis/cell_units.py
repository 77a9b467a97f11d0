"""The unit of a table cell: its own, its row's, its column's, a heading's, the report's."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from tools.evidence.kpis.catalogue import Kpi
from tools.evidence.kpis.columns import ColumnMeaning
from tools.evidence.kpis.document import Document
from tools.evidence.kpis.labels import split_unit
from tools.evidence.kpis.read_rows import ReadRow
from tools.evidence.units import Unit, parse_unit, with_gas
from tools.pdf.page import PageRecord, Table


def unit_for(
    table: Table, read: ReadRow, meaning: ColumnMeaning, cell: str
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
    if read.stub_unit[0] is not None:
        return read.stub_unit
    for part in [*reversed(read.row.section.split(" > ")), *reversed(table.caption.split(" | "))]:
        _, printed, unit = split_unit(part)
        if unit is not None:
            return unit, printed
    return None, ""


@lru_cache(maxsize=64)
def common_emission_unit(table: Table) -> Unit | None:
    """The unit all emission rows of a table share, for a row that prints none."""
    found = {
        unit
        for row in table.rows
        if row.unit and (unit := parse_unit(row.unit)) is not None and unit.dimension == "emissions"
    }
    return found.pop() if len(found) == 1 else None


_EMISSION_UNIT = re.compile(
    r"(?:(?:(?:thousand|million|kilo|mega|metric|'000|ten|hundred|lakh)s?|"
    r"(?<=[(:])10+(?:,000)*)[ -]?)*"
    r"(?:[kKM]?t|tonnes?|"
    r"tons?)(?:-|\s{0,2})(?:of )?CO\s{0,2}[2₂][ -]?e?\w*",
    re.IGNORECASE,
)


_OTHER_SIZE = re.compile(
    r"CO\s?[2₂]\s?-?e?q?\)?\s?[(,]?\s?(?:in )?(?:[x×*]\s?10|['’]000|000['’]?s|thousands|millions)|"
    r"(?:10\s?\^\s?\d|10[³⁴⁵⁶]|[x×*]\s?1[,.]?000|000['’]?s|\bk|\bkilo)[ -]?"
    r"(?:t|tonnes?|tons?)[ -]{0,2}(?:of )?CO",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def page_emission_unit(page: PageRecord) -> Unit | None:
    """The only emission unit a page names anywhere, for tables that print none.

    None where a number or word beside it makes another size of it ("tCO2e x 1,000").
    """
    found = {match.group() for match in _EMISSION_UNIT.finditer(page.text)}
    units = {unit for text in found if (unit := parse_unit(text)) is not None}
    units = {unit for unit in units if unit.dimension == "emissions"}
    if len(units) != 1 or _OTHER_SIZE.search(page.text):
        return None
    return units.pop()


def plausible_unit(kpi: Kpi, value: float, unit: Unit | None) -> Unit | None:
    """The unit, with "Mt" read as metric tons where megatonnes would be beyond all reason."""
    if unit is None or unit.dimension != "emissions" or not unit.name.startswith("Mt "):
        return unit
    high = kpi.range[1]
    if value * unit.factor <= high or value > high:
        return unit
    return replace(unit, name=unit.name.replace("Mt ", "t ", 1), factor=1.0)


def finished_unit(kpi: Kpi, unit: Unit | None, read: ReadRow, document: Document) -> Unit | None:
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
            or (document.rate if unit is None or unit.dimension == "count" else unit)
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
        r"(?:per|x|×|\*|based on|/)\s*(?:1[,.]000[,.]000|one million|million|200[,.]000|"
        r"100[,.]000|1[,.]000|100)"
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
