"""The analysis as an Excel workbook: one sheet a concern, every figure with its source.

No text becomes a formula or a link of its own: the writer is told to store strings as strings,
and links are made only here, to a report and its page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote, urlsplit

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from agent.domain import Analysis, CompanyAnalysis, Evidence, Report
from app.exports.content import (
    STATUSES,
    by_topic,
    cell_text,
    choice_lines,
    column_head,
    figure_rows,
    gaps,
    labels,
    median_text,
    numbered_claims,
    register_words,
    report_line,
    target_words,
    title,
)
from app.exports.text import flat, without_markup

_WIDEST = 60
_NARROWEST = 8
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True, slots=True)
class _Link:
    """A cell that opens a page of a report."""

    address: str
    text: str


_Value = str | float | int | _Link | None


def to_xlsx(analysis: Analysis) -> bytes:
    """The workbook's bytes: summary, comparison, figures, claims, targets, gaps, sources."""
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, _OPTIONS)
    workbook.set_properties({"title": flat(title(analysis)), "comments": labels(analysis)[-1]})
    book = _Book(workbook)
    book.sheet("Summary", ["Section", "Text"], _summary(analysis))
    book.sheet("Comparison", *_comparison(analysis))
    book.sheet("Figures", _FIGURES, [r for c in analysis.companies for r in _figures(c)])
    book.sheet("Claims", _CLAIMS, _claims(analysis))
    book.sheet("Targets", _TARGETS, [r for c in analysis.companies for r in _targets(c)])
    book.sheet("Not found", _GAPS, [r for c in analysis.companies for r in _gaps(c)])
    book.sheet("Sources", _SOURCES, _sources(analysis))
    workbook.close()
    return stream.getvalue()


class _Book:
    """Writes rows as sheets with a bold, frozen head, filters and fitting widths."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._head: Format = workbook.add_format({"bold": True, "bottom": 1})
        self._body: Format = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._link: Format = workbook.add_format(
            {"font_color": "blue", "underline": 1, "valign": "top"}
        )

    def sheet(self, name: str, headers: Sequence[str], rows: Sequence[Sequence[_Value]]) -> None:
        sheet = self._workbook.add_worksheet(name)
        for column, header in enumerate(headers):
            sheet.write_string(0, column, flat(header), self._head)
            texts = [_shown(row[column]) for row in rows]
            widest = max([len(header), *(len(text) for text in texts)])
            sheet.set_column(column, column, max(_NARROWEST, min(_WIDEST, widest + 1)))
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, _Link):
                    sheet.write_url(line, column, value.address, self._link, flat(value.text))
                elif isinstance(value, (int, float)):
                    sheet.write_number(line, column, value, self._body)
                elif value:
                    sheet.write_string(line, column, flat(value), self._body)
        sheet.freeze_panes(1, 0)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(headers) - 1)


def _shown(value: _Value) -> str:
    return value.text if isinstance(value, _Link) else str(value or "")


def page_address(report: Report | None, page: int) -> str:
    """Where a page opens: the report's web address, else its file beside the workbook."""
    if report is None:
        return ""
    if urlsplit(report.source).scheme in {"http", "https"}:
        return f"{report.source.split('#')[0]}#page={page}"
    return f"external:{quote(report.file)}#page={page}"


def _page(company: CompanyAnalysis, page: int) -> _Value:
    address = page_address(company.report, page)
    return _Link(address, f"page {page}") if address else page


def _summary(analysis: Analysis) -> list[list[_Value]]:
    rows: list[list[_Value]] = [["Title", title(analysis)]]
    rows += [["Note", label] for label in labels(analysis)]
    section = "Synthesis"
    for line in analysis.synthesis.markdown.splitlines():
        if line.startswith("#"):
            section = without_markup(line)
        elif line.strip():
            rows.append([section, without_markup(line)])
    rows += [["Read with care", note] for note in analysis.table.notes]
    rows += [["Contradiction", text] for text in analysis.table.contradictions]
    return rows


def _comparison(analysis: Analysis) -> tuple[list[str], list[list[_Value]]]:
    table = analysis.table
    headers = ["Figure", *(row.company for row in table.rows), "Median", "Lowest", "Highest"]
    rows: list[list[_Value]] = [
        [
            column_head(column),
            *(cell_text(row.cells[index]) for row in table.rows),
            median_text(column),
            column.low,
            column.high,
        ]
        for index, column in enumerate(table.columns)
    ]
    return headers, rows


_FIGURES = [
    "Company", "Figure", "KPI", "Year", "Value", "Unit", "As printed", "Normalised", "Base unit",
    "Conversion", "Boundary", "Status", "Method", "Confirmed by", "Notes", "Page", "Quote",
]  # fmt: skip


def _figures(company: CompanyAnalysis) -> list[list[_Value]]:
    rows: list[list[_Value]] = []
    for row in figure_rows(company):
        record = row.record
        base = record.normalised
        rows.append(
            [
                company.name,
                row.figure,
                record.kpi,
                record.year,
                record.value,
                record.unit,
                record.printed,
                base.value if base else None,
                base.unit if base else None,
                base.conversion if base else None,
                record.boundary,
                record.status,
                record.method,
                "; ".join(record.confirmations),
                row.notes,
                _page(company, row.page),
                record.evidence.quote,
            ]
        )
    return rows


_CLAIMS = ["Number", "Company", "Topic", "Claim", "Status", "Pages"]


def _claims(analysis: Analysis) -> list[list[_Value]]:
    synthesis, companies = numbered_claims(analysis)
    names = {row.company_id: row.name for row in analysis.companies}
    grouped = [("Synthesis", synthesis)]
    grouped += [(names[key], claims) for key, claims in companies.items()]
    return [
        [
            one.number,
            name,
            topic,
            one.claim.text,
            one.claim.status,
            ", ".join(dict.fromkeys(str(place.page) for place in one.claim.evidence)),
        ]
        for name, claims in grouped
        for topic, chosen in by_topic(claims)
        for one in chosen
    ]


_TARGETS = [
    "Company",
    "Target",
    "Scopes",
    "By",
    "Base year",
    "Reduction",
    "Status",
    "In registers",
    "Quote",
    "Page",
]


def _targets(company: CompanyAnalysis) -> list[list[_Value]]:
    rows: list[list[_Value]] = []
    for target in company.targets:
        words = target_words(target) | {"In registers": register_words(company, target)}
        cells: list[_Value] = [words[name] for name in _TARGETS[1:-1]]
        rows.append([company.name, *cells, _page(company, target.evidence.page)])
    return rows


_GAPS = ["Company", "Figure", "Kind", "What it says", "Page"]


def _gaps(company: CompanyAnalysis) -> list[list[_Value]]:
    rows: list[list[_Value]] = [
        [
            company.name,
            gap.figure,
            gap.kind,
            gap.quote,
            _page(company, gap.page) if gap.page else None,
        ]
        for gap in gaps(company)
    ]
    if company.status != "done":
        documents = [f"May be its report: {line}" for line in choice_lines(company)]
        said = "\n".join([company.reason, *documents])
        rows.append([company.name, "everything", STATUSES[company.status], said, None])
    return rows


_SOURCES = ["Number", "Company", "Report", "Page", "Printed page", "Quote", "Source", "SHA-256"]


def _sources(analysis: Analysis) -> list[list[_Value]]:
    """Every cited place, and every report, so that a source without a citation is seen too."""
    owners = {row.report.sha256: row for row in analysis.companies if row.report}
    synthesis, companies = numbered_claims(analysis)
    claims = [*synthesis, *(one for chosen in companies.values() for one in chosen)]
    rows = [
        _source(one.number, place, owners[place.report])
        for one in claims
        for place in one.claim.evidence
        if place.report in owners
    ]
    for company in owners.values():
        report = company.report
        if report:
            line = report_line(company)
            rows.append([None, company.name, line, None, None, None, report.source, report.sha256])
    return rows


def _source(cited: int, place: Evidence, company: CompanyAnalysis) -> list[_Value]:
    report = company.report
    return [
        cited,
        company.name,
        report.file if report else None,
        _page(company, place.page),
        place.label,
        place.quote,
        report.source if report else None,
        place.report,
    ]
