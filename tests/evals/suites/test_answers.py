"""The scorers of texts and answers, on hand-made right and wrong ones."""

from typing import Any

import pytest

from agent.domain import (
    Analysis,
    AnalysisRequest,
    Answer,
    Claim,
    CompanyAnalysis,
    Evidence,
    Industry,
    IndustrySynthesis,
    KpiRecord,
)
from evals.suites.followups import is_right
from evals.suites.identification import score as identification
from evals.suites.synthesis import score as synthesis
from tools.directory import load_directory

SHA = "a" * 64
FILES = {SHA: "acme.pdf"}
GOLD: list[dict[str, Any]] = [
    {
        "report": "acme.pdf",
        "kpi": "scope_1",
        "year": 2024,
        "value": 12.5,
        "printed": "12.5",
        "unit": "kt CO2e",
        "basis": None,
    }
]
QUESTION = {
    "report": "acme.pdf",
    "company": "Acme",
    "subject": "Scope 1 emissions",
    "printed": "12.5",
    "pages": [4],
}


def claim(text: str, quote: str = "Scope 1 emissions 12.5 kt", **changes: Any) -> Claim:
    place = Evidence(report=changes.pop("report", SHA), page=4, quote=quote)
    fields = {"id": "c1", "company": "Acme", "status": "verified", "kpis": ("k1",), **changes}
    return Claim(text=text, evidence=(place,), **fields)


def answer(*claims: Claim) -> Answer:
    text = "\n".join(c.text for c in claims)
    return Answer(analysis_id="a", question="?", markdown=text, claims=claims)


def test_the_printed_figure_with_its_quote_is_right() -> None:
    assert is_right(QUESTION, answer(claim("Scope 1 emissions were 12.5 kt in 2024.")), FILES)


@pytest.mark.parametrize(
    "wrong",
    [
        claim("Scope 1 emissions were 13.5 kt in 2024."),
        claim("Scope 1 emissions were 12.5 kt in 2024.", quote="Scope 1 emissions fell."),
        claim("Scope 1 emissions were 12.5 kt in 2024.", report="b" * 64),
        claim("Scope 1 emissions were 112.5 kt in 2024."),
    ],
)
def test_another_figure_quote_or_report_is_wrong(wrong: Claim) -> None:
    assert not is_right(QUESTION, answer(wrong), FILES)
    assert not is_right(QUESTION, answer(), FILES)


@pytest.mark.parametrize(
    ("printed", "text", "quote"),
    [
        ("5.86", "It was 5.86 million m3, less than 6.02.", "Withdrawal million m³ 5.90 5.86 6.02"),
        ("402.366", "It was 402,366 t in 2024.", "Scope 3¹\nt CO₂e 418.120 402.366"),
        ("1 250", "It was 1,250 t.", "Waste t 1 310 1 250"),
        ("946", "It was 946 people.", "People 918 946 934"),
    ],
)
def test_a_figure_in_a_row_of_columns_is_right(printed: str, text: str, quote: str) -> None:
    question = {**QUESTION, "printed": printed}
    assert is_right(question, answer(claim(text, quote)), FILES)
    for other in (f"1{printed}", f"{printed}1", f"{printed},5"):
        assert not is_right(question, answer(claim(text, quote.replace(printed, other))), FILES)


def test_a_figure_for_what_the_report_does_not_give_is_wrong() -> None:
    absent = {**QUESTION, "absent": True}
    assert is_right(absent, answer(), FILES)
    assert is_right(absent, answer(claim("Energy use was 7 GWh.")), FILES)
    assert is_right(absent, answer(claim("Scope 1 emissions will follow in 2026.")), FILES)
    assert not is_right(absent, answer(claim("Scope 1 emissions were 12.5 kt.")), FILES)
    assert not is_right(absent, answer(claim("Scope 1 emissions in 2024 were 7 kt.")), FILES)


def analysis(text: Claim, markdown: str = "- Acme emitted 12.5 kt. [1]") -> Analysis:
    record = KpiRecord(
        id="k1",
        kpi="scope_1",
        year=2024,
        value=12.5,
        printed="12.5",
        unit="kt CO2e",
        evidence=text.evidence[0],
        method="table",
        status="verified",
    )
    wrong = record.model_copy(update={"id": "k2", "value": 99.0, "printed": "99"})
    return Analysis(
        analysis_id="a",
        industry=Industry(id="x", name="x"),
        request=AnalysisRequest(industry="x"),
        companies=(
            CompanyAnalysis(company_id="acme", name="Acme", status="done", kpis=(record, wrong)),
        ),
        synthesis=IndustrySynthesis(markdown=markdown, claims=(text,)),
    )


def scores(made: Analysis) -> dict[str, float | None]:
    return {m["name"]: m["value"] for m in synthesis(made, FILES, GOLD, [])}


RIGHT = claim("Acme emitted 12.5 kt.")


def test_a_right_synthesis_scores_full_marks() -> None:
    assert scores(analysis(RIGHT)) == {
        "cited_and_verified": 1.0,
        "figures_true": 1.0,
        "companies_spoken_of": 1.0,
    }


@pytest.mark.parametrize(
    ("made", "measure"),
    [
        (analysis(RIGHT.model_copy(update={"status": "unverified"})), "cited_and_verified"),
        (analysis(RIGHT, "- Acme emitted 12.5 kt."), "cited_and_verified"),
        (analysis(RIGHT, "- Acme emitted 12.5 kt. [1] More. [7]"), "cited_and_verified"),
        (analysis(RIGHT.model_copy(update={"kpis": ("k2",)})), "figures_true"),
        (
            analysis(RIGHT.model_copy(update={"company": None, "text": "It fell."})),
            "companies_spoken_of",
        ),
    ],
)
def test_each_fault_of_a_synthesis_costs_its_measure(made: Analysis, measure: str) -> None:
    value = scores(made)[measure]
    assert value is not None
    assert value < 1


def test_a_query_understood_as_another_industry_and_a_strange_company_count_against_it() -> None:
    queries = [
        {"text": "cement", "industries": ["cement"]},
        {"text": "cement", "industries": ["steel"]},
    ]
    reports = [{"company_id": "no-such-company", "industry": "cement"}]
    understood, named, meant = identification(load_directory(), queries, reports)
    assert (understood.value, named.value, meant.value) == (0.5, 0.0, 0.0)
