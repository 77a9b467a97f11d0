"""A migrated-like database and a small analysis built from the domain's own types."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain import (
    Analysis,
    AnalysisRequest,
    Cell,
    Claim,
    CompanyAnalysis,
    CompanySummary,
    ComparisonColumn,
    ComparisonRow,
    ComparisonTable,
    Evidence,
    Industry,
    IndustrySynthesis,
    KpiRecord,
    Report,
    Silence,
    Target,
    Usage,
)
from agent.memory import chat_tables
from agent.memory.database import make_engine

SHA = "a" * 64


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An SQLite database with the chat's tables."""
    made = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'chat.db'}")
    async with made.begin() as connection:
        await connection.run_sync(chat_tables.metadata.create_all)
    yield made
    await made.dispose()


def place(page: int, quote: str) -> Evidence:
    """A place in the one report of these tests."""
    return Evidence(report=SHA, page=page, quote=quote)


@pytest.fixture
def analysis() -> Analysis:
    """One company with a report, one without; a verified and a candidate figure."""
    sure = KpiRecord(
        id="k1",
        kpi="scope_1",
        year=2023,
        value=12.5,
        printed="12.5",
        unit="kt CO2e",
        evidence=place(7, "Scope 1 emissions 12.5 kt CO2e"),
        method="table",
        status="verified",
        confirmations=("also in the text of page 3",),
    )
    unsure = sure.model_copy(
        update={
            "id": "k2",
            "kpi": "scope_2",
            "basis": "market",
            "status": "candidate",
            "evidence": place(8, "Scope 2 (market-based) 3.1"),
        }
    )
    aim = Claim(
        id="c1",
        text="We will cut emissions by 30 % by 2030.",
        topic="Targets",
        company="Nordwerk",
        evidence=(place(4, "We will cut emissions by 30 % by 2030."),),
        status="verified",
    )
    figure = Claim(
        id="c2",
        text="Nordwerk reports Scope 2 emissions of 3.1 kt CO2e.",
        company="Nordwerk",
        evidence=(place(8, "Scope 2 (market-based) 3.1"),),
        kpis=("k2",),
        status="verified",
    )
    done = CompanyAnalysis(
        company_id="nordwerk",
        name="Nordwerk",
        status="done",
        fictional=True,
        report=Report(
            sha256=SHA,
            company="Nordwerk",
            file="nordwerk.pdf",
            fiscal_year=2023,
            kind="sustainability report",
            pages=20,
            fictional=True,
        ),
        summary=CompanySummary(claims=(aim,)),
        kpis=(sure, unsure),
        targets=(
            Target(
                id="t1",
                kind="reduction_absolute",
                scopes="1+2",
                base_year=2020,
                target_year=2030,
                reduction_pct=30,
                evidence=place(4, "We will cut emissions by 30 % by 2030."),
            ),
        ),
        silences=(
            Silence(kpi="scope_3", kind="not_disclosed", evidence=place(9, "not disclosed")),
            Silence(kpi="ltifr", kind="not_found", note="4 pages on safety looked at."),
            Silence(kpi="waste_total", kind="unreadable"),
        ),
    )
    gone = CompanyAnalysis(
        company_id="ghost", name="Ghost", status="no_report", reason="No report is at hand."
    )
    cells = (
        Cell(kpi="scope_1", record="k1", value=12.5, unit="kt CO2e", shown="12.5", comparable=True),
        Cell(kpi="scope_3", silence="not_disclosed"),
    )
    return Analysis(
        analysis_id="an-1",
        industry=Industry(id="pumps", name="Pumps", fictional=True),
        request=AnalysisRequest(industry="pumps", owner="alice"),
        companies=(done, gone),
        table=ComparisonTable(
            columns=(
                ComparisonColumn(kpi="scope_1", title="Scope 1 emissions", unit="kt CO2e"),
                ComparisonColumn(kpi="scope_3", title="Scope 3 emissions", unit="kt CO2e"),
            ),
            rows=(ComparisonRow(company_id="nordwerk", company="Nordwerk", cells=cells),),
        ),
        synthesis=IndustrySynthesis(
            markdown="## Aims\n- It aims high. [1]\n- Its Scope 2 is small. [2]\n- Who knows? [9]",
            claims=(aim, figure),
        ),
        usage=Usage(),
        seconds=61.4,
    )
