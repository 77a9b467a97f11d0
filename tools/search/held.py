"""The provider over reports at hand: a folder, the user's uploads, the samples."""

from collections.abc import Sequence

from agent.domain import Company
from tools.search.known import KnownReport, same_company
from tools.search.provider import Candidate, SearchOutcome

_FULL_REPORTS = ("sustainability report", "non-financial report", "annual report", "integrated")


class HeldReports:
    """Ranks the reports at hand for a company; another year is offered with a warning."""

    name = "library"

    def __init__(self, known: Sequence[KnownReport]) -> None:
        self._known = tuple(known)

    async def candidates(self, company: Company, year: int | None) -> SearchOutcome:
        """Reports of the company, best first: the year asked for, else the newest."""
        own = [report for report in self._known if _is_of(company, report)]
        if not own:
            return SearchOutcome(
                "nothing",
                reason=f"No report of {company.name} is at hand: upload its PDF, "
                "or add it to the folder.",
            )
        ranked = sorted((_rank(report, company, year) for report in own), key=_order)
        return SearchOutcome("found", tuple(ranked))


def _is_of(company: Company, report: KnownReport) -> bool:
    named = report.verdict.company or report.file
    return same_company(named, company)


def _order(candidate: Candidate) -> tuple[float, str]:
    return (-candidate.score, candidate.file)


def _rank(report: KnownReport, company: Company, year: int | None) -> Candidate:
    verdict = report.verdict
    reasons = [f"The document names {verdict.company or company.name} as its company."]
    warnings: list[str] = []
    score = 0.0
    if verdict.year is not None:
        score += verdict.year / 1000
        reasons.append(f"It reports on {verdict.year}.")
    if year is not None:
        if verdict.year == year:
            score += 100
        else:
            shown = verdict.year or "an unknown year"
            warnings.append(f"Asked for {year}; the report at hand is for {shown}.")
    if verdict.kind and any(kind in verdict.kind for kind in _FULL_REPORTS):
        score += 1
        reasons.append(f"It is a full report ({verdict.kind}).")
    return Candidate(
        company_id=company.id,
        title=f"{verdict.company or company.name} {verdict.kind or 'report'}",
        file=report.file,
        sha256=report.sha256,
        source=report.source,
        year=verdict.year,
        score=score,
        reasons=tuple(reasons),
        warnings=tuple(warnings),
        fictional=report.fictional,
        retrieved_at=report.retrieved_at,
    )
