"""One analysis with everything in it that an export must show."""

from agent.domain import (
    Analysis,
    AnalysisRequest,
    Claim,
    CompanyAnalysis,
    CompanySummary,
    Evidence,
    FrameworkCoverage,
    Industry,
    IndustrySynthesis,
    Silence,
)
from tests.builders import company, figure, not_disclosed, target
from tools.evidence.compare import compare

EVIL = "x | y <script>alert(1)</script> ![p](http://evil.example/p.png) [l](javascript:x) `c` [9]"


def claim(text: str, quote: str, page: int = 5) -> Claim:
    evidence = Evidence(report="sha-alpha", page=page, quote=quote, label="iii")
    return Claim(
        id=text[:6], text=text, topic="Emissions", company="Alpha AG", evidence=(evidence,),
        status="verified",
    )  # fmt: skip


def analysis(
    *, fictional: bool = False, text: str = "plain", model: str = "extractive"
) -> Analysis:
    alpha = company(
        "Alpha AG",
        figure("scope_1", 2023, 1_234.5, page=17, quote=text),
        figure("scope_1", 2022, 1_300, superseded_by="z", superseded_why=text),
        figure("scope_3", 2023, 9, "kt CO2e", status="candidate"),
        summary=CompanySummary(
            claims=(claim("Alpha reduced its waste.", text, 8),), not_found_topics=("Risks",)
        ),
        targets=(target("net_zero", text, target_year=2040, scopes="1+2"),),
        silences=(
            not_disclosed("water_withdrawal", text),
            Silence(kpi="waste_total", kind="not_found"),
            Silence(kpi="ltifr", kind="unreadable", note="page 4 is a scan"),
        ),
        coverage=(
            FrameworkCoverage(framework="GRI", disclosure="305-1", status="disclosed"),
            FrameworkCoverage(framework="GRI", disclosure="305-2", status="omitted"),
        ),
        warnings=(text,),
    )
    lost = CompanyAnalysis(company_id="g", name="Gamma", status="failed", reason="No PDF.")
    done = (alpha, company("Beta plc", figure("scope_1", 2023, 99, company="beta")))
    return Analysis(
        analysis_id="a1",
        industry=Industry(id="steel", name="Steel", fictional=fictional),
        request=AnalysisRequest(industry="steel"),
        companies=(*done, lost),
        table=compare(done),
        synthesis=IndustrySynthesis(
            markdown=f"## Emissions\n\n- Alpha emits the most. [1]\n- {text}\n",
            claims=(claim("Alpha emits the most.", "Alpha emitted most", 5),),
            generated_by=model,
        ),
    )
