"""What every node may use: the tools and the analyst, made once a process."""

from dataclasses import dataclass, field

from langgraph.runtime import Runtime
from pydantic import JsonValue

from agent.domain import CompanyAnalysis
from agent.memory.artifacts import ArtifactStore
from agent.memory.replies import StoredReplies
from agent.settings import Settings
from agent.tracing import Tracing
from graph.events import EventKind, Told
from graph.evidence import EvidenceStore
from graph.minds import Minds
from graph.web import Web
from tools.directory import Directory
from tools.library.library import ReportLibrary
from tools.search.shelf import Shelf
from tools.workers import CpuWorkers


@dataclass(frozen=True)
class ResearchContext:
    """The tools of a run; holds no state of its own."""

    settings: Settings
    minds: Minds
    directory: Directory
    library: ReportLibrary
    shelf: Shelf
    artifacts: ArtifactStore
    evidence: EvidenceStore
    replies: StoredReplies
    workers: CpuWorkers
    web: Web
    tracing: Tracing = field(default_factory=Tracing)


ResearchRuntime = Runtime[ResearchContext]


def tell(
    runtime: ResearchRuntime, kind: EventKind, company_id: str | None = None, **data: JsonValue
) -> None:
    """Send one progress event; the runner writes it to the log."""
    runtime.stream_writer(Told(kind=kind, company_id=company_id, data=data))


def company_done(row: CompanyAnalysis) -> Told:
    """The event that says what a company's way has come to."""
    data: dict[str, JsonValue] = {
        "name": row.name,
        "pages": row.report.pages if row.report else 0,
        "figures": len(row.kpis),
        "claims": len(row.summary.claims),
    }
    return Told(kind="company_done", company_id=row.company_id, data=data)
