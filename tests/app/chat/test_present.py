"""What the chat shows of a result: every mark has its page, and doubt is visible."""

from agent.domain import Analysis, Answer, Usage
from app.chat.present import (
    answer_markdown,
    answer_view,
    duration,
    headline,
    model_use,
    result_markdown,
    result_view,
)


def test_every_citation_mark_is_a_link_to_its_claim(analysis: Analysis) -> None:
    shown = result_markdown(analysis)
    assert '[1](#cite-1-verified "Nordwerk, page 4 (verified)")' in shown
    assert "\\[9\\]" in shown, "a mark without a claim must not look like a citation"


def test_a_claim_made_of_a_candidate_figure_is_marked_as_candidate(analysis: Analysis) -> None:
    assert '[2](#cite-2-candidate "Nordwerk, page 8 (candidate)")' in result_markdown(analysis)


def test_every_citation_of_the_view_names_report_page_and_quote(analysis: Analysis) -> None:
    view = result_view(analysis)
    assert len(view["citations"]) == len(analysis.synthesis.claims)
    for places, claim in zip(view["citations"], analysis.synthesis.claims, strict=True):
        sources = [view["sources"][index] for index in places]
        assert [(s["report"], s["page"], s["quote"]) for s in sources] == [
            (e.report, e.page, e.quote) for e in claim.evidence
        ]


def test_a_table_cell_opens_the_record_it_shows(analysis: Analysis) -> None:
    view = result_view(analysis)
    cell = view["table"]["rows"][0]["cells"][0]
    source = view["sources"][cell["source"]]
    assert (source["page"], source["trust"]) == (7, "verified")
    assert {"name": "Confirmed by", "value": "also in the text of page 3"} in source["facts"]


def test_an_empty_cell_says_which_kind_of_silence_it_is(analysis: Analysis) -> None:
    cell = result_view(analysis)["table"]["rows"][0]["cells"][1]
    assert cell["source"] is None
    assert cell["silence"] == "not disclosed"


def test_what_is_missing_is_told_apart_in_three_kinds(analysis: Analysis) -> None:
    missing = {group["kind"]: group["items"] for group in result_view(analysis)["missing"]}
    assert [item["title"] for item in missing["not_disclosed"]] == ["Scope 3 emissions"]
    assert missing["not_disclosed"][0]["source"] is not None
    assert missing["not_found"][0]["note"] == "4 pages on safety looked at."
    assert missing["unreadable"][0]["company"] == "Nordwerk"


def test_a_company_without_a_report_is_there_with_its_reason(analysis: Analysis) -> None:
    ghost = result_view(analysis)["companies"][1]
    assert (ghost["status"], ghost["reason"]) == ("no_report", "No report is at hand.")


def test_fictional_companies_are_labelled_everywhere(analysis: Analysis) -> None:
    view = result_view(analysis)
    assert view["fictional"]
    assert view["companies"][0]["fictional"]
    assert view["table"]["rows"][0]["fictional"]
    assert all(source["fictional"] for source in view["sources"])
    assert "fictional" in headline(analysis)


def test_the_same_statement_at_the_same_place_is_one_source(analysis: Analysis) -> None:
    view = result_view(analysis)
    claim = view["companies"][0]["claims"][0]
    assert claim["sources"] == view["citations"][0]


def test_an_answer_carries_its_own_sources(analysis: Analysis) -> None:
    claim = analysis.synthesis.claims[0]
    answer = Answer(analysis_id="an-1", question="Aims?", markdown="It aims. [1]", claims=(claim,))
    view = answer_view(answer, analysis)
    assert "[1](#cite-1-verified" in answer_markdown(answer, analysis)
    assert view["sources"][view["citations"][0][0]]["page"] == 4


def test_cost_is_never_a_false_zero() -> None:
    assert model_use(Usage()) == "none used, no cost"
    assert "cost unknown" in model_use(Usage(model_calls=2, input_tokens=10, usd=None))
    assert "$0.12" in model_use(Usage(model_calls=2, input_tokens=10, usd=0.12))


def test_time_is_told_as_people_do() -> None:
    assert duration(42.4) == "42 s"
    assert duration(61.4) == "1 min 01 s"
