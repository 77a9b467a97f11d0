"""An analysis from its start to its end, by programs."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from httpx_sse import ServerSentEvent, connect_sse

from tests.app.api.conftest import Api

SAMPLE = {"industry": "sample cement", "companies": ["Korvanta Cement"]}


def events(client: httpx.Client, analysis_id: str, after: int = 0) -> list[ServerSentEvent]:
    headers = {"last-event-id": str(after)}
    with connect_sse(client, "GET", f"analyses/{analysis_id}/events", headers=headers) as source:
        return list(source.iter_sse())


def until(client: httpx.Client, analysis_id: str, kind: str) -> None:
    """Follow until an event of the kind, then break off."""
    with connect_sse(client, "GET", f"analyses/{analysis_id}/events") as source:
        assert any(event.event == kind for event in source.iter_sse())


def test_the_whole_way_with_a_review(ada: httpx.Client) -> None:
    created = ada.post("analyses", json={"industry": "sample cement"})
    assert created.status_code == 202
    place = created.headers["location"]
    analysis_id = created.json()["id"]
    assert place == f"/api/v1/analyses/{analysis_id}"

    until(ada, analysis_id, "proposed")
    proposal = ada.get(f"analyses/{analysis_id}/proposal").json()
    chosen = next(row for row in proposal if row["company"]["name"].startswith("Korvanta"))
    companies = [{"id": chosen["company"]["id"]}]
    wrong = ada.post(f"analyses/{analysis_id}/review", json={"companies": [{"id": "nobody"}]})
    assert wrong.status_code == 404
    review = f"analyses/{analysis_id}/review"
    assert ada.post(review, json={"companies": companies}).status_code == 202
    assert ada.post(review, json={"companies": companies}).status_code == 409

    assert events(ada, analysis_id)[-1].event == "published"
    view = ada.get(place.removeprefix("/api/v1/")).json()
    assert view["state"] == "published"
    company = view["result"]["companies"][0]
    evidence = company["kpis"][0]["evidence"]
    page = ada.get(
        f"analyses/{analysis_id}/reports/{evidence['report']}/pages/{evidence['page']}",
        params={"quote": evidence["quote"]},
    )
    assert page.headers["content-type"].startswith("image/")
    assert page.headers["x-quote-found"] == "yes"


def test_events_go_on_where_a_client_left_off(ada: httpx.Client, analysis_id: str) -> None:
    whole = events(ada, analysis_id)
    numbers = [int(event.id) for event in whole]
    assert numbers == list(range(1, len(whole) + 1))
    middle = len(whole) // 2
    rest = events(ada, analysis_id, after=middle)
    assert [event.data for event in rest] == [event.data for event in whole[middle:]]
    assert json.loads(whole[middle].data)["seq"] == middle + 1


def test_there_is_nothing_behind_the_last_event(ada: httpx.Client, analysis_id: str) -> None:
    last = ada.get(f"analyses/{analysis_id}").json()["last_event"]
    answer = ada.get(f"analyses/{analysis_id}/events", headers={"last-event-id": str(last)})
    assert (answer.status_code, answer.content) == (204, b"")


def test_followers_of_a_deleted_analysis_come_to_an_end(ada: httpx.Client) -> None:
    analysis_id = ada.post("analyses", json=SAMPLE).json()["id"]
    with connect_sse(ada, "GET", f"analyses/{analysis_id}/events") as source:
        stream = source.iter_sse()
        assert next(stream).event == "started"
        assert ada.delete(f"analyses/{analysis_id}").status_code == 204
        # Without an end of the stream this would run into the client's time-out.
        assert "published" not in {event.event for event in stream}
    assert ada.get(f"analyses/{analysis_id}").status_code == 404


def test_the_same_key_starts_one_analysis_however_often_it_is_sent(
    ada: httpx.Client, bob: httpx.Client
) -> None:
    headers = {"idempotency-key": "monday"}

    def send(_number: int) -> httpx.Response:
        return ada.post("analyses", json=SAMPLE, headers=headers)

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(send, range(5)))
    assert {answer.status_code for answer in answers} == {202}
    ids = {answer.json()["id"] for answer in answers}
    assert len(ids) == 1
    other = ada.post("analyses", json={**SAMPLE, "year": 2020}, headers=headers)
    assert other.status_code == 409
    theirs = bob.post("analyses", json=SAMPLE, headers=headers).json()["id"]
    assert theirs not in ids
    for client, analysis_id in ((ada, ids.pop()), (bob, theirs)):
        assert client.post(f"analyses/{analysis_id}/cancel").json()["state"] == "cancelled"


def test_the_list_is_complete_part_by_part(bob: httpx.Client) -> None:
    made = []
    for _ in range(3):
        made.append(bob.post("analyses", json=SAMPLE).json()["id"])
        bob.post(f"analyses/{made[-1]}/cancel")
    seen: list[str] = []
    cursor = ""
    while True:
        part = bob.get(
            "analyses", params={"limit": 2, "cursor": cursor, "state": "cancelled"}
        ).json()
        seen += [item["id"] for item in part["items"]]
        cursor = part["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen))
    assert seen[:3] == made[::-1]


@pytest.mark.parametrize(("form", "begins"), [("md", b"#"), ("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_exports(ada: httpx.Client, analysis_id: str, form: str, begins: bytes) -> None:
    answer = ada.get(f"analyses/{analysis_id}/exports/{form}")
    assert answer.content.startswith(begins)
    assert f".{form}" in answer.headers["content-disposition"]


def test_a_question_is_answered_with_its_pages(ada: httpx.Client, analysis_id: str) -> None:
    answer = ada.post(
        f"analyses/{analysis_id}/questions", json={"question": "What are the Scope 1 emissions?"}
    ).json()
    assert answer["claims"]
    assert all(claim["evidence"] for claim in answer["claims"])


def test_feedback_replaces_what_was_said_and_owners_read_it(
    api: Api, ada: httpx.Client, analysis_id: str
) -> None:
    given = [
        ada.put(f"analyses/{analysis_id}/feedback", json={"value": value, "comment": "So so"})
        for value in ("up", "down")
    ]
    assert given[0].json()["id"] == given[1].json()["id"]
    with api.of("olga") as olga:
        comments = olga.get("feedback").json()["comments"]
    mine = [row for row in comments if row["analysis_id"] == analysis_id]
    assert [(row["up"], row["text"]) for row in mine] == [(False, "So so")]


def test_feedback_goes_with_its_analysis(api: Api, ada: httpx.Client) -> None:
    analysis_id = api.finished(ada)
    ada.put(f"analyses/{analysis_id}/feedback", json={"value": "down", "comment": "Gone soon"})
    with api.of("olga") as olga:
        assert "Gone soon" in olga.get("feedback").text
        assert ada.delete(f"analyses/{analysis_id}").status_code == 204
        assert "Gone soon" not in olga.get("feedback").text


def test_only_an_ended_analysis_with_failures_is_retried(
    ada: httpx.Client, analysis_id: str
) -> None:
    answer = ada.post(f"analyses/{analysis_id}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_usage_is_nothing_where_no_model_was_asked(ada: httpx.Client, analysis_id: str) -> None:
    assert ada.get(f"analyses/{analysis_id}/usage").json()["model_calls"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"industry": "x", "library": "/etc"},
        {"industry": "x", "owner": "bob"},
        {"industry": "a\x00b"},
        {"industry": "x", "reports": [{"company": "A", "url": "file:///etc/passwd"}]},
        {"industry": "x", "model": "openai:none"},
    ],
)
def test_what_is_not_the_callers_to_choose_is_refused(
    ada: httpx.Client, body: dict[str, object]
) -> None:
    answer = ada.post("analyses", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "passwd" not in answer.text
