import pytest

from agent.analyst.extractive import ExtractiveAnalyst
from agent.domain import Analysis, AnalysisRequest, Answer, Evidence, Industry, Passage
from tests.builders import company, figure, not_disclosed, target
from tools.evidence.compare import compare


def analysis() -> Analysis:
    companies = (
        company(
            "Alpha Steel AG",
            figure("scope_1", 2023, 90),
            figure("scope_1", 2022, 100),
            figure("women_in_management", 2023, 30, "%"),
            targets=(target("net_zero", "net zero emissions by 2040", target_year=2040),),
        ),
        company(
            "Beta plc",
            figure("scope_1", 2023, 400, company="beta", confirmations=("1 + 2 = total",)),
            figure("women_in_management", 2023, 20, "%", company="beta"),
            silences=(not_disclosed("scope_3", "Scope 3 is not reported yet.", "beta"),),
        ),
    )
    return Analysis(
        analysis_id="a1",
        industry=Industry(id="steel", name="Steel"),
        request=AnalysisRequest(industry="steel"),
        companies=companies,
        table=compare(companies),
    )


def passage(text: str, company: str = "alpha", score: float = 1.0) -> Passage:
    evidence = Evidence(report=f"sha-{company}", page=3, quote=text)
    return Passage(id=text[:9], topic="Energy", text=text, evidence=evidence, score=score)


async def ask(question: str, *passages: Passage) -> Answer:
    return await ExtractiveAnalyst().answer(question, analysis(), passages)


async def test_a_figure_asked_for_by_name_comes_with_its_record() -> None:
    answer = await ask("What are the Scope 1 emissions of Alpha Steel?")
    (claim,) = answer.claims
    assert claim.text.startswith("Scope 1 emissions were 90 t CO2e in 2023, 10% less than in 2022")
    assert answer.markdown.startswith("- Scope 1 emissions were 90 t CO2e")
    assert "[1]" in answer.markdown and answer.found


async def test_the_year_asked_for_is_the_year_told() -> None:
    answer = await ask("What were the Scope 1 emissions of Alpha Steel in 2022?")
    assert [claim.text for claim in answer.claims] == ["Scope 1 emissions were 100 t CO2e in 2022."]


async def test_without_a_name_every_company_answers_and_is_named() -> None:
    answer = await ask("Scope 1?")
    assert [claim.company for claim in answer.claims] == ["Alpha Steel AG", "Beta plc"]
    assert "**Beta plc**: Scope 1 emissions were 400 t CO2e" in answer.markdown


async def test_who_leads_is_answered_from_the_table() -> None:
    answer = await ask("Who has the highest share of women in management?")
    assert answer.claims[0].text.startswith("Alpha Steel AG reports the highest share of women")


async def test_a_silence_is_an_answer_and_a_missing_figure_is_said() -> None:
    answer = await ask("What are the Scope 3 emissions?")
    assert "**Beta plc** does not disclose Scope 3 emissions: “Scope 3 is not" in answer.markdown
    assert "Alpha Steel AG: not found in its report: Scope 3 emissions." in answer.markdown


async def test_a_number_is_explained_with_its_place_and_why_it_is_trusted() -> None:
    answer = await ask("Where does the 400 come from?")
    assert [claim.company for claim in answer.claims] == ["Beta plc"]
    assert "printed as “400” on page 7 of beta-2023.pdf, found in a table" in answer.markdown
    assert "verified: 1 + 2 = total" in answer.markdown
    assert not (await ask("Where does the 401 come from?")).found


async def test_targets_are_told_by_kind_and_their_absence_too() -> None:
    answer = await ask("Which companies have a net zero target?")
    assert "**Alpha Steel AG**: Net zero emissions by 2040. [1]" in answer.markdown
    assert "Beta plc: no such target was found in its report." in answer.markdown


async def test_other_questions_are_answered_with_sentences_best_first() -> None:
    weak = passage("The canteen was painted in the year.", "beta", 0.2)
    good = passage("The roof of the mill carries solar cells since May.", "alpha", 1.0)
    fair = passage("The office uses solar heat for its water.", "beta", 0.8)
    answer = await ask("Which of them use solar cells?", weak, fair, good)
    assert [claim.text for claim in answer.claims] == [good.text, fair.text]
    assert all(claim.evidence for claim in answer.claims)


async def test_a_passage_of_a_report_outside_the_analysis_is_not_used() -> None:
    answer = await ask("Which of them use solar cells?", passage("Solar cells there.", "gamma"))
    assert not answer.found and answer.claims == ()


@pytest.mark.parametrize("question", ["How many spaceships are there?", "Who won the cup?"])
async def test_what_is_not_in_the_reports_is_not_answered(question: str) -> None:
    answer = await ask(question)
    assert not answer.found
    assert "Not found in the reports of Alpha Steel AG and Beta plc" in answer.markdown
