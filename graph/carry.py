"""Takes companies over from the result that an analysis changes, instead of reading them again."""

from agent.domain import Analysis, AnalysisRequest
from graph.context import ResearchRuntime, tell
from graph.state import CompanyInput, CompanyOutcome

_SAME = ("year", "library", "topics", "without", "model", "owner", "reports", "refresh")


async def carried_over(state: CompanyInput, runtime: ResearchRuntime) -> CompanyOutcome | None:
    """The outcome of the company in the earlier result; None where it has to be worked on.

    Only a finished company is taken over, and only where nothing asked for has changed.
    """
    request, company = state["request"], state["company"]
    if not request.extends:
        return None
    before = await runtime.context.artifacts.get(request.extends, Analysis)
    row = next((one for one in before.companies if one.company_id == company.id), None)
    if row is None or row.status != "done" or not same_wish(before.request, request):
        return None
    tell(
        runtime,
        "company_done",
        company.id,
        name=row.name,
        pages=row.report.pages if row.report else 0,
        figures=len(row.kpis),
        claims=len(row.summary.claims),
    )
    return CompanyOutcome(
        company_id=row.company_id,
        name=row.name,
        status="done",
        ref=await runtime.context.artifacts.put(row),
    )


def same_wish(before: AnalysisRequest, now: AnalysisRequest) -> bool:
    """Whether both ask for the same of a company, so that one's result serves the other."""
    return all(getattr(before, name) == getattr(now, name) for name in _SAME)
