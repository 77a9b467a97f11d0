"""Takes companies over from the result that an analysis changes, instead of reading them again."""

from agent.domain import Analysis, AnalysisRequest, Company, CompanyAnalysis
from graph.context import ResearchRuntime, company_done, tell
from graph.state import CompanyInput, CompanyOutcome
from tools.search.known import same_company

_SAME = ("year", "library", "topics", "without", "model", "owner", "refresh")


async def carried_over(state: CompanyInput, runtime: ResearchRuntime) -> CompanyOutcome | None:
    """The outcome of the company in the earlier result; None where it has to be worked on.

    A finished company is taken over, and one whose documents still wait for the user's choice,
    so that the web is not searched again; both only where nothing asked for has changed.
    """
    request, company = state["request"], state["company"]
    if not request.extends:
        return None
    before = await runtime.context.artifacts.get(request.extends, Analysis)
    row = next((one for one in before.companies if one.company_id == company.id), None)
    if row is None or not same_wish(before.request, request):
        return None
    if chosen_for(company, before.request) != chosen_for(company, request):
        return None
    if row.status == "needs_choice":
        return None if await _at_hand(company, request, runtime) else await _left_open(row, runtime)
    if row.status != "done":
        return None
    runtime.stream_writer(company_done(row))
    return await _outcome(row, runtime)


async def _left_open(row: CompanyAnalysis, runtime: ResearchRuntime) -> CompanyOutcome:
    tell(
        runtime,
        "company_failed",
        row.company_id,
        name=row.name,
        reason=row.reason,
        choices=[choice.model_dump(mode="json") for choice in row.choices],
    )
    return await _outcome(row, runtime)


async def _outcome(row: CompanyAnalysis, runtime: ResearchRuntime) -> CompanyOutcome:
    return CompanyOutcome(
        company_id=row.company_id,
        name=row.name,
        status=row.status,
        reason=row.reason,
        ref=await runtime.context.artifacts.put(row),
    )


async def _at_hand(company: Company, request: AnalysisRequest, runtime: ResearchRuntime) -> bool:
    """Whether the user has meanwhile added a report of the company."""
    library = await runtime.context.shelf.provider(request.library, request.owner)
    return (await library.candidates(company, request.year)).status == "found"


def chosen_for(company: Company, request: AnalysisRequest) -> tuple[str, ...]:
    """The addresses the user gave for this company, in their order."""
    return tuple(
        item.url
        for item in request.reports
        if item.company == company.id or same_company(item.company, company)
    )


def same_wish(before: AnalysisRequest, now: AnalysisRequest) -> bool:
    """Whether both ask for the same of a company, so that one's result serves the other."""
    return all(getattr(before, name) == getattr(now, name) for name in _SAME)
