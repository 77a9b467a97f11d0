"""A session that no longer holds is taken away before anything behind can trust it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import jwt
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.settings import Settings
from app.auth.gate import SessionGate
from app.auth.modes import SignIn
from app.auth.users import UsersFile

SECRET = "s" * 48


async def seen(request: Request) -> Response:
    names = ("cookie", "authorization")
    return JSONResponse({name: request.headers.get(name) for name in names})


@pytest.fixture
async def client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("CHAINLIT_AUTH_SECRET", SECRET)
    UsersFile(tmp_path / "users.txt").add("ada", "correct horse")
    sign_in = SignIn.of(Settings(auth="password", data_dir=tmp_path))
    gated = SessionGate(Starlette(routes=[Route("/", seen)]), sign_in)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(gated), base_url="http://127.0.0.1"
    ) as made:
        yield made


def session(name: str) -> str:
    token = jwt.encode(
        {"identifier": name, "metadata": {}, "exp": 32503680000}, SECRET, algorithm="HS256"
    )
    return f"theme=dark; access_token={token}"


async def test_a_session_of_a_user_goes_through(client: httpx.AsyncClient) -> None:
    got = await client.get("/", headers={"cookie": session("ada")})
    assert got.json()["cookie"] == session("ada")


async def test_a_session_of_a_removed_user_is_gone_and_other_cookies_stay(
    client: httpx.AsyncClient,
) -> None:
    got = await client.get("/", headers={"cookie": session("bob")})
    assert got.json()["cookie"] == "theme=dark"


async def test_a_session_in_another_header_does_not_pass_by(client: httpx.AsyncClient) -> None:
    bearer = f"Bearer {session('bob').partition('access_token=')[2]}"
    got = await client.get("/", headers={"authorization": bearer})
    assert got.json() == {"cookie": None, "authorization": None}
