"""Every address of the server as nobody and as another user. A new one needs a rule here."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.datastructures import Headers

from agent.memory.chat_tables import (
    chat_elements,
    chat_feedback,
    chat_steps,
    chat_threads,
    chat_turns,
    chat_users,
)
from agent.memory.database import make_engine, utc_now
from agent.memory.tables import analyses, reports
from agent.settings import Settings
from app.guard import Guard, GuardOptions
from app.server import create_app
from tests.app.api.conftest import PASSWORD, TLS, Api
from tests.app.api.routes import walk

SECRET = "zq-only-carols"
"""Stands in everything of Carol's; no answer to anybody else may have it."""
ANALYSIS, SHA = f"{SECRET}-analysis", "f" * 64
PATH = {
    "analysis_id": ANALYSIS,
    "sha256": SHA,
    "page": "1",
    "form": "md",
    "thread_id": f"{SECRET}-thread",
    "element_id": f"{SECRET}-element",
    "file_id": "nothing",
    "full_path:path": "nothing",
    "filename:path": "nothing.js",
    "avatar_id:str": "isra",
    "provider_id": "google",
}


@dataclass(frozen=True)
class Rule:
    """The statuses that nobody and another user get; what they send with the call."""

    nobody: set[int]
    other: set[int]
    send: dict[str, Any] = field(default_factory=dict)


def sent(rule: Rule, **json: Any) -> Rule:
    return Rule(rule.nobody, rule.other, {"json": json})


PUBLIC = Rule({200, 304, 307, 400, 404, 422}, {200, 304, 307, 400, 404, 422})
"""For everyone; nothing of any user's is in it."""
USER = Rule({401}, {200, 201, 202, 204})
"""For those who are signed in, and about the caller alone."""
OWN = Rule({401}, {404})
"""Of one user; for all others it does not exist."""
TOKEN = Rule({401}, {401})
"""Programs with a token only; a browser's session opens nothing."""
OWNER = Rule({401}, {403, 404})
"""For owners of the server."""
CHAT_OWN = Rule({401}, {401, 403, 404})
"""The same as OWN, in the chat framework's words."""

API = "/api/v1"
THREAD, ELEMENT, STEP, FEEDBACK = (
    f"{SECRET}-{name}" for name in ("thread", "element", "step", "feedback")
)
RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/health"): PUBLIC,
    ("GET", "/metrics"): OWNER,
    # The API.
    ("GET", f"{API}/openapi.json"): PUBLIC,
    ("GET", f"{API}/me"): USER,
    ("GET", f"{API}/feedback"): OWNER,
    ("GET", f"{API}/analyses"): USER,
    ("POST", f"{API}/analyses"): Rule({401}, {422}, {"json": {"industry": ""}}),
    ("GET", f"{API}/analyses/{{analysis_id}}"): OWN,
    ("DELETE", f"{API}/analyses/{{analysis_id}}"): OWN,
    ("GET", f"{API}/analyses/{{analysis_id}}/proposal"): OWN,
    ("POST", f"{API}/analyses/{{analysis_id}}/review"): sent(OWN, companies=[{"name": "A"}]),
    ("POST", f"{API}/analyses/{{analysis_id}}/cancel"): OWN,
    ("POST", f"{API}/analyses/{{analysis_id}}/retry"): OWN,
    ("GET", f"{API}/analyses/{{analysis_id}}/events"): OWN,
    ("GET", f"{API}/analyses/{{analysis_id}}/reports/{{sha256}}/pages/{{page}}"): OWN,
    ("GET", f"{API}/analyses/{{analysis_id}}/exports/{{form}}"): OWN,
    ("POST", f"{API}/analyses/{{analysis_id}}/questions"): sent(OWN, question="Who?"),
    ("GET", f"{API}/analyses/{{analysis_id}}/usage"): OWN,
    ("PUT", f"{API}/analyses/{{analysis_id}}/feedback"): sent(OWN, value="up"),
    ("GET", f"{API}/reports"): USER,
    ("POST", f"{API}/reports"): Rule({401}, {422}),
    ("GET", f"{API}/reports/{{sha256}}"): OWN,
    ("GET", f"{API}/reports/{{sha256}}/pages/{{page}}"): OWN,
    # MCP: every caller's own tools; what they may open is asked of them one by one.
    ("POST", "/mcp"): sent(TOKEN, jsonrpc="2.0", id=1, method="tools/list"),
    ("GET", "/mcp"): TOKEN,
    ("DELETE", "/mcp"): TOKEN,
    # Results in the chat.
    ("GET", "/reports/{sha256}/pages/{page}.jpg"): Rule(
        {401}, {404}, {"params": {"analysis": ANALYSIS}}
    ),
    ("GET", "/analyses/{analysis_id}/view"): OWN,
    ("GET", "/analyses/{analysis_id}/export.{form}"): OWN,
    ("GET", "/owner/feedback"): OWNER,
    ("GET", "/owner/trace/{analysis_id}"): OWNER,
    # The chat's own page and files, and signing in.
    ("GET", "/"): PUBLIC,
    ("GET", "/login"): PUBLIC,
    ("GET", "/login/callback"): PUBLIC,
    ("GET", "/thread/{thread_id}"): PUBLIC,
    ("GET", "/element/{element_id}"): PUBLIC,
    ("GET", "/public/{filename:path}"): PUBLIC,
    ("GET", "/assets/{filename:path}"): PUBLIC,
    ("GET", "/favicon"): PUBLIC,
    ("GET", "/logo"): PUBLIC,
    ("GET", "/avatars/{avatar_id:str}"): PUBLIC,
    ("GET", "/auth/config"): PUBLIC,
    ("POST", "/login"): PUBLIC,
    ("POST", "/logout"): PUBLIC,
    ("POST", "/auth/header"): PUBLIC,
    ("GET", "/auth/oauth/{provider_id}"): PUBLIC,
    ("GET", "/auth/oauth/{provider_id}/callback"): PUBLIC,
    ("POST", "/auth/oauth/azure-ad-hybrid/callback"): PUBLIC,
    ("POST", "/set-session-cookie"): PUBLIC,
    ("GET", "/project/translations"): PUBLIC,
    # Its websocket: the framework asks for a session when a client connects over it.
    ("GET", "/ws/socket.io"): PUBLIC,
    # Conversations.
    ("GET", "/user"): USER,
    ("GET", "/project/settings"): USER,
    ("POST", "/project/threads"): sent(USER, pagination={"first": 50}, filter={}),
    ("GET", "/project/thread/{thread_id}"): CHAT_OWN,
    ("GET", "/project/thread/{thread_id}/element/{element_id}"): CHAT_OWN,
    ("PUT", "/project/thread"): sent(CHAT_OWN, threadId=THREAD, name="mine"),
    ("DELETE", "/project/thread"): sent(OWN, threadId=THREAD),
    ("PUT", "/project/element"): sent(
        OWN, element={"id": ELEMENT, "threadId": THREAD}, sessionId="none"
    ),
    ("DELETE", "/project/element"): sent(
        OWN, element={"id": ELEMENT, "threadId": THREAD}, sessionId="none"
    ),
    ("PUT", "/feedback"): sent(OWN, feedback={"forId": STEP, "value": 1}, sessionId="none"),
    ("DELETE", "/feedback"): sent(OWN, feedbackId=FEEDBACK),
    ("POST", "/project/action"): sent(
        CHAT_OWN, action={"name": "confirm_companies", "payload": {}}, sessionId="none"
    ),
    ("POST", "/project/file"): Rule({401}, {401, 404, 422}, {"params": {"session_id": "none"}}),
    ("GET", "/project/file/{file_id}"): Rule({401}, {401, 404}, {"params": {"session_id": "none"}}),
}


@pytest.fixture(scope="module")
def carols(api: Api) -> Api:
    """The server with a conversation, an analysis and a report of Carol's."""
    asyncio.run(_fill(api.server.data))
    return api


async def _fill(data: Path) -> None:
    now = utc_now()
    at = {"created_at": now, "updated_at": now}
    place = {"thread_id": THREAD, "created_at": now}
    body = {"id": ELEMENT, "name": "CompanyReview", "threadId": THREAD}
    rows: list[tuple[sa.Table, dict[str, Any]]] = [
        (chat_users, {"id": "carol-1", "identifier": "carol", "metadata": {}, "created_at": now}),
        (chat_threads, {"id": THREAD, "name": SECRET, "user_id": "carol-1", "metadata": {}, **at}),
        (chat_steps, {"id": STEP, "body": {"id": STEP, "output": SECRET}, **place}),
        (chat_elements, {"id": ELEMENT, "for_id": STEP, "body": body, **place}),
        (chat_turns, {"run_step_id": STEP, "analysis_id": ANALYSIS, "kind": "request", **place}),
        (
            chat_feedback,
            {
                "id": FEEDBACK,
                "for_id": STEP,
                "thread_id": THREAD,
                "user_identifier": "carol",
                "value": 1,
                "comment": SECRET,
                **at,
            },
        ),
        (
            analyses,
            {
                "id": ANALYSIS,
                "owner": "carol",
                "state": "awaiting_review",
                "industry": SECRET,
                "request": {"industry": SECRET, "owner": "carol"},
                "graph_version": "1",
                **at,
            },
        ),
        (
            reports,
            {
                "sha256": SHA,
                "owner": "carol",
                "file": f"{SECRET}.pdf",
                "source": "upload",
                "verdict": {"verdict": "match"},
                "added_at": now,
            },
        ),
    ]
    engine = make_engine(f"sqlite+aiosqlite:///{data / 'isra.db'}")
    async with engine.begin() as connection:
        for table, row in rows:
            await connection.execute(table.insert().values(row))
    await engine.dispose()


@pytest.fixture(scope="module")
def session(carols: Api) -> dict[str, str]:
    """Bob's session of the chat."""
    with httpx.Client(base_url=carols.server.base) as client:
        form = {"username": "bob", "password": PASSWORD}
        client.post("/login", data=form).raise_for_status()
        return dict(client.cookies)


def is_closed(method: str, path: str) -> bool:
    """Whether the guard keeps everybody from it."""
    guard = Guard(create_app, GuardOptions())
    scope = {"type": "http", "method": method, "path": path}
    return guard._refusal(scope, Headers({"host": "127.0.0.1"})) is not None


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """All routes of the application that the guard lets anybody come to."""
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("routes")))
    return {route for route in walk(app.routes) if not is_closed(*route)}


def test_every_route_has_a_rule(routes: set[tuple[str, str]]) -> None:
    assert routes - RULES.keys() == set(), "write a rule for what is new"
    assert RULES.keys() - routes == set(), "these are gone"


def call(
    api: Api, method: str, path: str, rule: Rule, *, cookies: dict[str, str], token: str = ""
) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if cookies:
        headers["origin"] = api.server.base
    with httpx.Client(
        base_url=api.server.base, cookies=cookies, headers=headers, verify=TLS
    ) as client:
        return client.request(method, _filled(path), **rule.send)


def _filled(path: str) -> str:
    for name, value in PATH.items():
        path = path.replace(f"{{{name}}}", value)
    return path


PLACES = sorted(RULES, key=lambda place: (place[1], place[0]))


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_nobody_gets_no_further(carols: Api, method: str, path: str) -> None:
    rule = RULES[method, path]
    answer = call(carols, method, path, rule, cookies={})
    assert answer.status_code in rule.nobody, answer.text[:300]
    assert SECRET not in answer.text


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_another_user_sees_and_changes_nothing_of_carols(
    carols: Api, session: dict[str, str], method: str, path: str
) -> None:
    rule = RULES[method, path]
    # A logged-out session would no longer be one for the tests behind.
    cookies = {} if path == "/logout" else session
    answers = [call(carols, method, path, rule, cookies=cookies)]
    if path.startswith(API) or path == "/metrics":
        token = carols.tokens["bob"]
        answers.append(call(carols, method, path, rule, cookies={}, token=token))
    for answer in answers:
        assert answer.status_code in rule.other, answer.text[:300]
        assert SECRET not in answer.text
    assert _still_there(carols)


def _still_there(api: Api) -> bool:
    with api.of("carol") as carol:
        status = carol.get(f"analyses/{ANALYSIS}").json()
        return bool(status["state"] == "awaiting_review") and carol.get(f"reports/{SHA}").is_success
