"""Another user's conversations, feedback, pages and results are refused."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
import socketio  # type: ignore[import-untyped]
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
    cookies = {} if name is None else {"access_token": token_of(server, name)}
    return httpx.Client(base_url=server.base, cookies=cookies, timeout=60)


def token_of(server: Server, name: str) -> str:
    """A session of that name, signed with the server's own key."""
    claims = {
        "identifier": name,
        "display_name": name,
        "metadata": {},
        "exp": datetime.now(UTC) + timedelta(hours=1),
    }
    return jwt.encode(claims, (server.data / "session.secret").read_text(), algorithm="HS256")


@pytest.mark.parametrize(("name", "status"), [("mallory", 404), (None, 401)])
def test_pictures_views_and_exports_are_only_for_their_owner(
    server: Server, shown: dict[str, Any], name: str | None, status: int
) -> None:
    analysis = shown["analysis"]
    addresses = (
        shown["picture"],
        f"/analyses/{analysis}/view",
        *(f"/analyses/{analysis}/export.{form}" for form in ("md", "pdf", "docx", "xlsx", "json")),
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


def test_closed_ways_to_a_conversation_stay_closed(server: Server, shown: dict[str, Any]) -> None:
    thread, query = shown["thread"], "SELECT id FROM chat_elements WHERE thread_id = ?"
    element = rows(server.database, query, thread)[0][0]
    with signed_in_as(server, "mallory") as other, signed_in_as(server, "local") as own:
        address = f"/project/thread/{thread}/element/{element}"
        assert other.get(address).status_code in {401, 404}
        for client in (own, other):
            share = {"threadId": thread, "isShared": True}
            assert client.put("/project/thread/share", json=share).status_code == 404
            assert client.get(f"/project/share/{thread}").status_code == 404
            body = {"element": {"id": element, "threadId": thread}, "sessionId": "none"}
            assert client.request("DELETE", "/project/element", json=body).status_code == 404


def test_a_foreign_chat_session_can_be_neither_used_nor_taken_over(
    server: Server, shown: dict[str, Any]
) -> None:
    async def probes() -> None:
        own = socketio.AsyncClient(reconnection=False)
        session = str(uuid.uuid4())
        await connect(own, server, "local", session)
        try:
            with signed_in_as(server, "mallory") as other:
                action = {"name": "confirm_companies", "payload": {}}
                body = {"action": action, "sessionId": session}
                assert other.post("/project/action", json=body).status_code == 404
                address = f"/project/file?session_id={session}"
                pdf = {"file": ("a.pdf", b"%PDF-1.7", "application/pdf")}
                assert other.post(address, files=pdf).status_code == 401
                held = other.get(f"/project/file/any?session_id={session}")
                assert held.status_code == 401
            thief = socketio.AsyncClient(reconnection=False)
            with pytest.raises(socketio.exceptions.ConnectionError):
                await connect(thief, server, "mallory", session)
        finally:
            await own.disconnect()

    run(probes())


def test_a_foreign_conversation_cannot_be_resumed(server: Server, shown: dict[str, Any]) -> None:
    async def probe() -> None:
        other = socketio.AsyncClient(reconnection=False)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await connect(other, server, "mallory", str(uuid.uuid4()), shown["thread"])

    run(probe())


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a loop of its own: this thread's belongs to the browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def connect(
    client: socketio.AsyncClient, server: Server, name: str, session: str, thread: str = ""
) -> None:
    await client.connect(
        server.base,
        headers={"Cookie": f"access_token={token_of(server, name)}"},
        socketio_path="/ws/socket.io",
        transports=["websocket"],
        auth={
            "clientType": "webapp",
            "sessionId": session,
            "userEnv": "{}",
            "threadId": thread or None,
        },
    )


def test_a_forged_session_is_no_session(server: Server, shown: dict[str, Any]) -> None:
    token = jwt.encode({"identifier": "local"}, "x" * 64, algorithm="HS256")
    with httpx.Client(base_url=server.base, cookies={"access_token": token}) as other:
        assert other.get(f"/analyses/{shown['analysis']}/view").status_code == 401
