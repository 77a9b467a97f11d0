"""What the analyst is given about one report: evidence only, never the whole text."""

from agent.domain.base import Noun
from agent.domain.evidence import Evidence
from agent.domain.kpi import KpiRecord, Silence
from agent.domain.report import FrameworkCoverage, Report, Target


class Passage(Noun):
    """A readable sentence (or two) of a report with its place; `id` is what a claim cites."""

    id: str
    topic: str
    text: str
    evidence: Evidence
    score: float = 0.0


class Material(Noun):
    """Everything code found in one report."""

    report: Report
    kpis: tuple[KpiRecord, ...] = ()
    targets: tuple[Target, ...] = ()
    coverage: tuple[FrameworkCoverage, ...] = ()
    silences: tuple[Silence, ...] = ()
    passages: tuple[Passage, ...] = ()
    warnings: tuple[str, ...] = ()
