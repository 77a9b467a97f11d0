"""KPI records of a report: observe in tables, rows and sentences, weigh, confirm, quote."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from agent.domain.evidence import Evidence
from agent.domain.kpi import KpiRecord, KpiStatus, Method
from tools.evidence.kpis.arithmetic import check_across, check_sums
from tools.evidence.kpis.columns import read_column
from tools.evidence.kpis.document import Document, read_document
from tools.evidence.kpis.observation import Observation, Way
from tools.evidence.kpis.prose import observe_prose
from tools.evidence.kpis.quotes import PageText, evidence_at, evidence_in_row
from tools.evidence.kpis.resolve import Finding, confirm_by_order, resolve
from tools.evidence.kpis.rows import has_single_values, single_value_tables
from tools.evidence.kpis.tables import observe_tables
from tools.evidence.kpis.text_lines import TextLine, text_lines
from tools.evidence.kpis.text_tables import single_lines, tables_of_text
from tools.evidence.units import normalised
from tools.pdf.page import PageRecord, Table
from tools.pdf.tables import find_tables
from tools.pdf.tables_lines import lines_of

_UNREAD = 60
"""Pages with fewer characters of text hold no figure worth looking for."""

_SHORT = 160
"""A line of a text table with fewer characters is quoted as a whole."""


def extract_kpis(
    pages: Sequence[PageRecord], *, report: str, fiscal_year: int | None = None
) -> tuple[KpiRecord, ...]:
    """KPI records of a report, best first within KPI and year.

    `pages` are the reader's records in order, `report` the sha256 that evidence refers to,
    `fiscal_year` the report's year where it is known. Values of later years (targets) are left
    out. Pure and synchronous; meant to run in a worker process for long reports.
    """
    readable = [page for page in pages if len(page.text) >= _UNREAD]
    tables = {
        page.number: page.tables or find_tables(page.number, page.rows, page.text)
        for page in readable
    }
    document = read_document(readable, tables, fiscal_year)
    observations: list[Observation] = []
    for page in readable:
        observations += _observe_page(page, tables[page.number], document)
    findings = resolve(check_across(check_sums(observations)), document)
    texts = {page.number: PageText(page) for page in readable}
    records: list[KpiRecord] = []
    for finding in findings:
        number = finding.best.page
        confirm_by_order(finding, lambda o: _in_order(o, texts[o.page], tables[o.page]))
        records.append(_record(finding, report, texts[number], tables[number]))
    return tuple(records)


def extract_from_text(text: str, *, report_year: int | None = None) -> tuple[KpiRecord, ...]:
    """KPI records of a single page of which only the text is known; `report` is left empty.

    Nothing is `verified` by layout here: a record is verified only by sums and by agreement of
    table lines and sentences.
    """
    page = PageRecord(number=1, width=0.0, height=0.0, text=text)
    lines = text_lines(text)
    found = tuple(tables_of_text(lines))
    document = read_document([page], {1: found}, report_year)
    used = {row.row for table in found for row in table.rows}
    single = single_lines(lines, used, document.fiscal_year) if document.fiscal_year else []
    observations = [
        *_from_lines(page, found, lines, document, "text"),
        *(
            replace(o, year_stated=False)
            for o in _from_lines(page, single, lines, document, "text")
        ),
        *observe_prose(1, text, document),
    ]
    page_text = PageText(page)
    findings = resolve(check_across(check_sums(observations)), document)
    return tuple(_record(finding, "", page_text, ()) for finding in findings)


def _observe_page(
    page: PageRecord, tables: Sequence[Table], document: Document
) -> list[Observation]:
    found = observe_tables(page, tables, document)
    if not page.rows:
        lines = text_lines(page.text)
        found += _from_lines(page, tables_of_text(lines), lines, document, "text")
    elif found:
        lines = text_lines(page.text)
        found += _from_lines(page, tables_of_text(lines), lines, document, "lines")
    if page.rows:
        found += _from_single_rows(page, tables, document)
    return found + observe_prose(page.number, page.text, document)


def _from_lines(
    page: PageRecord,
    tables: Sequence[Table],
    lines: Sequence[TextLine],
    document: Document,
    way: Way,
) -> list[Observation]:
    return [
        replace(o, way=way, table=o.table + 100, sentence=lines[o.row].text, row=-1)
        for o in observe_tables(page, tables, document)
    ]


def _from_single_rows(
    page: PageRecord, tables: Sequence[Table], document: Document
) -> list[Observation]:
    used = {row.row for table in tables for row in table.rows}
    if not has_single_values(page.rows, used):
        return []
    single = single_value_tables(lines_of(page.rows), used, document)
    found: list[Observation] = []
    for number, (table, stated) in enumerate(single):
        for observation in observe_tables(page, [table], document):
            found.append(replace(observation, way="row", year_stated=stated, table=200 + number))
    return found


def _record(finding: Finding, report: str, text: PageText, tables: Sequence[Table]) -> KpiRecord:
    best = finding.best
    unit = best.unit
    status: KpiStatus = "verified" if finding.verified else "candidate"
    method: Method = "prose" if best.way == "prose" else "table"
    superseded = finding.superseded_by
    return KpiRecord(
        id=_identity(report, best),
        kpi=best.kpi,
        year=best.year,
        value=best.value,
        printed=best.printed,
        unit=unit.name if unit is not None else "",
        unit_printed=best.unit_printed,
        normalised=normalised(best.value, unit) if unit is not None else None,
        basis=best.basis,
        boundary=best.boundary or "group",
        label=best.label,
        section=best.section or best.caption,
        evidence=_evidence(best, report, text, tables),
        method=method,
        status=status,
        confirmations=finding.confirmations,
        flags=_flags(best, text.page),
        superseded_by=_identity(report, superseded.best) if superseded is not None else None,
        superseded_why=finding.superseded_why,
    )


def _identity(report: str, best: Observation) -> str:
    """A stable id: the same sighting of the same report has the same one in every run."""
    parts = (
        report,
        best.kpi,
        best.year,
        best.basis,
        best.boundary,
        best.variant,
        best.printed,
        best.page,
    )
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:12]
    return f"{best.kpi}-{best.year}-{digest}"


def _flags(best: Observation, page: PageRecord) -> tuple[str, ...]:
    flags = list(best.flags)
    if best.variant:
        flags.append(f"of {best.variant}" if best.kpi == "renewable_share" else best.variant)
    if not best.year_stated:
        flags.append("year not printed with the value")
    if not best.unit_stated:
        flags.append("unit not printed beside the value")
    if page.reader == "ocr":
        flags.append("ocr")
    return tuple(flags)


def _evidence(best: Observation, report: str, text: PageText, tables: Sequence[Table]) -> Evidence:
    """The shortest verbatim stretch of the page with the label and the value."""
    page = text.page
    span = None
    if best.sentence:
        span = text.nearest(best.sentence[:60], best.printed)
        if span is None or (best.way == "text" and len(best.sentence) < _SHORT):
            span = text.stretch(best.sentence) or span
    else:
        name = best.label.split(": ")[-1]
        cells, upto = _cells(best, tables)
        span = text.row_in_order(name, cells, upto) or text.nearest(name, best.printed)
    if span is not None:
        return evidence_at(text, report, text.with_unit(span, best.unit_printed))
    if 0 <= best.row < len(page.rows):
        return evidence_in_row(page, report, page.rows[best.row], best.printed)
    start = text.find(best.printed)
    if start is not None:
        return evidence_at(text, report, start)
    return Evidence(report=report, page=page.number, quote=best.printed, label=page.label or None)


def _in_order(best: Observation, text: PageText, tables: Sequence[Table]) -> bool:
    """The page's text gives the years of the header, and the row with all its cells, in order."""
    if not 0 <= best.table < len(tables):
        return False
    table = tables[best.table]
    row = next((r for r in table.rows if r.row == best.row), None)
    if row is None:
        return False
    places = [n for n, column in enumerate(table.columns) if read_column(column).year]
    years = [re.sub(r"\D*((?:19|20)\d\d).*", r"\1", table.columns[n]) for n in places]
    cells = [row.cells[n] for n in places if row.cells[n]]
    if len(cells) < 2 or len(years) != len(set(years)):
        return False
    name = best.label.split(": ")[-1]
    return (
        text.sequence(years) is not None
        and text.row_in_order(name, cells, len(cells) - 1) is not None
    )


def _cells(best: Observation, tables: Sequence[Table]) -> tuple[list[str], int]:
    """The printed cells of the value's table row and the place of the value among them."""
    if 0 <= best.table < len(tables):
        for row in tables[best.table].rows:
            if row.row == best.row:
                cells = list(row.cells)
                for place, cell in enumerate(cells):
                    if best.printed in cell and _year_at(tables[best.table], place, best.year):
                        return cells, place
    return [best.printed], 0


def _year_at(table: Table, place: int, year: int) -> bool:
    return read_column(table.columns[place]).year == year
