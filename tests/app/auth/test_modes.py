"""What each way to sign in asks for, and who an owner is."""

from pathlib import Path

import pytest

from agent.errors import ConfigurationError
from agent.settings import Settings
from app.auth.modes import LOCAL, SignIn
from app.auth.users import UsersFile
from app.auth.visitor import Visitor


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "research.example.org"])
def test_without_sign_in_nobody_else_is_served(host: str) -> None:
    with pytest.raises(ConfigurationError, match="no sign-in") as caught:
        SignIn.of(Settings(host=host))
    assert "ISRA_AUTH" in caught.value.do


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
async def test_on_this_computer_the_visitor_is_the_local_user_and_an_owner(host: str) -> None:
    sign_in = SignIn.of(Settings(host=host))
    assert await sign_in.visitor({}) == LOCAL
    assert sign_in.is_owner("local") and not sign_in.is_owner("mallory")


def test_a_password_server_needs_a_user(tmp_path: Path) -> None:
    settings = Settings(auth="password", host="0.0.0.0", data_dir=tmp_path)
    with pytest.raises(ConfigurationError, match="no user yet") as caught:
        SignIn.of(settings)
    assert "isra user add" in caught.value.do


async def test_a_session_ends_with_its_user(tmp_path: Path) -> None:
    users = UsersFile(tmp_path / "users.txt")
    users.add("ada", "correct horse")
    users.add("bob", "correct horse")
    sign_in = SignIn.of(Settings(auth="password", data_dir=tmp_path, owners="Ada, carol"))
    assert await sign_in.visitor({}) is None
    assert await sign_in.by_password("ada", "correct horse") == Visitor("ada", "ada")
    assert await sign_in.by_password("ada", "wrong") is None
    assert sign_in.is_owner("ada") and not sign_in.is_owner("bob")
    assert await sign_in.holds("bob", {})
    users.remove("bob")
    assert not await sign_in.holds("bob", {})


def test_oauth_needs_an_address_and_domains_keep_others_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ISRA_PUBLIC_URL"):
        SignIn.of(Settings(auth="oauth", data_dir=tmp_path))
    sign_in = SignIn(Settings(auth="oauth", oauth_domains="example.org"))
    told = {"email": "ada@Example.org", "name": "Ada"}
    assert sign_in.by_oauth("google", "ada", told) == Visitor("google:ada", "Ada")
    assert sign_in.by_oauth("google", "ada", told | {"email_verified": False}) is None
    assert sign_in.by_oauth("google", "ada", {"email": "ada@example.org.evil.test"}) is None
    assert sign_in.by_oauth("google", "ada", {}) is None
    assert SignIn(Settings(auth="oauth")).by_oauth("generic", "", {"name": "Nobody"}) is None


def test_hosts_are_those_of_the_public_address(tmp_path: Path) -> None:
    url = "https://research.example.org"
    sign_in = SignIn(Settings(auth="alb", public_url=url))
    assert "research.example.org" in sign_in.hosts and sign_in.https
    assert SignIn(Settings(auth="alb")).hosts == frozenset()
    with pytest.raises(ConfigurationError, match="ISRA_PUBLIC_URL"):
        SignIn.of(Settings(public_url="research.example.org"))
