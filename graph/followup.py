"""A follow-up question, bound to the evidence of one analysis."""

from typing import TypedDict

from langgraph.graph import END, START, StateGraph

from agent.domain import Analysis, Answer, Passage
from graph.context import ResearchContext, ResearchRuntime
from graph.minds import RunInfo, owner_of
from graph.stages import measure_claims, timed
from graph.verified import keep_verified, sources_of
from tools.evidence.analyse import answer_passages, verify_claims

PASSAGES_A_REPORT = 6


class FollowupInput(TypedDict):
    """A question and the analysis it is asked of."""

    analysis: Analysis
    question: str


class FollowupUpdate(TypedDict, total=False):
    """What the steps add."""

    passages: tuple[Passage, ...]
    answer: Answer


class FollowupState(FollowupInput, FollowupUpdate):
    """What a follow-up knows; it is never checkpointed."""


def build_followup_graph() -> StateGraph[
    FollowupState, ResearchContext, FollowupInput, FollowupState
]:
    """retrieve_passages → answer → verify_answer."""
    graph = StateGraph(FollowupState, context_schema=ResearchContext, input_schema=FollowupInput)
    graph.add_node("retrieve_passages", timed(retrieve_passages))
    graph.add_node("answer_question", timed(answer_question))
    graph.add_node("verify_answer", timed(verify_answer))
    graph.add_edge(START, "retrieve_passages")
    graph.add_edge("retrieve_passages", "answer_question")
    graph.add_edge("answer_question", "verify_answer")
    graph.add_edge("verify_answer", END)
    return graph


async def retrieve_passages(state: FollowupState, runtime: ResearchRuntime) -> FollowupUpdate:
    """Find the sentences of the analysis' reports that bear on the question."""
    context = runtime.context
    passages: list[Passage] = []
    for row in state["analysis"].companies:
        if row.report is None:
            continue
        bundle = await context.library.open(row.report.sha256)
        passages += await context.workers.run(
            answer_passages, bundle.path, row.name, state["question"], PASSAGES_A_REPORT
        )
    return {"passages": tuple(passages)}


async def answer_question(state: FollowupState, runtime: ResearchRuntime) -> FollowupUpdate:
    """Let the analyst answer from the passages and figures alone."""
    analysis = state["analysis"]
    request = analysis.request
    sources = [row.report.source for row in analysis.companies if row.report]
    run = RunInfo(
        analysis.analysis_id,
        thread=request.thread,
        arms=analysis.arms,
        model=request.model,
        private_to=owner_of(sources, request.owner),
    )
    analyst = await runtime.context.minds.of(run)
    answer = await analyst.answer(state["question"], state["analysis"], state["passages"])
    return {"answer": answer}


async def verify_answer(state: FollowupState, runtime: ResearchRuntime) -> FollowupUpdate:
    """Take out what does not hold up."""
    context, analysis, draft = runtime.context, state["analysis"], state["answer"]
    records = tuple(record for row in analysis.companies for record in row.kpis)
    checked = await context.workers.run(
        verify_claims, await sources_of(analysis.companies, context), draft.claims, records
    )
    measure_claims(checked)
    return {"answer": keep_verified(draft, checked)}
