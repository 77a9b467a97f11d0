"""The exported document as blocks, the same for every text format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.analyst.markdown import escape
from agent.domain import Analysis, CompanyAnalysis, ComparisonTable, Target
from app.exports.content import (
    Numbered,
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


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 0 is the document's title."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A label that must be seen: generated, fictional."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """Markdown the analyst wrote; renderers take out everything active."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list; `number` is the citation of a point, in front of it where `number_first`."""

    points: tuple[tuple[str, int | None], ...]
    number_first: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of text cells."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Notice | Line | Written | Points | Grid


def outline(analysis: Analysis) -> Iterator[Block]:
    """Synthesis, comparison, a section a company with what is missing, sources."""
    synthesis, companies = numbered_claims(analysis)
    yield Heading(title(analysis), 0)
    for label in labels(analysis):
        yield Notice(label)
    yield Heading("Synthesis", 1)
    yield Written(analysis.synthesis.markdown)
    yield Heading("Comparison", 1)
    yield from _comparison(analysis.table, analysis.synthesis.markdown)
    yield Heading("Companies", 1)
    for company in analysis.companies:
        yield from _company(company, companies[company.company_id])
    yield Heading("Sources", 1)
    yield from _sources(analysis, [*synthesis, *(n for own in companies.values() for n in own)])


def plain_points(texts: list[str]) -> Points:
    return Points(tuple((text, None) for text in texts))


def _comparison(table: ComparisonTable, written: str) -> Iterator[Block]:
    """A row a figure, a column a company: figures outnumber companies in most analyses.

    Notes that the synthesis above has already told are not told again.
    """
    if not table.columns or not table.rows:
        yield Line("No figures to compare.")
        return
    yield Grid(
        ("Figure", *(row.company for row in table.rows), "Median", "Comparable"),
        tuple(
            (
                column_head(column),
                *(cell_text(row.cells[index]) for row in table.rows),
                median_text(column),
                f"{column.comparable} of {len(table.rows)}",
            )
            for index, column in enumerate(table.columns)
        ),
    )
    yield Line("In brackets the change against the year before. † not comparable, see the notes.")
    notes = [*table.notes, *(f"Contradiction: {text}" for text in table.contradictions)]
    fresh = [note for note in notes if escape(note) not in written]
    if fresh:
        yield plain_points(fresh)


def _company(company: CompanyAnalysis, claims: list[Numbered]) -> Iterator[Block]:
    yield Heading(company.name, 2)
    if company.status != "done":
        yield Line(f"No analysis: {company.reason}")
        if company.choices:
            yield Heading("Documents that may be its report", 3)
            yield plain_points(choice_lines(company))
        return
    yield Line(f"Report: {report_line(company)}")
    for topic, chosen in by_topic(claims):
        yield Heading(topic, 3)
        yield Points(tuple((one.claim.text, one.number) for one in chosen))
    if company.summary.not_found_topics:
        missing = ", ".join(company.summary.not_found_topics)
        yield Line(f"Nothing found in this report on: {missing}.")
    yield from _tables(company)
    if company.warnings:
        yield Heading("Warnings", 3)
        yield plain_points(list(company.warnings))


def _tables(company: CompanyAnalysis) -> Iterator[Block]:
    figures = [
        (row.figure, str(row.year), row.value, row.boundary, str(row.page), row.status, row.notes)
        for row in figure_rows(company)
    ]
    heads = ("Figure", "Year", "As reported", "Boundary", "Page", "Status", "Notes")
    yield from _titled("Figures", heads, figures)
    targets = [_target(company, target) for target in company.targets]
    if targets:
        rows = [tuple(words.values()) for words in targets]
        yield from _titled("Targets", tuple(targets[0]), rows)
    checks = [(c.register_name, c.status, c.checked_on, c.detail) for c in company.target_checks]
    yield from _titled("Targets in registers", ("Register", "Status", "On", "Its words"), checks)
    yield from _titled(
        "Content index",
        ("Framework", "Disclosed", "Partial", "Omitted", "Not found"),
        _coverage(company),
    )
    missing = [(gap.figure, gap.kind, str(gap.page or ""), gap.quote) for gap in gaps(company)]
    yield from _titled("Not in the report", ("Figure", "Kind", "Page", "What it says"), missing)


def _target(company: CompanyAnalysis, target: Target) -> dict[str, str]:
    """A target's cells, with what registers say where any was asked."""
    words = target_words(target)
    if not company.target_checks:
        return words
    return words | {"In registers": register_words(company, target)}


def _titled(
    heading: str, headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> Iterator[Block]:
    if rows:
        yield Heading(heading, 3)
        yield Grid(headers, tuple(rows))


def _coverage(company: CompanyAnalysis) -> list[tuple[str, ...]]:
    """How many disclosures of each framework the report's own index gives, by status."""
    counts: dict[str, dict[str, int]] = {}
    for entry in company.coverage:
        states = counts.setdefault(entry.framework, {})
        states[entry.status] = states.get(entry.status, 0) + 1
    statuses = ("disclosed", "partial", "omitted", "not_found")
    return [
        (framework, *(str(states.get(status, 0)) for status in statuses))
        for framework, states in counts.items()
    ]


def _sources(analysis: Analysis, claims: list[Numbered]) -> Iterator[Block]:
    """Every cited place: number, report, page and the quote that stands there."""
    files = {
        row.report.sha256: f"{row.name}, {row.report.file}"
        for row in analysis.companies
        if row.report
    }
    cited = [
        (f"{files.get(place.report, 'unknown report')}, {_page(place.page, place.label)}: "
         f"“{place.quote}”", one.number)
        for one in claims
        for place in one.claim.evidence
    ]  # fmt: skip
    if cited:
        yield Points(tuple(cited), number_first=True, small=True)
    if files:
        yield Heading("Reports", 2)
        yield plain_points([f"{name}: SHA-256 {digest}" for digest, name in files.items()])


def _page(number: int, label: str | None) -> str:
    printed = f" (printed {label})" if label and label != str(number) else ""
    return f"page {number}{printed}"
