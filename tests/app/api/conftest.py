"""One real server with sign-in, users of different roles, and a finished analysis."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.memory.database import make_engine, upgrade
from agent.memory.tokens import SCOPES, Scope, TokenTable
from app.auth.users import UsersFile
from tests.browser.conftest import Server

TLS = ssl.create_default_context()
"""Made once: each client would read all certificates again, for a server without any."""
PASSWORD = "correct horse battery"
USERS = ("ada", "bob", "carol", "olga", "vera")
"""Three analysts, an owner and a viewer."""
_OPTIONS = {
    "ISRA_AUTH": "password",
    "ISRA_OWNERS": "olga",
    "ISRA_VIEWERS": "vera",
    "ISRA_OFFLINE": "1",
    "ISRA_LOGINS_PER_MINUTE": "1000",
    "ISRA_API_CALLS_PER_MINUTE": "100000",
    "ISRA_UPLOADS_PER_HOUR": "10000",
}


@dataclass
class Api:
    """A running server and the tokens of its users."""

    server: Server
    tokens: dict[str, str]

    @cached_property
    def root(self) -> httpx.Client:
        """Calls as nobody, from the root of the server on."""
        return httpx.Client(base_url=self.server.base, timeout=60)

    def of(self, user: str) -> httpx.Client:
        """Calls as a user, with a token of all their scopes."""
        return httpx.Client(
            base_url=f"{self.server.base}/api/v1/",
            headers={"authorization": f"Bearer {self.tokens[user]}"},
            timeout=120,
            verify=TLS,
        )

    def token(self, user: str, *scopes: Scope, days: int | None = None) -> str:
        """A new token."""
        return asyncio.run(make_token(self.server.data, user, scopes, days))

    def finished(self, client: httpx.Client, **wanted: Any) -> str:
        """Run an analysis of one sample company to its end; gives its id."""
        body = {
            "industry": "sample cement",
            "companies": ["Korvanta Cement"],
            "unattended": True,
            **wanted,
        }
        analysis_id = client.post("analyses", json=body).raise_for_status().json()["id"]
        client.get(f"analyses/{analysis_id}/events").raise_for_status()
        return str(analysis_id)


async def make_token(data: Path, user: str, scopes: tuple[Scope, ...], days: int | None) -> str:
    engine = make_engine(f"sqlite+aiosqlite:///{data / 'isra.db'}")
    try:
        text, _ = await TokenTable(engine).create(user, "test", scopes, days=days)
        return text
    finally:
        await engine.dispose()


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Api]]:
    """Starts servers with the users; ends them all."""
    servers: list[Server] = []

    def started(module: str = "app.cli.main", **options: str) -> Api:
        data = tmp_path_factory.mktemp("api")
        upgrade(f"sqlite+aiosqlite:///{data / 'isra.db'}")
        users = UsersFile(data / "users.txt")
        for name in USERS:
            users.add(name, PASSWORD)
        server = Server(data, {**_OPTIONS, **options}, module)
        servers.append(server)
        server.start()
        tokens = {name: asyncio.run(make_token(data, name, SCOPES, None)) for name in USERS}
        return Api(server, tokens)

    yield started
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def api(start: Callable[..., Api]) -> Api:
    """The server that all tests share."""
    return start()


@pytest.fixture(scope="session")
def ada(api: Api) -> Iterator[httpx.Client]:
    """Calls as an analyst."""
    with api.of("ada") as client:
        yield client


@pytest.fixture(scope="session")
def bob(api: Api) -> Iterator[httpx.Client]:
    """Calls as another analyst."""
    with api.of("bob") as client:
        yield client


@pytest.fixture(scope="session")
def analysis_id(api: Api, ada: httpx.Client) -> str:
    """A published analysis of Ada's."""
    return api.finished(ada)
