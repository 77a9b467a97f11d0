"""One company's way: from its name to verified figures and claims, or the reason why not."""

import time
from typing import Literal

from langgraph.errors import NodeError
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, RetryPolicy, Send

from agent.analyst.protocol import WITHOUT_MODEL
from agent.domain import Claim, Company, CompanyAnalysis, CompanySummary, Material
from agent.errors import IsraError, PostponedError
from agent.logs import get_logger
from agent.memory.outage import is_outage
from graph.context import ResearchContext, ResearchRuntime, company_done, tell
from graph.minds import owner_of, run_info
from graph.narrow import narrowed, narrowed_summary
from graph.progress import PageProgress
from graph.reports import retrieve_pdf, search_report
from graph.stages import measure_claims, timed
from graph.state import (
    CompanyInput,
    CompanyOutcome,
    CompanyOutput,
    CompanyState,
    CompanyUpdate,
)
from tools.evidence.analyse import Source, verify_claims

log = get_logger(__name__)


def is_transient(error: Exception) -> bool:
    """Whether the same step may succeed when tried again."""
    return is_outage(error) or (isinstance(error, IsraError) and error.retryable)


RETRY = RetryPolicy(initial_interval=0.5, max_attempts=3, retry_on=is_transient)


def build_company_graph() -> StateGraph[CompanyState, ResearchContext, CompanyInput, CompanyOutput]:
    """search_report → retrieve_pdf → read_pdf → extract_kpis → summarize → verify_summary."""
    graph = StateGraph(
        CompanyState,
        context_schema=ResearchContext,
        input_schema=CompanyInput,
        output_schema=CompanyOutput,
    )
    graph.add_node("search_report", timed(search_report), retry_policy=RETRY)
    graph.add_node("retrieve_pdf", timed(retrieve_pdf), retry_policy=RETRY)
    graph.add_node("read_pdf", timed(read_pdf), retry_policy=RETRY)
    graph.add_node("extract_kpis", timed(extract_kpis), retry_policy=RETRY)
    graph.add_node("summarize", timed(summarize), retry_policy=RETRY)
    graph.add_node("verify_summary", timed(verify_summary), retry_policy=RETRY)
    graph.add_edge(START, "search_report")
    graph.add_conditional_edges("search_report", report_named, ["retrieve_pdf", END])
    graph.add_conditional_edges("retrieve_pdf", report_at_hand, ["read_pdf", END])
    graph.add_edge("read_pdf", "extract_kpis")
    graph.add_edge("extract_kpis", "summarize")
    graph.add_edge("summarize", "verify_summary")
    graph.add_edge("verify_summary", END)
    return graph


def report_named(state: CompanyState) -> Literal["retrieve_pdf", "__end__"]:
    """Go on with a report at hand or an address, end without either."""
    return "retrieve_pdf" if "found" in state or "choices_ref" in state else "__end__"


def report_at_hand(state: CompanyState) -> Literal["read_pdf", "__end__"]:
    """Go on with a report, end without one."""
    return "read_pdf" if "found" in state else "__end__"


async def read_pdf(state: CompanyState, runtime: ResearchRuntime) -> CompanyUpdate:
    """Read the report once, in a sandboxed process; the text stays in the library."""
    company = state["company"]
    tell(runtime, "stage", company.id, stage="read_pdf")
    progress = PageProgress(runtime, company.id)
    bundle = await runtime.context.library.read(state["found"].sha256, on_page=progress)
    pages = bundle.page_count
    tell(runtime, "stage", company.id, stage="read_pdf", pages=pages, total_pages=pages)
    return {}


async def extract_kpis(state: CompanyState, runtime: ResearchRuntime) -> CompanyUpdate:
    """Find figures, targets, coverage, silences and telling passages; no model is asked."""
    context, company, found = runtime.context, state["company"], state["found"]
    bundle = await context.library.open(found.sha256)
    tell(runtime, "stage", company.id, stage="extract_kpis", pages=bundle.page_count)
    material = await context.evidence.material(
        bundle, company, state["request"].year, found.file, found.source
    )
    material = narrowed(material, state["request"])
    dated = material.report.model_copy(update={"retrieved_at": found.retrieved_at})
    material = material.model_copy(update={"report": dated})
    return {"material_ref": await context.artifacts.put(material)}


async def summarize(state: CompanyState, runtime: ResearchRuntime) -> CompanyUpdate:
    """Let the analyst say what the report says, citing evidence."""
    context, company = runtime.context, state["company"]
    material = await context.artifacts.get(state["material_ref"], Material)
    tell(runtime, "stage", company.id, stage="summarize", figures=len(material.kpis))
    private = owner_of([state["found"].source], state["request"].owner)
    analyst = await context.minds.of(run_info(state, company.name, private_to=private))
    draft = narrowed_summary(await analyst.summarize(material), state["request"])
    return {"draft_ref": await context.artifacts.put(draft)}


async def verify_summary(state: CompanyState, runtime: ResearchRuntime) -> CompanyUpdate:
    """Check every claim against its page; what does not hold up is dropped and counted."""
    context, company, found = runtime.context, state["company"], state["found"]
    tell(runtime, "stage", company.id, stage="verify_summary")
    material = await context.artifacts.get(state["material_ref"], Material)
    draft = await context.artifacts.get(state["draft_ref"], CompanySummary)
    bundle = await context.library.open(found.sha256)
    checked = await context.workers.run(
        verify_claims,
        {found.sha256: Source(bundle.path, company)},
        draft.claims,
        material.kpis,
    )
    measure_claims(checked)
    analysis = company_analysis(company, material, draft, checked, found.warnings)
    if found.source.startswith(("https://", "http://")):
        checks = await context.web.registers.check(company)
        analysis = analysis.model_copy(update={"target_checks": checks})
    outcome = CompanyOutcome(
        company_id=company.id,
        name=company.name,
        status="done",
        ref=await context.artifacts.put(analysis),
    )
    runtime.stream_writer(company_done(analysis))
    return {"outcomes": {company.id: outcome}}


async def company_failed(
    state: CompanyInput, error: NodeError, runtime: ResearchRuntime
) -> Command[Literal["collect", "company"]]:
    """Turn a failure into a row that says why; the other companies go on.

    A node that failed does not follow its own edges, so the way on is named here: without it a
    run whose companies all fail would end in silence. A database that is away is no failure of
    the company: it stops the run, which is taken up again. Of an error that a stopped process
    left behind only the words are kept; the company is then worked on again.
    """
    company = state["company"]
    cause: object = error.error
    if not isinstance(cause, BaseException):
        return Command(goto=Send("company", state))
    if is_outage(cause):
        # Not the same object again: LangGraph takes an error it has handed over for dealt with,
        # and the step would end without this company.
        raise ConnectionError("The database went away.") from cause
    outcome = CompanyOutcome(company_id=company.id, name=company.name, status="failed")
    if isinstance(cause, PostponedError):
        until = time.time() + cause.seconds
        later = {"status": "postponed", "not_before": until, "reason": cause.what}
        outcome = outcome.model_copy(update=later)
        tell(runtime, "postponed", company.id, reason=cause.what, until=round(until))
    else:
        outcome = outcome.model_copy(update={"reason": _reason(company, cause)})
        tell(runtime, "company_failed", company.id, name=company.name, reason=outcome.reason)
    return Command(update={"outcomes": {company.id: outcome}}, goto="collect")


def _reason(company: Company, cause: object) -> str:
    if isinstance(cause, IsraError):
        return str(cause)
    # Text of an unforeseen exception is for the log, not for the user.
    log.error("company failed", company=company.id, error=type(cause).__name__)
    return "An unexpected error stopped the work on this company; see the log."


def company_analysis(
    company: Company,
    material: Material,
    draft: CompanySummary,
    checked: tuple[Claim, ...],
    reasons: tuple[str, ...],
) -> CompanyAnalysis:
    """Put one company's result together; only verified sentences are kept."""
    kept = tuple(claim for claim in checked if claim.status == "verified")
    left_out = len(checked) - len(kept)
    warnings = list(material.warnings)
    if left_out:
        warnings.append(f"{left_out} drafted sentence(s) left out: not borne out by their page.")
    if WITHOUT_MODEL in draft.generated_by:
        why = draft.generated_by.partition(WITHOUT_MODEL)[2].strip(" :()")
        warnings.append(f"Written without the model: {why}")
    return CompanyAnalysis(
        company_id=company.id,
        name=company.name,
        status="done",
        fictional=company.fictional,
        report=material.report,
        summary=draft.model_copy(update={"claims": kept}),
        kpis=material.kpis,
        targets=material.targets,
        coverage=material.coverage,
        silences=material.silences,
        warnings=(*warnings, *reasons),
    )
