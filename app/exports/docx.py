"""The analysis as a Word document."""

from collections.abc import Sequence
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Pt

from agent.domain import Analysis, CompanyAnalysis
from app.exports.content import (
    Numbered,
    by_topic,
    cell_text,
    column_head,
    figure_rows,
    gaps,
    labels,
    median_text,
    numbered_claims,
    report_line,
    target_words,
    title,
)
from app.exports.text import flat, without_markup

_SMALL = Pt(8)


def to_docx(analysis: Analysis) -> bytes:
    """The document's bytes: synthesis, comparison, a section a company, gaps and sources."""
    document = docx.Document()
    _landscape(document)
    document.core_properties.title = flat(title(analysis))
    document.core_properties.author = ""
    document.add_heading(flat(title(analysis)), 0)
    for label in labels(analysis):
        document.add_paragraph(flat(label), style="Intense Quote")
    document.add_heading("Synthesis", 1)
    _written(document, analysis.synthesis.markdown)
    document.add_heading("Comparison", 1)
    _comparison(document, analysis)
    synthesis, companies = numbered_claims(analysis)
    document.add_heading("Companies", 1)
    for company in analysis.companies:
        _company(document, company, companies[company.company_id])
    document.add_heading("Sources", 1)
    _sources(document, analysis, [*synthesis, *(n for c in companies.values() for n in c)])
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _landscape(document: Document) -> None:
    """Wide pages, because the comparison has a column a company."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _written(document: Document, markdown: str) -> None:
    for line in markdown.splitlines():
        words = without_markup(line)
        if not words:
            continue
        if line.startswith("#"):
            document.add_heading(words, 2)
        elif line.lstrip().startswith(("- ", "* ")):
            document.add_paragraph(words, style="List Bullet")
        else:
            document.add_paragraph(words)


def _points(document: Document, points: Sequence[str]) -> None:
    for point in points:
        document.add_paragraph(flat(point), style="List Bullet")


def _table(document: Document, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1 + len(rows), cols=len(headers), style="Light Grid Accent 1")
    for line, row in zip(table.rows, [headers, *rows], strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            run = cell.paragraphs[0].add_run(flat(text))
            run.font.size = _SMALL
            run.bold = row is headers


def _comparison(document: Document, analysis: Analysis) -> None:
    table = analysis.table
    if not table.columns or not table.rows:
        document.add_paragraph("No figures to compare.")
        return
    headers = ["Figure", *(row.company for row in table.rows), "Median"]
    rows = [
        [column_head(column), *(cell_text(r.cells[i]) for r in table.rows), median_text(column)]
        for i, column in enumerate(table.columns)
    ]
    _table(document, headers, rows)
    document.add_paragraph(
        "In brackets the change against the year before. † not comparable, see below."
    )
    _points(document, [*table.notes, *(f"Contradiction: {t}" for t in table.contradictions)])


def _company(document: Document, company: CompanyAnalysis, claims: list[Numbered]) -> None:
    document.add_heading(flat(company.name), 2)
    if company.status != "done":
        document.add_paragraph(f"No analysis: {flat(company.reason)}")
        return
    document.add_paragraph(f"Report: {flat(report_line(company))}")
    for topic, chosen in by_topic(claims):
        document.add_heading(flat(topic), 3)
        _points(document, [f"{one.claim.text} [{one.number}]" for one in chosen])
    if company.summary.not_found_topics:
        missing = ", ".join(company.summary.not_found_topics)
        document.add_paragraph(f"Nothing found in this report on: {flat(missing)}.")
    figures = [
        [row.figure, str(row.year), row.value, row.boundary, str(row.page), row.status, row.notes]
        for row in figure_rows(company)
    ]
    targets = [target_words(target) for target in company.targets]
    missing_figures = [
        [gap.figure, gap.kind, str(gap.page or ""), gap.quote] for gap in gaps(company)
    ]
    headers = ["Figure", "Year", "As reported", "Boundary", "Page", "Status", "Notes"]
    _titled(document, "Figures", headers, figures)
    _titled(
        document,
        "Targets",
        list(targets[0]) if targets else [],
        [list(words.values()) for words in targets],
    )
    _titled(
        document, "Not in the report", ["Figure", "Kind", "Page", "What it says"], missing_figures
    )


def _titled(
    document: Document, heading: str, headers: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    if rows:
        document.add_heading(heading, 3)
        _table(document, headers, rows)


def _sources(document: Document, analysis: Analysis, claims: Sequence[Numbered]) -> None:
    files = {
        row.report.sha256: f"{row.name}, {row.report.file}"
        for row in analysis.companies
        if row.report
    }
    for one in claims:
        for place in one.claim.evidence:
            name = files.get(place.report, "unknown report")
            text = f"[{one.number}] {name}, page {place.page}: “{place.quote}”"
            document.add_paragraph(flat(text)).runs[0].font.size = _SMALL
