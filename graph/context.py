"""What every node may use: the tools and the analyst, made once a process."""

from dataclasses import dataclass, field

from langgraph.runtime import Runtime
from pydantic import JsonValue

from agent.memory.artifacts import ArtifactStore
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
    workers: CpuWorkers
    web: Web
    tracing: Tracing = field(default_factory=Tracing)


ResearchRuntime = Runtime[ResearchContext]


def tell(
    runtime: ResearchRuntime, kind: EventKind, company_id: str | None = None, **data: JsonValue
) -> None:
    """Send one progress event; the runner writes it to the log."""
    runtime.stream_writer(Told(kind=kind, company_id=company_id, data=data))
