"""Everything code finds in one report, as pure functions over its bundle.

They are called in worker processes: arguments and results are small and pickled, the text
stays in the bundle. What they use comes in with the call: the process that only hands the work
out (the server, at its start) needs none of its hundreds of patterns.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from agent.domain import (
    Claim,
    Company,
    FrameworkCoverage,
    IdentityVerdict,
    KpiRecord,
    Material,
    Passage,
    Report,
    Target,
)
from agent.prompts.hygiene import reads_as_instruction
from tools.library.bundle import Bundle
from tools.pdf.page import PageRecord


@dataclass(frozen=True, slots=True)
class Source:
    """A report's bundle and the company it is of."""

    bundle: Path
    company: Company


QUESTION_PAGES = 12
"""Pages of a report looked at for a follow-up question."""
_PAGES_NAMED = 12


def describe_report(bundle: Path, file: str) -> IdentityVerdict:
    """What the document says it is: company, fiscal year, kind, language."""
    from tools.evidence.identity import describe

    with closing(Bundle.open(bundle)) as opened:
        return describe(list(opened.pages()), opened.info.metadata, file)


def check_document(bundle: Path, company: Company, year: int | None, file: str) -> IdentityVerdict:
    """Whether the document is this company's report (of this year)."""
    from tools.evidence.identity import identify

    with closing(Bundle.open(bundle)) as opened:
        return identify(
            list(opened.pages()), opened.info.metadata, company=company, year=year, file_name=file
        )


@dataclass(frozen=True, slots=True)
class Statements:
    """What a report says beside its figures."""

    targets: tuple[Target, ...]
    coverage: tuple[FrameworkCoverage, ...]
    passages: tuple[Passage, ...]


def gather(
    bundle: Path, company: Company, year: int | None, file: str, source: str = ""
) -> Material:
    """Identity, figures, targets, coverage, silences and telling passages of one report."""
    figures = gather_figures(bundle, company, year, file, source)
    return joined(figures, gather_statements(bundle, company))


def gather_figures(
    bundle: Path, company: Company, year: int | None, file: str, source: str = ""
) -> Material:
    """The half of `gather` with identity, figures and silences."""
    from tools.evidence.identity import identify
    from tools.evidence.kpis.extract import extract_kpis
    from tools.evidence.silences import find_silences

    with closing(Bundle.open(bundle)) as opened:
        pages = list(opened.pages())
        metadata, sha256 = opened.info.metadata, opened.sha256
        warnings = tuple(opened.info.warnings)
    verdict = identify(pages, metadata, company=company, year=year, file_name=file)
    hidden = tuple(page.number for page in pages if page.hidden)
    unreadable = tuple(page.number for page in pages if page.unreadable or page.lost)
    used = [_without_orders(page) for page in pages]
    ordering = tuple(
        page.number for page, kept in zip(pages, used, strict=True) if kept is not page
    )
    records = extract_kpis(used, report=sha256, fiscal_year=verdict.year)
    report = Report(
        sha256=sha256,
        company=verdict.company or company.name,
        file=file,
        fiscal_year=verdict.year,
        kind=verdict.kind,
        language=verdict.language,
        pages=len(pages),
        unreadable_pages=unreadable,
        hidden_text_pages=hidden,
        source=source,
        identity=verdict,
        fictional=company.fictional,
    )
    silences = find_silences(used, records, report=sha256)
    warnings = (*warnings, *_told_apart(hidden, ordering))
    return Material(report=report, kpis=records, silences=silences, warnings=warnings)


def gather_statements(bundle: Path, company: Company) -> Statements:
    """The half of `gather` with targets, coverage and telling passages."""
    from tools.evidence.coverage import extract_coverage
    from tools.evidence.passages import topic_passages
    from tools.evidence.targets import extract_targets

    with closing(Bundle.open(bundle)) as opened:
        pages = [_without_orders(page) for page in opened.pages()]
        sha256 = opened.sha256
    return Statements(
        targets=extract_targets(pages, report=sha256),
        coverage=extract_coverage(pages, report=sha256),
        passages=topic_passages(pages, report=sha256, names=(company.name, *company.aliases)),
    )


def joined(figures: Material, statements: Statements) -> Material:
    """Both halves as one."""
    found = {
        "targets": statements.targets,
        "coverage": statements.coverage,
        "passages": statements.passages,
    }
    return figures.model_copy(update=found)


def _without_orders(page: PageRecord) -> PageRecord:
    """The page, empty where its text talks to a language model: nothing it says is used.

    A sentence beside such an order may be there for the same reason, and stands on the page
    like any other: no check of its words could tell it from an honest one.
    """
    if not reads_as_instruction(page.text):
        return page
    return replace(page, text="", rows=(), tables=())


def _told_apart(hidden: tuple[int, ...], ordering: tuple[int, ...]) -> list[str]:
    """What the user has to know of pages that were written for a machine."""
    said = []
    if hidden:
        said.append(
            f"Text that nobody sees is on page {_listed(hidden)} of the file. It was left out."
        )
    if ordering:
        said.append(
            f"Page {_listed(ordering)} gives orders to language models. Nothing on it was used."
        )
    return said


def _listed(pages: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, pages[:_PAGES_NAMED]))
    more = len(pages) - _PAGES_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def answer_passages(bundle: Path, company: str, question: str, limit: int) -> tuple[Passage, ...]:
    """The sentences of one report that bear on a question, best first."""
    from tools.evidence.passages import question_passages

    with closing(Bundle.open(bundle)) as opened:
        hits = opened.find(question, QUESTION_PAGES)
        pages = [_without_orders(opened.page(hit.page)) for hit in hits]
        return question_passages(pages, question, report=opened.sha256, company=company)[:limit]


def verify_claims(
    sources: Mapping[str, Source], claims: tuple[Claim, ...], records: tuple[KpiRecord, ...]
) -> tuple[Claim, ...]:
    """The claims with their status and reason; `sources` by the sha256 of the report.

    Only bundles and pages that a claim cites are opened.
    """
    from tools.evidence.verify import verify

    opened: dict[str, Bundle] = {}
    companies = {sha256: source.company for sha256, source in sources.items()}
    by_id = {record.id: record for record in records}

    @cache
    def page_of(sha256: str, page: int) -> PageRecord | None:
        if sha256 not in sources:
            return None
        if sha256 not in opened:
            opened[sha256] = Bundle.open(sources[sha256].bundle)
        bundle = opened[sha256]
        return bundle.page(page) if 1 <= page <= bundle.page_count else None

    try:
        return tuple(verify(claim, page_of, records=by_id, companies=companies) for claim in claims)
    finally:
        for bundle in opened.values():
            bundle.close()
