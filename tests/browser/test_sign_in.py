"""The three ways to sign in, each against a server of its own, and what they keep others from."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Page, expect

from app.auth.users import UsersFile
from tests.browser.conftest import Server, free_port, shot
from tests.browser.steps import rows, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PASSWORD = "correct horse battery"
SIGNER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/isra/0123"
KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> UsersFile:
    made = UsersFile(tmp_path_factory.mktemp("users") / "users.txt")
    for name in ("ada", "bob", "eve"):
        made.add(name, PASSWORD)
    return made


@pytest.fixture(scope="module")
def by_password(serve: Callable[..., Server], users: UsersFile) -> Server:
    return serve(
        ISRA_AUTH="password",
        ISRA_USERS_FILE=str(users._path),
        ISRA_OWNERS="ada",
        ISRA_LOGINS_PER_MINUTE="5",
    )


def log_in(page: Page, name: str, password: str) -> None:
    page.locator('input[id="email"]').fill(name)
    page.locator('input[id="password"]').fill(password)
    page.get_by_role("button", name="Sign in").click()


def client(server: Server, name: str, password: str = PASSWORD) -> httpx.Client:
    form = {"username": name, "password": password}
    answer = httpx.post(f"{server.base}/login", data=form, timeout=60)
    assert answer.status_code == 200
    return httpx.Client(base_url=server.base, cookies=answer.cookies, timeout=60)


def test_a_name_and_its_password_open_the_chat_and_nothing_else_does(
    by_password: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(by_password.base)
    page.wait_for_url("**/login*")
    log_in(page, "ada", "not her password")
    expect(page.get_by_text("Check name and password")).to_be_visible()
    shot(page, "12-sign-in")
    log_in(page, "ada", PASSWORD)
    page.locator("#chat-input").wait_for()
    say(page, "help")
    expect(page.get_by_text("I cannot tell you what the reports do not say")).to_be_visible()
    owner = "SELECT u.identifier FROM chat_threads t JOIN chat_users u ON u.id = t.user_id"
    assert rows(by_password.database, owner) == [("ada",)]


def test_nothing_is_served_without_a_session(by_password: Server) -> None:
    with httpx.Client(base_url=by_password.base, timeout=60) as nobody:
        assert nobody.get("/user").status_code == 401
        assert nobody.get("/owner/feedback").status_code == 401
        assert nobody.get("/analyses/any/view").status_code == 401
        assert nobody.post("/project/threads", json={}).status_code in {401, 422}


def test_only_owners_read_everyones_feedback(by_password: Server) -> None:
    with client(by_password, "ada") as ada, client(by_password, "bob") as bob:
        assert "Nobody has given feedback yet" in ada.get("/owner/feedback").text
        assert bob.get("/owner/feedback").status_code == 404


def test_a_removed_user_is_out_at_once(by_password: Server, users: UsersFile) -> None:
    with client(by_password, "bob") as bob:
        assert bob.get("/user").status_code == 200
        users.remove("bob")
        assert bob.get("/user").status_code == 401


def test_a_name_cannot_be_tried_without_end(by_password: Server) -> None:
    with httpx.Client(base_url=by_password.base, timeout=60) as guesser:
        form = [{"username": "eve", "password": f"guess {n}"} for n in range(6)]
        answers = [guesser.post("/login", data=data).status_code for data in form]
        assert answers == [401] * 5 + [429]
        right = {"username": "eve", "password": PASSWORD}
        assert guesser.post("/login", data=right).status_code == 429


class Provider(BaseHTTPRequestHandler):
    """An OpenID provider and AWS's key address in one, as small as they can be."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.send_response(302)
            back = f"{asked['redirect_uri']}?code=c-1&state={asked['state']}"
            self.send_header("location", back)
            self.end_headers()
        elif url.path == "/userinfo":
            self._json({"email": "ada@example.org", "name": "Ada"})
        else:
            self._send(
                KEY.public_key().public_bytes(
                    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            )

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._json({"access_token": "t-1"})

    def _json(self, body: dict[str, str]) -> None:
        self._send(json.dumps(body).encode())

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_oauth_provider_signs_people_in(serve: Callable[..., Server], provider: str) -> None:
    port = free_port()
    server = serve(
        ISRA_PORT=str(port),
        ISRA_PUBLIC_URL=f"http://127.0.0.1:{port}",
        ISRA_AUTH="oauth",
        ISRA_OAUTH_DOMAINS="example.org",
        OAUTH_GENERIC_CLIENT_ID="isra",
        OAUTH_GENERIC_CLIENT_SECRET="secret",
        OAUTH_GENERIC_AUTH_URL=f"{provider}/authorize",
        OAUTH_GENERIC_TOKEN_URL=f"{provider}/token",
        OAUTH_GENERIC_USER_INFO_URL=f"{provider}/userinfo",
        OAUTH_GENERIC_SCOPES="openid email",
    )
    with httpx.Client(base_url=server.base, follow_redirects=True, timeout=60) as ada:
        assert ada.get("/user").status_code == 401
        back = ada.get("/auth/oauth/generic")
        assert back.url.path == "/login/callback" and "success=True" in str(back.url)
        assert ada.get("/user").json()["identifier"] == "generic:ada@example.org"
    with httpx.Client(base_url=server.base, timeout=60) as forger:
        forger.get("/auth/oauth/generic")
        forged = forger.get("/auth/oauth/generic/callback?code=c-1&state=guessed")
        assert "error" in forged.headers["location"]
        assert forger.get("/user").status_code == 401


def header(**changes: Any) -> dict[str, str]:
    """What the load balancer adds to every request of a signed-in person."""
    head = {"alg": "ES256", "kid": "k-1", "signer": SIGNER}
    claims = {"sub": "u-1", "name": "Ada", "exp": int(time.time()) + 60, **changes}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in (head, claims)]
    signed = jwt.get_algorithm_by_name("ES256").sign(b".".join(parts), KEY)
    return {"x-amzn-oidc-data": b".".join([*parts, base64.urlsafe_b64encode(signed)]).decode()}


def test_the_load_balancer_names_the_user_of_every_request(
    serve: Callable[..., Server], provider: str
) -> None:
    server = serve(
        ISRA_AUTH="alb",
        ISRA_ALB_REGION="eu-central-1",
        ISRA_ALB_SIGNER=SIGNER,
        ISRA_ALB_KEYS_URL=provider,
        ISRA_PUBLIC_URL="https://research.example.org",
    )
    with httpx.Client(base_url=server.base, timeout=60) as ada:
        page = ada.get("/", headers=header())
        cookie = page.headers["set-cookie"]
        assert "Secure" in cookie and "HttpOnly" in cookie
        assert "strict-transport-security" in page.headers
        session = {"cookie": cookie.split(";")[0]}
        assert ada.get("/user", headers=header() | session).json()["identifier"] == "u-1"
        # Neither the cookie alone, nor with someone else's header, nor with an altered one.
        assert ada.get("/user", headers=session).status_code == 401
        assert ada.get("/user", headers=header(sub="u-2") | session).status_code == 401
        altered = {"x-amzn-oidc-data": header()["x-amzn-oidc-data"][:-8] + "AAAAAAA="}
        assert ada.get("/user", headers=altered | session).status_code == 401
        foreign = ada.get("/", headers=header() | {"host": "evil.example"})
        assert foreign.status_code == 421
        assert ada.get("/health", headers={"host": "10.0.0.7"}).status_code == 200
