"""A run's events, replayed in any tempo, give the same card."""

from typing import Any

import pytest

from app.chat.progress import Progress
from app.chat.report_choice import open_rows
from graph.events import RunEvent


def told(*events: tuple[str, str | None, dict[str, Any]]) -> Progress:
    progress = Progress()
    for number, (kind, company, data) in enumerate(events, 1):
        at = f"2026-01-01T00:00:{number:02d}.000000Z"
        progress.apply(
            RunEvent.model_validate(
                {"seq": number, "at": at, "kind": kind, "company_id": company, "data": data}
            )
        )
    return progress


CONFIRMED: tuple[str, None, dict[str, Any]] = (
    "confirmed",
    None,
    {"companies": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]},
)


def test_confirmed_companies_wait_in_their_order() -> None:
    rows = told(CONFIRMED).props()["companies"]
    assert [(row["name"], row["state"], row["step"]) for row in rows] == [
        ("A", "waiting", 0),
        ("B", "waiting", 0),
    ]


def test_a_stage_shows_what_is_finished_before_it_and_keeps_counts() -> None:
    progress = told(
        CONFIRMED,
        ("stage", "a", {"stage": "read_pdf", "pages": 12, "total_pages": 40}),
        ("stage", "a", {"stage": "extract_kpis"}),
    )
    row = progress.props()["companies"][0]
    assert (row["step"], row["stage"]) == (3, "Extracting figures")
    assert (row["pages"], row["total_pages"]) == (12, 40)


def test_a_failed_company_says_why_and_counts_as_finished() -> None:
    props = told(CONFIRMED, ("company_failed", "b", {"reason": "Not a PDF.", "name": "B"})).props()
    assert props["companies"][1]["reason"] == "Not a PDF."
    assert props["finished"] == 1


def test_a_refused_document_is_told_once_with_its_reason_and_the_work_goes_on() -> None:
    refused = {"url": "https://a.example/r.pdf", "reason": "It is a web page.", "name": "A"}
    looking: tuple[str, str, dict[str, Any]] = ("stage", "a", {"stage": "retrieve_pdf"})
    row = told(CONFIRMED, looking, *[("report_refused", "a", refused)] * 2).props()["companies"][0]
    assert row["refused"] == [{"url": refused["url"], "reason": refused["reason"]}]
    assert (row["state"], row["stage"]) == ("running", "Fetching the report")


def test_only_addresses_of_the_web_are_offered_as_choices() -> None:
    choices = [{"url": "https://a.example/r.pdf", "title": "R"}, {"url": "javascript:alert(1)"}]
    failed = {"reason": "Not sure.", "name": "A", "choices": choices}
    (row,) = open_rows(told(CONFIRMED, ("company_failed", "a", failed)))
    assert (row["id"], [choice["url"] for choice in row["choices"]]) == (
        "a",
        ["https://a.example/r.pdf"],
    )
    assert open_rows(told(CONFIRMED, ("company_done", "a", {"name": "A"}))) == []


def test_done_counts_every_stage() -> None:
    props = told(CONFIRMED, ("company_done", "a", {"name": "A", "figures": 9, "claims": 3})).props()
    assert props["companies"][0]["step"] == len(props["stages"])
    assert props["figures"] == 9


@pytest.mark.parametrize(
    ("kind", "phase"), [("published", "done"), ("cancelled", "stopped"), ("failed", "failed")]
)
def test_an_end_ends_the_run(kind: str, phase: str) -> None:
    progress = told(CONFIRMED, (kind, None, {"what": "W", "do": "D"}))
    assert (progress.phase, progress.ended) == (phase, True)


def test_a_failure_keeps_what_happened_and_what_to_do() -> None:
    progress = told(("failed", None, {"what": "No industry.", "do": "Name another."}))
    assert (progress.what, progress.do) == ("No industry.", "Name another.")


def piece(text: str) -> tuple[str, None, dict[str, Any]]:
    claim = {"text": text, "topic": "Energy", "evidence": [{"page": 4}, {"page": 9}, {"page": 4}]}
    return "synthesis_piece", None, {"number": 1, "markdown": f"- {text} [1]", "claim": claim}


def test_checked_sentences_are_shown_while_the_text_is_written() -> None:
    writing = (CONFIRMED, ("synthesizing", None, {}), piece("One."), piece("Two."))
    assert told(*writing).props()["written"] == [
        {"text": "One.", "topic": "Energy", "pages": [4, 9]},
        {"text": "Two.", "topic": "Energy", "pages": [4, 9]},
    ]
    assert told(*writing, ("published", None, {})).props()["written"] == []


def test_a_text_begun_anew_shows_no_sentence_twice() -> None:
    writing = (CONFIRMED, ("synthesizing", None, {}), piece("One."))
    again = (*writing, ("synthesizing", None, {}), piece("One."))
    assert told(*again).props()["written"] == told(*writing).props()["written"]
