"""What the user did not want to hear about is nowhere in the material."""

from agent.domain import (
    AnalysisRequest,
    CompanySummary,
    Evidence,
    Material,
    Passage,
    Silence,
    Target,
)
from graph.narrow import narrowed, narrowed_summary, without_parts
from tests.builders import company, figure

PLACE = Evidence(report="sha-alpha", page=1, quote="quoted")


def material() -> Material:
    aims = {"1+2": "scope 1 and 2", "3": "Scope 3", None: "all"}
    report = company("Alpha AG").report
    assert report is not None
    return Material(
        report=report,
        kpis=tuple(figure(kpi, 2023, 1) for kpi in ("scope_1", "scope_3", "scope_3_1", "ltifr")),
        silences=(
            Silence(kpi="scope_1_2_3", kind="not_found"),
            Silence(kpi="energy_total", kind="not_found"),
        ),
        targets=tuple(
            Target(id=f"t-{n}", kind="reduction_absolute", scopes=scopes, evidence=PLACE)
            for n, scopes in enumerate(aims)
        ),
        passages=tuple(
            Passage(id=f"p-{n}", topic=topic, text=text, evidence=PLACE)
            for n, (topic, text) in enumerate(
                [("Emissions", "Our Scope 3 fell."), ("People", "Nobody was hurt.")]
            )
        ),
    )


def asked(**changes: object) -> AnalysisRequest:
    return AnalysisRequest.model_validate({"industry": "x", **changes})


def test_nothing_is_taken_out_where_nothing_is_asked() -> None:
    assert narrowed(material(), asked()) == material()


def test_scope_3_goes_with_its_parts_its_sums_its_targets_and_its_sentences() -> None:
    left = narrowed(material(), asked(without=("scope_3",)))
    assert [row.kpi for row in left.kpis] == ["scope_1", "ltifr"]
    assert [row.kpi for row in left.silences] == ["energy_total"]
    assert [row.scopes for row in left.targets] == ["1+2", None]
    assert [row.topic for row in left.passages] == ["People"]


def test_only_the_topics_asked_for_stay() -> None:
    left = narrowed(material(), asked(topics=("People",)))
    assert [row.kpi for row in left.kpis] == ["ltifr"]
    assert left.targets == () and left.silences == ()
    assert [row.topic for row in left.passages] == ["People"]
    summary = CompanySummary(not_found_topics=("People", "Energy"))
    assert narrowed_summary(summary, asked(topics=("People",))).not_found_topics == ("People",)


def test_a_sum_goes_with_each_of_its_scopes_and_no_other_figure_does() -> None:
    assert without_parts(("scope_1",)) == {"scope_1", "scope_1_2", "scope_1_2_3"}
    assert "scope_3_15" in without_parts(("scope_3",))
    assert without_parts(("ltifr",)) == {"ltifr"}
