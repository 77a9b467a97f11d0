"""The industry text: what the table, the targets and the silences say, in plain sentences."""

from collections.abc import Sequence

from agent.analyst.extractive.claims import CitedText
from agent.analyst.extractive.overview import Overview
from agent.analyst.extractive.synthesis_figures import (
    emission_claims,
    emission_points,
    headline_claims,
    people_claims,
    resource_claims,
)
from agent.analyst.extractive.synthesis_gaps import caveats, gap_claims, gap_points
from agent.analyst.extractive.synthesis_targets import neutral_years, target_claims, target_points
from agent.analyst.markdown import escape
from agent.analyst.wording import count_word, ended, listed
from agent.domain import CompanyAnalysis, ComparisonTable, Industry, IndustrySynthesis

_LABEL = (
    "*Written by rules from figures and sentences that code found in the reports; no language "
    "model was used. Each numbered sentence names its page: check it before you rely on it.*"
)


def synthesize_industry(
    industry: Industry, companies: Sequence[CompanyAnalysis], table: ComparisonTable
) -> IndustrySynthesis:
    """Counts, ranges, trends, targets, gaps; absolute figures are never ranked as good or bad."""
    view = Overview.of(companies, table)
    text = CitedText()
    text.paragraph(_LABEL)
    for sentence in _opening(industry, companies, view):
        text.paragraph(escape(sentence))
    text.section("In short", [*headline_claims(view), neutral_years(view)])
    text.section("Climate targets", target_claims(view), target_points(view))
    text.section("Emissions", emission_claims(view), emission_points(view))
    text.section("Energy, water and waste", resource_claims(view))
    text.section("People", people_claims(view))
    text.section("What the reports leave open", gap_claims(view), gap_points(view))
    text.section("Read with care", (), caveats(view))
    return IndustrySynthesis(markdown=text.markdown, claims=text.claims)


def _opening(industry: Industry, companies: Sequence[CompanyAnalysis], view: Overview) -> list[str]:
    """Whose reports were read, and who is missing and why."""
    names = [
        f"{row.name} ({row.report.fiscal_year})"
        if row.report and row.report.fiscal_year
        else row.name
        for row in view.companies
    ]
    verified = sum(r.status == "verified" for row in view.companies for r in row.kpis)
    candidates = sum(r.status == "candidate" for row in view.companies for r in row.kpis)
    plural = "report" if len(names) == 1 else "reports"
    kind = "Fictional sample data. " if industry.fictional else ""
    opening = (
        f"{kind}{industry.name}: {count_word(len(names))} {plural} read, of {ended(listed(names))} "
        f"{verified} figures are verified on their pages"
        + (f", {candidates} more are candidates." if candidates else ".")
    )
    missing = [f"{row.name}: {row.reason}" for row in companies if row.status != "done"]
    return [opening] + ([f"Without a report: {' '.join(missing)}"] if missing else [])
