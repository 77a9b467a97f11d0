"""The whole analysis as one Markdown document that is safe to render anywhere."""

import re

from tabulate import tabulate

from agent.analyst.markdown import defuse, escape, escape_cell
from agent.domain import Analysis, CompanyAnalysis, ComparisonTable, Evidence
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

_HEADING = re.compile(r"^(#{1,4}) ", re.MULTILINE)


def to_markdown(analysis: Analysis) -> str:
    """Synthesis with numbered citations, comparison, a section a company, gaps and sources.

    Text of reports and models is escaped: no image, raw HTML or live link comes of it.
    """
    synthesis, companies = numbered_claims(analysis)
    blocks = [
        f"# {escape(title(analysis))}",
        "\n".join(f"> {escape(label)}" for label in labels(analysis)),
        "## Synthesis",
        _HEADING.sub(r"\1# ", defuse(analysis.synthesis.markdown)).strip(),
        "## Comparison",
        *_comparison(analysis.table),
        "## Companies",
    ]
    for company in analysis.companies:
        blocks += _company(company, companies[company.company_id])
    blocks += ["## Sources", *_sources(analysis, [*synthesis, *_all(companies)])]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _all(companies: dict[str, list[Numbered]]) -> list[Numbered]:
    return [one for claims in companies.values() for one in claims]


def _table(headers: list[str], rows: list[list[str]]) -> str:
    return tabulate(
        [[escape_cell(cell) for cell in row] for row in rows],
        headers=[escape_cell(header) for header in headers],
        tablefmt="pipe",
        disable_numparse=True,
    )


def _comparison(table: ComparisonTable) -> list[str]:
    """A row a figure, a column a company: figures outnumber companies in most analyses."""
    if not table.columns or not table.rows:
        return ["No figures to compare."]
    headers = ["Figure", *(row.company for row in table.rows), "Median", "Comparable"]
    rows = [
        [
            column_head(column),
            *(cell_text(row.cells[index]) for row in table.rows),
            median_text(column),
            f"{column.comparable} of {len(table.rows)}",
        ]
        for index, column in enumerate(table.columns)
    ]
    notes = [*table.notes, *(f"Contradiction: {text}" for text in table.contradictions)]
    return [
        _table(headers, rows),
        "In brackets the change against the year before. † not comparable, see below.",
        "\n".join(f"- {escape(note)}" for note in notes),
    ]


def _company(company: CompanyAnalysis, claims: list[Numbered]) -> list[str]:
    heading = f"### {escape(company.name)}"
    if company.status != "done":
        return [heading, f"No analysis: {escape(company.reason)}"]
    blocks = [heading, f"Report: {escape(report_line(company))}"]
    for topic, chosen in by_topic(claims):
        points = [f"- {escape(one.claim.text)} [{one.number}]" for one in chosen]
        blocks += [f"#### {escape(topic)}", "\n".join(points)]
    if company.summary.not_found_topics:
        missing = ", ".join(company.summary.not_found_topics)
        blocks.append(f"Nothing found in this report on: {escape(missing)}.")
    blocks += [*_figures(company), *_targets(company), *_coverage(company), *_gaps(company)]
    if company.warnings:
        points = [f"- {escape(warning)}" for warning in company.warnings]
        blocks += ["#### Warnings", "\n".join(points)]
    return blocks


def _figures(company: CompanyAnalysis) -> list[str]:
    rows = [
        [row.figure, str(row.year), row.value, row.boundary, str(row.page), row.status, row.notes]
        for row in figure_rows(company)
    ]
    if not rows:
        return []
    headers = ["Figure", "Year", "As reported", "Boundary", "Page", "Status", "Notes"]
    return ["#### Figures", _table(headers, rows)]


def _targets(company: CompanyAnalysis) -> list[str]:
    cells = [target_words(target) for target in company.targets]
    if not cells:
        return []
    return ["#### Targets", _table(list(cells[0]), [list(row.values()) for row in cells])]


def _coverage(company: CompanyAnalysis) -> list[str]:
    """How many disclosures of each framework the report's own index gives, by status."""
    if not company.coverage:
        return []
    counts: dict[str, dict[str, int]] = {}
    for entry in company.coverage:
        states = counts.setdefault(entry.framework, {})
        states[entry.status] = states.get(entry.status, 0) + 1
    statuses = ["disclosed", "partial", "omitted", "not_found"]
    rows = [
        [framework, *(str(states.get(status, 0)) for status in statuses)]
        for framework, states in counts.items()
    ]
    headers = ["Framework", "Disclosed", "Partial", "Omitted", "Not found"]
    return ["#### Content index", _table(headers, rows)]


def _gaps(company: CompanyAnalysis) -> list[str]:
    rows = [[gap.figure, gap.kind, str(gap.page or ""), gap.quote] for gap in gaps(company)]
    if not rows:
        return []
    return ["#### Not in the report", _table(["Figure", "Kind", "Page", "What it says"], rows)]


def _sources(analysis: Analysis, claims: list[Numbered]) -> list[str]:
    """Every cited place: number, report, page and the quote that stands there."""
    files = {
        row.report.sha256: f"{row.name}, {row.report.file}"
        for row in analysis.companies
        if row.report
    }
    lines = [
        f"- [{one.number}] {escape(files.get(place.report, 'unknown report'))}, "
        f"page {_page(place)}: “{escape(place.quote)}”"
        for one in claims
        for place in one.claim.evidence
    ]
    digests = [f"- {escape(name)}: SHA-256 `{digest}`" for digest, name in files.items()]
    return ["\n".join(lines), "### Reports", "\n".join(digests)] if lines else []


def _page(place: Evidence) -> str:
    printed = place.label
    own = f" (printed {escape(printed)})" if printed and printed != str(place.page) else ""
    return f"{place.page}{own}"
