"""The content indexes of a report: which disclosure of which framework it says it gives, where."""

from collections.abc import Sequence

from agent.domain import Evidence, FrameworkCoverage
from tools.evidence.coverage_entries import Entry, page_entries
from tools.evidence.coverage_pages import ContentIndex, find_indexes
from tools.pdf.page import PageRecord

__all__ = ["ContentIndex", "extract_coverage", "find_indexes"]


def extract_coverage(pages: Sequence[PageRecord], *, report: str) -> tuple[FrameworkCoverage, ...]:
    """The disclosures of every content index in the report, in the order of the index.

    `report` is the sha256 of the PDF. A report without an index gives nothing.
    """
    by_number = {page.number: page for page in pages}
    kept: dict[tuple[str, str], tuple[Entry, int]] = {}
    for index in find_indexes(pages):
        for number in index.pages:
            for entry in page_entries(by_number[number], index):
                key = (index.framework, entry.disclosure)
                if key not in kept or (kept[key][0].status == "not_found" != entry.status):
                    kept[key] = (entry, number)
    return tuple(
        FrameworkCoverage(
            framework=framework,
            disclosure=disclosure,
            title=entry.title,
            status=entry.status,
            reason=entry.reason,
            evidence=Evidence(report=report, page=number, quote=entry.quote),
        )
        for (framework, disclosure), (entry, number) in kept.items()
    )
