"""Who may do what: tokens and their scopes, roles, sessions and where they come from."""

import sqlite3

import httpx
import pytest

from tests.app.api.conftest import PASSWORD, Api

BODY = {"industry": ""}
"""Refused with 422 by whoever lets the caller in."""


def status(api: Api, method: str, path: str, token: str) -> int:
    headers = {"authorization": token}
    json = BODY if method == "POST" else None
    return api.root.request(method, f"/api/v1/{path}", headers=headers, json=json).status_code


def test_a_token_opens_what_its_scopes_say(api: Api) -> None:
    read, write = (f"Bearer {api.token('ada', scope)}" for scope in ("read", "write"))
    assert status(api, "GET", "me", read) == 200
    assert status(api, "POST", "analyses", read) == 403
    assert status(api, "POST", "analyses", write) == 422
    assert status(api, "GET", "me", write) == 403


def test_a_scope_is_worth_no_more_than_the_users_role(api: Api) -> None:
    """Every token of these users has all scopes."""
    scopes = {}
    for user in ("vera", "ada", "olga"):
        with api.of(user) as client:
            scopes[user] = client.get("me").json()["scopes"]
    assert scopes == {
        "vera": ["read"],
        "ada": ["read", "write"],
        "olga": ["admin", "metrics", "read", "write"],
    }
    with api.of("vera") as vera:
        assert vera.post("analyses", json={"industry": "cement"}).status_code == 403


def test_what_is_no_valid_token_opens_nothing(api: Api) -> None:
    good = api.tokens["ada"]
    for said in (
        "",
        "Bearer",
        "Bearer x",
        f"Basic {good}",
        good,
        f"Bearer {good[:-1]}A",
        "Bearer é",
    ):
        answer = api.root.get("/api/v1/me", headers={"authorization": said.encode("latin-1")})
        if said.endswith(good):
            continue
        assert answer.status_code == 401, said
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_valid_token_does_not_help_without_its_kind(api: Api) -> None:
    good = api.tokens["ada"]
    assert status(api, "GET", "me", good) == 401
    assert status(api, "GET", "me", f"Basic {good}") == 401
    assert status(api, "GET", "me", f"bearer {good}") == 200


def test_only_a_hash_of_a_token_is_kept(api: Api) -> None:
    text = api.token("ada", "read")
    with sqlite3.connect(api.server.data / "isra.db") as database:
        kept = "\n".join(str(row) for row in database.execute("SELECT * FROM api_tokens"))
    assert text.split("_")[1] in kept
    assert text.split("_", 2)[2] not in kept


@pytest.fixture
def cookies(api: Api) -> dict[str, str]:
    """A session of Ada's, as the chat gives it."""
    with httpx.Client(base_url=api.server.base) as client:
        client.post("/login", data={"username": "ada", "password": PASSWORD}).raise_for_status()
        return dict(client.cookies)


def test_a_session_reads_and_changes_only_from_our_own_pages(
    api: Api, cookies: dict[str, str]
) -> None:
    own = api.server.base

    def change(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with httpx.Client(base_url=own, cookies=cookies, headers=named) as client:
            return client.post("/api/v1/analyses", json=BODY).status_code

    with httpx.Client(base_url=own, cookies=cookies) as client:
        assert client.get("/api/v1/me").json()["user"] == "ada"
    assert change(origin=own) == 422
    assert change(sec_fetch_site="same-origin", origin=own) == 422
    assert change() == 403
    assert change(origin="https://evil.example") == 403
    assert change(origin="null") == 403
    assert change(sec_fetch_site="cross-site") == 403
    assert change(sec_fetch_site="same-site") == 403
    assert change(sec_fetch_site="none") == 403


def test_metrics_are_for_tokens_of_owners_with_that_scope(api: Api) -> None:
    def get(token: str) -> int:
        headers = {"authorization": f"Bearer {token}"}
        return api.root.get("/metrics", headers=headers).status_code

    assert get(api.token("olga", "metrics")) == 200
    assert get(api.token("olga", "read")) == 403
    assert get(api.token("ada", "metrics")) == 403


def test_alive_and_ready_are_told_to_everyone(api: Api) -> None:
    for path in ("/healthz", "/readyz"):
        # A load balancer asks by address.
        answer = api.root.get(path, headers={"host": "10.0.0.7"})
        assert (answer.status_code, answer.text) == (200, "ok")


@pytest.mark.parametrize("path", ["nothing", "analyses/x%0Ay", "analyses/" + "x" * 65])
def test_errors_are_problems_everywhere(ada: httpx.Client, path: str) -> None:
    answer = ada.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    assert answer.status_code in {404, 422}


def test_a_wrong_method_is_told_the_right_ones(ada: httpx.Client) -> None:
    answer = ada.request("OPTIONS", "analyses/abc")
    assert answer.status_code == 405
    assert {"GET", "DELETE"} <= set(answer.headers["allow"].split(", "))


def test_a_viewer_changes_nothing_in_the_chat_either(api: Api) -> None:
    with httpx.Client(base_url=api.server.base, timeout=60) as client:
        client.post("/login", data={"username": "vera", "password": PASSWORD}).raise_for_status()
        refused = (
            client.post(
                "/project/file",
                params={"session_id": "none"},
                files={"file": ("a.pdf", b"%PDF-1.4", "application/pdf")},
            ),
            client.post(
                "/project/action",
                json={"action": {"name": "confirm_companies", "payload": {}}, "sessionId": "none"},
            ),
            client.request("DELETE", "/project/thread", json={"threadId": "none"}),
        )
        assert [answer.status_code for answer in refused] == [403, 403, 403]
        assert all("analyst" in answer.text for answer in refused)
        seen = {"pagination": {"first": 5}, "filter": {}}
        assert client.post("/project/threads", json=seen).status_code == 200
