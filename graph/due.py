"""What a run needs next, read off its row and its newest checkpoint."""

from collections.abc import Sequence
from typing import Any, cast

from langgraph.types import Command, StateSnapshot

from graph.analyses import AnalysisStatus
from graph.research import branches
from graph.state import CompanyOutcome, ResearchState

NOTHING = object()
"""What is due where a run has come to its end."""
FAILED = ("failed", "no_report", "needs_choice")
"""How the way of a company ends without a result."""


def due_in(status: AnalysisStatus, state: StateSnapshot) -> Any:
    """What to feed the graph next; `NOTHING` where there is nothing."""
    if not state.values:
        return {"analysis_id": status.analysis_id, "request": status.request}
    if state.interrupts and status.review is not None:
        answer = status.review.model_dump(mode="json")
        return Command(resume={item.id: answer for item in state.interrupts})
    if state.next:
        return None
    again: Sequence[str] = ("postponed",)
    if status.attempt > state.values.get("attempt", 0):
        again = ("postponed", *FAILED)
    ids = {outcome.company_id for outcome in outcomes_of(state) if outcome.status in again}
    companies = [company for company in state.values["companies"] if company.id in ids]
    if not companies:
        return NOTHING
    return Command(update={"attempt": status.attempt}, goto=branches(values_of(state), companies))


def values_of(state: StateSnapshot) -> ResearchState:
    """The state's values."""
    return cast(ResearchState, state.values)


def outcomes_of(state: StateSnapshot) -> list[CompanyOutcome]:
    """How the companies' ways have ended so far."""
    return list(state.values.get("outcomes", {}).values())


def waits_until(state: StateSnapshot) -> float:
    """When the last of the providers that asked for a pause takes calls again; 0: no pause."""
    if state.next:
        return 0.0
    waiting = [o.not_before for o in outcomes_of(state) if o.status == "postponed"]
    return max(waiting, default=0.0)
