"""The whole research as one graph; reads as its table of contents."""

from collections.abc import Iterable
from typing import Literal

from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

from agent.domain import Company
from graph.company import RETRY, build_company_graph, company_failed
from graph.context import ResearchContext
from graph.stages import timed
from graph.state import CompanyInput, ResearchInput, ResearchState, ResearchUpdate
from graph.steps import (
    compare_companies,
    identify_companies,
    publish,
    resolve_industry,
    review_companies,
    synthesize,
    verify_synthesis,
)

ResearchGraph = StateGraph[ResearchState, ResearchContext, ResearchInput, ResearchState]


def build_research_graph() -> ResearchGraph:
    """From an industry's name to a published analysis.

    resolve_industry → identify_companies → review_companies (waits for the user)
    → company, once for each → collect → compare → synthesize → verify_synthesis → publish

    A run that ends behind `collect` has companies to wait for, or nothing to write about.
    """
    graph = StateGraph(ResearchState, context_schema=ResearchContext, input_schema=ResearchInput)
    graph.add_node("resolve_industry", timed(resolve_industry))
    graph.add_node("identify_companies", timed(identify_companies), retry_policy=RETRY)
    graph.add_node("review_companies", review_companies)
    graph.add_node(
        "company",
        build_company_graph().compile(name="company"),
        input_schema=CompanyInput,
        error_handler=company_failed,
    )
    graph.add_node("collect", collect, defer=True)
    graph.add_node("compare", timed(compare_companies), retry_policy=RETRY)
    graph.add_node("synthesize", timed(synthesize), retry_policy=RETRY)
    graph.add_node("verify_synthesis", timed(verify_synthesis), retry_policy=RETRY)
    graph.add_node("publish", timed(publish), retry_policy=RETRY)

    graph.add_edge(START, "resolve_industry")
    graph.add_edge("resolve_industry", "identify_companies")
    graph.add_edge("identify_companies", "review_companies")
    graph.add_conditional_edges("review_companies", each_company, ["company", "collect"])
    graph.add_edge("company", "collect")
    graph.add_conditional_edges("collect", all_in, ["compare", END])
    graph.add_edge("compare", "synthesize")
    graph.add_edge("synthesize", "verify_synthesis")
    graph.add_edge("verify_synthesis", "publish")
    graph.add_edge("publish", END)
    return graph


def each_company(state: ResearchState) -> list[Send] | str:
    """One branch for each confirmed company; none at all goes on to say so."""
    return branches(state, state["companies"]) or "collect"


def branches(state: ResearchState, companies: Iterable[Company]) -> list[Send]:
    """The way of each of these companies, to be begun."""
    # Every step of every company keeps its request: the names of the others are left out.
    request = state["request"].model_copy(update={"companies": ()})
    return [
        Send(
            "company",
            {
                "analysis_id": state["analysis_id"],
                "request": request,
                "company": company,
                "arms": state.get("arms", {}),
                "focus": state.get("focus", ""),
            },
        )
        for company in companies
    ]


async def collect(state: ResearchState) -> ResearchUpdate:
    """Where the companies' ways meet, whatever became of them."""
    return {}


def all_in(state: ResearchState) -> Literal["compare", "__end__"]:
    """Go on once no company waits for a provider, and one at least is done."""
    ended = {outcome.status for outcome in state.get("outcomes", {}).values()}
    return "compare" if "done" in ended and "postponed" not in ended else "__end__"
