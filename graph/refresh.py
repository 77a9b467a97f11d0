"""Newer reports of known companies, and what changed since the last analysis of them.

`look_for_newer` downloads nothing; `due_analyses` names the analyses it makes out of date, for
`isra refresh` and for the workers' periodic job; `changes_since` compares two results.
"""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain import (
    Analysis,
    AnalysisRequest,
    Company,
    CompanyAnalysis,
    KpiRecord,
    ReportChoice,
    Target,
)
from agent.domain.base import Noun
from agent.memory.artifacts import ArtifactStore
from graph.analyses import AnalysisStatus, AnalysisTable
from graph.context import ResearchContext
from tools.search.held import HeldReports
from tools.search.known import KnownReport

_AT_ONCE = 4
_LOOKED_AT = 200


class Change(Noun):
    """One thing that differs between two analyses of a company, in words."""

    company_id: str
    company: str
    what: str


@dataclass(frozen=True, slots=True)
class Newer:
    """A document of the web that is newer than every report of the company at hand."""

    company: Company
    held_year: int | None
    choice: ReportChoice


async def look_for_newer(context: ResearchContext, owner: str) -> tuple[Newer, ...]:
    """Newer reports of the companies whose reports this owner has; nothing is downloaded.

    Companies that are not in the directory have no known site and are passed over. Offline
    nothing is found.
    """
    if not context.web.finder.searches_web:
        return ()
    contents = await context.shelf.contents(None, owner)
    listed: dict[str, tuple[Company, list[KnownReport]]] = {}
    for report in contents.known:
        company = context.directory.find_company(report.verdict.company or report.file)
        if company is not None and not company.fictional:
            listed.setdefault(company.id, (company, []))[1].append(report)
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(company: Company, reports: list[KnownReport]) -> Newer | None:
        async with slots:
            return await _newer(context, company, reports)

    found = await asyncio.gather(*(one(*pair) for pair in listed.values()))
    return tuple(item for item in found if item is not None)


async def _newer(
    context: ResearchContext, company: Company, reports: list[KnownReport]
) -> Newer | None:
    held = max((report.verdict.year or 0 for report in reports), default=0)
    findings = await context.web.finder.find(company, None, HeldReports(reports), newer=True)
    for choice in findings.worth_fetching(company):
        if choice.year is not None and choice.year > held:
            return Newer(company, held or None, choice)
    return None


@dataclass(frozen=True, slots=True)
class Due:
    """A published analysis for some of whose companies there is a newer report."""

    status: AnalysisStatus
    companies: tuple[str, ...]
    newer: tuple[Newer, ...]

    @property
    def analysis_id(self) -> str:
        """The id of the analysis to come: the same documents give the same id, so that a
        document which proves not to be a newer report is tried once."""
        told = " ".join(sorted(item.choice.url for item in self.newer))
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.status.owner} {told}").hex

    def request(self) -> AnalysisRequest:
        """The request for the same companies again, with newer reports looked for."""
        return self.status.request.model_copy(
            update={
                "companies": self.companies,
                "limit": None,
                "refresh": True,
                "unattended": True,
                "extends": "",
                "thread": "",
            }
        )


async def due_analyses(
    context: ResearchContext, table: AnalysisTable, owner: str
) -> tuple[Due, ...]:
    """The owner's newest analysis of each industry, where it has a company with a newer report.

    Analyses of a folder are passed over: their reports are not looked for on the web.
    """
    newer = {item.company.id: item for item in await look_for_newer(context, owner)}
    if not newer:
        return ()
    seen: set[str] = set()
    due: list[Due] = []
    for status in await table.newest(owner, limit=_LOOKED_AT):
        if status.result_ref is None or status.request.library is not None:
            continue
        analysis = await context.artifacts.get(status.result_ref, Analysis)
        if analysis.industry.id in seen:
            continue
        seen.add(analysis.industry.id)
        rows = [row for row in analysis.companies if row.report or row.status != "failed"]
        found = tuple(newer[row.company_id] for row in rows if row.company_id in newer)
        if found:
            due.append(Due(status, tuple(row.name for row in rows), found))
    return tuple(due)


async def last_before(
    table: AnalysisTable, artifacts: ArtifactStore, analysis: Analysis
) -> Analysis | None:
    """The owner's last published analysis of the same industry before this one."""
    begun = (await table.require(analysis.analysis_id)).created_at
    for status in await table.newest(analysis.request.owner, limit=_LOOKED_AT):
        if status.created_at >= begun or status.result_ref is None:
            continue
        earlier = await artifacts.get(status.result_ref, Analysis)
        if earlier.industry.id == analysis.industry.id:
            return earlier
    return None


def changes_since(before: Analysis, after: Analysis) -> tuple[Change, ...]:
    """What differs, company by company; only verified figures are compared."""
    known = {row.company_id: row for row in before.companies}
    changes: list[Change] = []
    for row in after.companies:
        words = _new_or_changed(known.pop(row.company_id, None), row)
        changes += (Change(company_id=row.company_id, company=row.name, what=w) for w in words)
    changes += (
        Change(company_id=row.company_id, company=row.name, what="Not in this analysis any more.")
        for row in known.values()
    )
    return tuple(changes)


def _new_or_changed(before: CompanyAnalysis | None, after: CompanyAnalysis) -> list[str]:
    if before is None:
        return ["Not in the last analysis."]
    if after.report is None or before.report is None:
        if (after.report is None) == (before.report is None):
            return []
        return ["A report was found." if after.report else f"No report any more: {after.reason}"]
    if after.report.sha256 == before.report.sha256:
        return []
    return [
        f"New report: {_named(after)} in place of {_named(before)}.",
        *_figures(before.kpis, after.kpis),
        *_targets(before.targets, after.targets),
    ]


def _named(row: CompanyAnalysis) -> str:
    assert row.report is not None
    return f"{row.report.kind or 'report'} {row.report.fiscal_year or row.report.file}"


def _figures(before: Sequence[KpiRecord], after: Sequence[KpiRecord]) -> list[str]:
    """The newest verified figure of each KPI beside the one before."""
    old, new = _newest(before), _newest(after)
    lines = []
    for key in sorted(new, key=str):
        record, earlier = new[key], old.get(key)
        basis = f" ({record.basis}-based)" if record.basis else ""
        name = f"{record.kpi}{basis}"
        if earlier is None:
            lines.append(f"{name} {record.year}: {_shown(record)}, not found before.")
        elif (earlier.year, earlier.printed) != (record.year, record.printed):
            lines.append(
                f"{name}: {_shown(record)} for {record.year}, "
                f"before {_shown(earlier)} for {earlier.year}."
            )
    return lines


def _newest(records: Sequence[KpiRecord]) -> dict[tuple[str, str | None], KpiRecord]:
    newest: dict[tuple[str, str | None], KpiRecord] = {}
    for record in records:
        if record.status != "verified" or record.superseded_by or record.boundary != "group":
            continue
        key = (record.kpi, record.basis)
        if key not in newest or record.year > newest[key].year:
            newest[key] = record
    return newest


def _shown(record: KpiRecord) -> str:
    return f"{record.printed} {record.unit}".strip() + f" (page {record.evidence.page})"


def _targets(before: Sequence[Target], after: Sequence[Target]) -> list[str]:
    old, new = ({_target(target) for target in targets} for targets in (before, after))
    gone = [f"Target not found any more: {words}." for words in sorted(old - new)]
    return [*(f"New target: {words}." for words in sorted(new - old)), *gone]


def _target(target: Target) -> str:
    parts = [target.kind.replace("_", " ")]
    if target.reduction_pct is not None:
        parts.append(f"{target.reduction_pct:g}%")
    if target.scopes:
        parts.append(f"scopes {target.scopes}")
    if target.target_year:
        parts.append(f"by {target.target_year}")
    return " ".join(parts)
