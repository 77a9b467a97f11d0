"""Who may call what: foreign hosts and origins, closed addresses, oversized bodies."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.guard import Guard, GuardOptions, content_security_policy, host_name


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    inner = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST", "PUT"])])
    guarded = Guard(inner, GuardOptions(max_body_bytes=100, max_upload_bytes=1000))
    transport = httpx.ASGITransport(guarded, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as made:
        yield made


async def test_a_name_that_points_here_is_not_enough(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"host": "evil.example:8000"})
    assert answer.status_code == 421
    for name in ("localhost:8000", "[::1]:8000", "127.0.0.1"):
        assert (await client.get("/", headers={"host": name})).status_code == 200


CLOSED = (
    *("/openapi.json", "/docs", "/copilot/index.js", "/mcp", "/slack/events", "/auth/jwt"),
    *("/project/share/x", "/project/thread/share", "/blob/dead", "/nowhere"),
)


@pytest.mark.parametrize("path", CLOSED)
async def test_closed_addresses_are_an_honest_404(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_a_change_from_another_site_is_refused(client: httpx.AsyncClient) -> None:
    foreign = await client.put("/feedback", headers={"origin": "http://127.0.0.1:9999"})
    own = await client.put("/feedback", headers={"origin": "http://127.0.0.1:8000"})
    assert (foreign.status_code, own.status_code) == (403, 200)


async def test_a_large_body_is_refused_by_its_stated_length(client: httpx.AsyncClient) -> None:
    assert (await client.put("/feedback", content=b"x" * 101)).status_code == 413
    assert (await client.post("/project/file", content=b"x" * 101)).text == "101"


async def test_a_large_body_without_a_length_never_arrives(client: httpx.AsyncClient) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b"x" * 10

    answer = await client.put("/feedback", content=body())
    assert answer.status_code >= 400


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_policy_names_no_outside_host_and_no_inline_script() -> None:
    policy = content_security_policy(["abc"])
    assert "http" not in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self' 'unsafe-eval' 'sha256-abc'"


@pytest.mark.parametrize(
    ("header", "name"),
    [("LOCALHOST:80", "localhost"), ("[::1]:8000", "[::1]"), ("a.b", "a.b"), ("", "")],
)
def test_the_name_of_a_host_header(header: str, name: str) -> None:
    assert host_name(header) == name


async def test_behind_https_cookies_and_headers_say_so() -> None:
    async def signed_in(_request: Request) -> Response:
        answer = PlainTextResponse("in")
        answer.set_cookie("access_token", "x", httponly=True, samesite="lax")
        answer.set_cookie("plain", "x", samesite=None)
        return answer

    inner = Starlette(routes=[Route("/user", signed_in)])
    for https in (True, False):
        transport = httpx.ASGITransport(Guard(inner, GuardOptions(https=https)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.get("/user")
        assert ("strict-transport-security" in answer.headers) is https
        for cookie in answer.headers.get_list("set-cookie"):
            assert "httponly" in cookie.lower()
            assert "samesite=" in cookie.lower()
            assert ("secure" in cookie.lower()) is https
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
