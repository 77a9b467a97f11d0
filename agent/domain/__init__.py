"""The nouns of the field, small and frozen, the same words everywhere."""

from agent.domain.analysis import (
    Analysis,
    AnalysisRequest,
    Answer,
    Cell,
    ChosenReport,
    CompanyAnalysis,
    CompanySummary,
    ComparisonColumn,
    ComparisonRow,
    ComparisonTable,
    IndustrySynthesis,
    Usage,
)
from agent.domain.company import Company, Industry, ProposedCompany
from agent.domain.evidence import Claim, ClaimStatus, Evidence
from agent.domain.kpi import KpiRecord, KpiStatus, Method, Normalised, Silence, SilenceKind
from agent.domain.material import Material, Passage
from agent.domain.report import (
    FrameworkCoverage,
    IdentityVerdict,
    Report,
    ReportChoice,
    Target,
    TargetCheck,
)

__all__ = [
    "Analysis",
    "AnalysisRequest",
    "Answer",
    "Cell",
    "ChosenReport",
    "Claim",
    "ClaimStatus",
    "Company",
    "CompanyAnalysis",
    "CompanySummary",
    "ComparisonColumn",
    "ComparisonRow",
    "ComparisonTable",
    "Evidence",
    "FrameworkCoverage",
    "IdentityVerdict",
    "Industry",
    "IndustrySynthesis",
    "KpiRecord",
    "KpiStatus",
    "Material",
    "Method",
    "Normalised",
    "Passage",
    "ProposedCompany",
    "Report",
    "ReportChoice",
    "Silence",
    "SilenceKind",
    "Target",
    "TargetCheck",
    "Usage",
]
