"""Another user's conversations, feedback, pages and results are refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server
from tests.browser.steps import analysis_id, begin, confirm, rows, wait_for_result

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def shown(server: Server, open_page: Callable[..., Page]) -> dict[str, Any]:
    """What the local user's finished analysis consists of."""
    page = open_page()
    begin(page, server.base)
    confirm(page)
    wait_for_result(page)
    analysis = analysis_id(page)
    view = page.context.request.get(f"{server.base}/analyses/{analysis}/view").json()
    [(run,)] = rows(
        server.database,
        "SELECT run_step_id FROM chat_turns WHERE analysis_id = ? AND kind = 'result'",
        analysis,
    )
    source = view["sources"][0]
    return {
        "thread": page.url.rsplit("/", 1)[1],
        "analysis": analysis,
        "run": run,
        "picture": f"/reports/{source['report']}/pages/{source['page']}.jpg?analysis={analysis}",
    }


def signed_in_as(server: Server, name: str | None) -> httpx.Client:
    """A client with a valid session of that name; None: without any."""
    cookies = {}
    if name is not None:
        token = jwt.encode(
            {
                "identifier": name,
                "display_name": name,
                "metadata": {},
                "exp": datetime.now(UTC) + timedelta(hours=1),
            },
            (server.data / "session.secret").read_text(),
            algorithm="HS256",
        )
        cookies["access_token"] = token
    return httpx.Client(base_url=server.base, cookies=cookies)


@pytest.mark.parametrize(("name", "status"), [("mallory", 404), (None, 401)])
def test_pictures_views_and_exports_are_only_for_their_owner(
    server: Server, shown: dict[str, Any], name: str | None, status: int
) -> None:
    analysis = shown["analysis"]
    addresses = (
        shown["picture"],
        f"/analyses/{analysis}/view",
        f"/analyses/{analysis}/export.md",
    )
    with signed_in_as(server, "local") as own, signed_in_as(server, name) as other:
        for address in addresses:
            assert own.get(address).status_code == 200
            assert other.get(address).status_code == status


def test_a_report_outside_the_analysis_is_not_served(server: Server, shown: dict[str, Any]) -> None:
    with signed_in_as(server, "local") as own:
        address = f"/reports/{'0' * 64}/pages/1.jpg?analysis={shown['analysis']}"
        assert own.get(address).status_code == 404


def test_a_foreign_thread_can_be_neither_read_nor_renamed_nor_deleted(
    server: Server, shown: dict[str, Any]
) -> None:
    thread = shown["thread"]
    with signed_in_as(server, "mallory") as other:
        assert other.get(f"/project/thread/{thread}").status_code in {401, 404}
        renamed = other.put("/project/thread", json={"threadId": thread, "name": "mine"})
        deleted = other.request("DELETE", "/project/thread", json={"threadId": thread})
        listed = other.post("/project/threads", json={"pagination": {"first": 50}, "filter": {}})
    assert renamed.status_code in {401, 404}
    assert deleted.status_code == 404
    assert listed.json()["data"] == []
    names = rows(server.database, "SELECT name FROM chat_threads WHERE id = ?", thread)
    assert names != [("mine",)]


def test_foreign_feedback_can_be_neither_given_nor_changed_nor_taken_back(
    server: Server, shown: dict[str, Any]
) -> None:
    def thumb(value: int) -> dict[str, Any]:
        feedback = {"forId": shown["run"], "threadId": shown["thread"], "value": value}
        return {"feedback": feedback, "sessionId": "none"}

    with signed_in_as(server, "local") as own, signed_in_as(server, "mallory") as other:
        given = own.put("/feedback", json=thumb(1))
        assert given.status_code == 200
        assert other.put("/feedback", json=thumb(0)).status_code == 404
        taken = other.request(
            "DELETE", "/feedback", json={"feedbackId": given.json()["feedbackId"]}
        )
        assert taken.status_code == 404
    query = "SELECT value, user_identifier FROM chat_feedback WHERE for_id = ?"
    assert rows(server.database, query, shown["run"]) == [(1, "local")]


def test_an_element_cannot_be_put_into_a_foreign_thread(
    server: Server, shown: dict[str, Any]
) -> None:
    element = {
        "id": "11111111-1111-4111-8111-111111111111",
        "threadId": shown["thread"],
        "forId": shown["run"],
        "type": "custom",
        "name": "CompanyReview",
        "display": "inline",
        "props": {},
    }
    before = rows(server.database, "SELECT count(*) FROM chat_elements")
    with signed_in_as(server, "mallory") as other:
        answer = other.put("/project/element", json={"element": element, "sessionId": "none"})
    assert answer.status_code == 404
    assert rows(server.database, "SELECT count(*) FROM chat_elements") == before


def test_a_forged_session_is_no_session(server: Server, shown: dict[str, Any]) -> None:
    token = jwt.encode({"identifier": "local"}, "x" * 64, algorithm="HS256")
    with httpx.Client(base_url=server.base, cookies={"access_token": token}) as other:
        assert other.get(f"/analyses/{shown['analysis']}/view").status_code == 401
