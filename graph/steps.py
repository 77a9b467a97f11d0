"""The steps of the whole run: before the companies part and after they meet again."""

from contextlib import aclosing

from langgraph.types import interrupt

from agent.analyst.protocol import Analyst, StreamingAnalyst, SynthesisPiece
from agent.domain import (
    Analysis,
    AnalysisRequest,
    Company,
    CompanyAnalysis,
    ComparisonTable,
    Industry,
    IndustrySynthesis,
    ProposedCompany,
)
from agent.errors import InputError
from graph.context import ResearchContext, ResearchRuntime, tell
from graph.minds import owner_of, run_info
from graph.narrow import narrowed_table
from graph.propose import propose, recognised, slug
from graph.stages import measure_claims
from graph.state import CompanyOutcome, ResearchState, ResearchUpdate, ReviewAnswer
from graph.verified import keep_verified, sources_of
from tools.directory import IndustryQuery
from tools.evidence.analyse import verify_claims
from tools.evidence.compare import compare


async def resolve_industry(state: ResearchState, runtime: ResearchRuntime) -> ResearchUpdate:
    """Find the industry the words mean; a folder of reports may name its own."""
    request = state["request"]
    text = request.industry
    directory = runtime.context.directory
    query = directory.understand(text)
    if query.industries and not query.tie:
        industry, parts = _joined(query.industries), query.industries
    elif request.library or request.companies or _model_may_know(query, request, runtime):
        industry, parts = Industry(id=slug(text), name=text.strip()), ()
    elif query.tie:
        names = ", ".join(industry.name for industry in query.industries)
        raise InputError(f"“{text}” may mean several industries.", f"Say which: {names}.")
    else:
        near = ", ".join(match.industry.name for match in directory.suggest(text))
        raise InputError(
            f"No industry in the directory is called “{text}”.",
            f"Nearest: {near}." if near else "Name the industry in other words.",
        )
    tell(runtime, "industry", id=industry.id, name=industry.name, fictional=industry.fictional)
    return {
        "industry": industry,
        "parts": parts,
        "countries": query.countries,
        "arms": runtime.context.minds.arms(request.thread or state["analysis_id"], request.model),
        "focus": focus_of(text, industry),
    }


def _model_may_know(
    query: IndustryQuery, request: AnalysisRequest, runtime: ResearchRuntime
) -> bool:
    """Whether a model can name companies of an industry that the directory does not have."""
    return not query.tie and runtime.context.minds.has_model(request.model)


def focus_of(text: str, industry: Industry) -> str:
    """The user's words where they are a question and not just a name of the industry."""
    longer = len(text.split()) > len(industry.name.split()) + 3
    return text.strip() if longer or text.strip().endswith("?") else ""


def _joined(industries: tuple[Industry, ...]) -> Industry:
    """Several industries asked for at once, as one to report on."""
    if len(industries) == 1:
        return industries[0]
    return Industry(
        id="-".join(item.id for item in industries),
        name=" and ".join(item.name for item in industries),
        fictional=all(item.fictional for item in industries),
    )


async def identify_companies(state: ResearchState, runtime: ResearchRuntime) -> ResearchUpdate:
    """Propose companies, each with why it is there and which report is at hand."""
    request = state["request"]
    proposal = await propose(state["parts"], state["countries"], request, runtime)
    # Who gives a folder or names wants all of them, unless a limit is given with it.
    everything = len(proposal.companies) if request.library or request.companies else None
    limit = request.limit or everything or runtime.context.settings.companies
    # The list may name what the user uploaded.
    analyst = await runtime.context.minds.of(run_info(state, private_to=request.owner))
    chosen = await analyst.identify_companies(state["industry"], proposal.companies, limit)
    chosen = recognised(chosen, limit, runtime.context.directory)
    chosen += _left_out(proposal.companies, chosen, limit)
    if not chosen and not proposal.unreadable:
        raise InputError(
            f"No company of {state['industry'].name} is known.",
            "Name companies, or give a folder with their reports.",
        )
    return {"proposed": chosen, "unreadable": proposal.unreadable}


def _left_out(
    candidates: tuple[ProposedCompany, ...], chosen: tuple[ProposedCompany, ...], limit: int
) -> tuple[ProposedCompany, ...]:
    """The candidates that were not chosen stay in sight, not selected, with the reason."""
    ids = {row.company.id for row in chosen}
    return tuple(
        row.model_copy(
            update={
                "selected": False,
                "reason": f"{row.reason} Left out: the list is limited to {limit}.",
            }
        )
        for row in candidates
        if row.company.id not in ids
    )


async def review_companies(state: ResearchState, runtime: ResearchRuntime) -> ResearchUpdate:
    """Wait for the user to edit and confirm the list, unless nobody is there to do so."""
    answer = ReviewAnswer(companies=state["proposed"])
    if not state["request"].unattended:
        answer = interrupt(
            {"companies": [company.model_dump(mode="json") for company in state["proposed"]]},
            response_schema=ReviewAnswer,
        )
    selected = tuple(row.company for row in answer.companies if row.selected)
    tell(
        runtime,
        "confirmed",
        companies=[{"id": company.id, "name": company.name} for company in selected],
    )
    return {"companies": _distinct(selected)}


def _distinct(companies: tuple[Company, ...]) -> tuple[Company, ...]:
    return tuple({company.id: company for company in companies}.values())


async def compare_companies(state: ResearchState, runtime: ResearchRuntime) -> ResearchUpdate:
    """Lay the figures side by side, in code only."""
    tell(runtime, "comparing")
    analyses = await analyses_of(state, runtime.context)
    done = [company for company in analyses if company.status == "done"]
    table = narrowed_table(await runtime.context.workers.run(compare, done), state["request"])
    return {"table_ref": await runtime.context.artifacts.put(table)}


def nothing_to_write(rows: list[CompanyAnalysis]) -> InputError:
    """What to say where no company is done: every row with its reason.

    Those without a report share one sentence.
    """
    alike = [row for row in rows if row.status == "no_report" and "at hand" in row.reason]
    absent = [row.name for row in alike]
    said = [f"{row.name}: {row.reason}" for row in rows if row not in alike]
    if absent:
        said.append(f"No report at hand: {', '.join(absent)}.")
    return InputError(
        f"No report could be analysed, so there is nothing to write. {' '.join(said)}",
        "Add the companies' report PDFs (upload them, or --library FOLDER).",
    )


async def synthesize(state: ResearchState, runtime: ResearchRuntime) -> ResearchUpdate:
    """Let the analyst write over all companies, from verified material only."""
    tell(runtime, "synthesizing")
    context = runtime.context
    companies = await analyses_of(state, context)
    table = await context.artifacts.get(state["table_ref"], ComparisonTable)
    sources = [row.report.source for row in companies if row.report]
    private = owner_of(sources, state["request"].owner)
    analyst = await context.minds.of(run_info(state, private_to=private))
    synthesis = await _written(analyst, state["industry"], tuple(companies), table, runtime)
    return {"synthesis_ref": await context.artifacts.put(synthesis)}


async def _written(
    analyst: Analyst,
    industry: Industry,
    companies: tuple[CompanyAnalysis, ...],
    table: ComparisonTable,
    runtime: ResearchRuntime,
) -> IndustrySynthesis:
    """The whole text; sentences that hold up are told while it is written."""
    if not isinstance(analyst, StreamingAnalyst):
        return await analyst.synthesize(industry, companies, table)
    whole = IndustrySynthesis()
    async with aclosing(analyst.stream_synthesis(industry, companies, table)) as stream:
        async for item in stream:
            if isinstance(item, SynthesisPiece):
                tell(
                    runtime,
                    "synthesis_piece",
                    number=item.number,
                    markdown=item.markdown,
                    claim=item.claim.model_dump(mode="json"),
                )
            else:
                whole = item
    return whole


async def verify_synthesis(state: ResearchState, runtime: ResearchRuntime) -> ResearchUpdate:
    """Check every sentence of the synthesis; one that does not hold up is taken out."""
    context = runtime.context
    draft = await context.artifacts.get(state["synthesis_ref"], IndustrySynthesis)
    companies = await analyses_of(state, context)
    records = tuple(record for row in companies for record in row.kpis)
    checked = await context.workers.run(
        verify_claims, await sources_of(companies, context), draft.claims, records
    )
    measure_claims(checked)
    kept = keep_verified(draft, checked)
    return {"synthesis_ref": await context.artifacts.put(kept)}


async def publish(state: ResearchState, runtime: ResearchRuntime) -> ResearchUpdate:
    """Put the analysis together; every company asked for has its row."""
    context = runtime.context
    analysis = Analysis(
        analysis_id=state["analysis_id"],
        industry=state["industry"],
        request=state["request"],
        companies=tuple(await analyses_of(state, context)),
        table=await context.artifacts.get(state["table_ref"], ComparisonTable),
        synthesis=await context.artifacts.get(state["synthesis_ref"], IndustrySynthesis),
        usage=await context.minds.usage(state["analysis_id"]),
        arms=state.get("arms", {}),
    )
    context.minds.forget(state["analysis_id"])
    return {"analysis_ref": await context.artifacts.put(analysis)}


async def analyses_of(state: ResearchState, context: ResearchContext) -> list[CompanyAnalysis]:
    """One row for every confirmed company, in the confirmed order, then unreadable files."""
    rows: list[CompanyAnalysis] = []
    outcomes = state.get("outcomes", {})
    for company in state["companies"]:
        outcome = outcomes.get(company.id) or CompanyOutcome(
            company_id=company.id,
            name=company.name,
            status="failed",
            reason="The work on this company gave no result.",
        )
        rows.append(await _row(outcome, company, context))
    rows += [
        CompanyAnalysis(
            company_id=f"file:{item.file}", name=item.file, status="failed", reason=item.reason
        )
        for item in state.get("unreadable", ())
    ]
    return rows


async def _row(
    outcome: CompanyOutcome, company: Company, context: ResearchContext
) -> CompanyAnalysis:
    if outcome.ref is not None:
        return await context.artifacts.get(outcome.ref, CompanyAnalysis)
    return CompanyAnalysis(
        company_id=outcome.company_id,
        name=outcome.name,
        status="no_report" if outcome.status == "no_report" else "failed",
        reason=outcome.reason,
        fictional=company.fictional,
    )
