"""The users file: what is kept, who gets in, and who no longer does."""

from pathlib import Path

import pytest

from agent.errors import ConfigurationError, InputError, NotFoundError
from app.auth.users import UsersFile

PASSWORD = "correct horse battery"


@pytest.fixture
def users(tmp_path: Path) -> UsersFile:
    made = UsersFile(tmp_path / "users.txt")
    made.add("ada", PASSWORD)
    return made


async def test_only_the_right_password_of_a_known_name_gets_in(users: UsersFile) -> None:
    assert await users.verify("ada", PASSWORD)
    assert not await users.verify("ada", PASSWORD.upper())
    assert not await users.verify("bob", PASSWORD)
    assert not await users.verify("bob", "nobody has this password")
    assert not await users.verify("", "")


def test_the_file_holds_argon2_hashes_that_only_its_owner_can_read(
    users: UsersFile, tmp_path: Path
) -> None:
    path = tmp_path / "users.txt"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith("ada:$argon2id$")
    assert PASSWORD not in path.read_text()


def test_a_file_others_can_read_is_not_trusted(users: UsersFile, tmp_path: Path) -> None:
    (tmp_path / "users.txt").chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        users.names()


async def test_a_change_by_another_process_counts_at_once(users: UsersFile, tmp_path: Path) -> None:
    other = UsersFile(tmp_path / "users.txt")
    other.add("bob", PASSWORD)
    assert users.names() == ["ada", "bob"]
    other.add("ada", "another long password")
    assert not await users.verify("ada", PASSWORD)
    other.remove("ada")
    assert not users.has("ada")


def test_unfit_names_short_passwords_and_unknown_users_are_refused(users: UsersFile) -> None:
    for name in ("", "a:b", "a\nroot:x", " ada", "-x"):
        with pytest.raises(InputError, match="name"):
            users.add(name, PASSWORD)
    with pytest.raises(InputError, match="too short"):
        users.add("bob", "short")
    with pytest.raises(NotFoundError):
        users.remove("bob")
    assert users.names() == ["ada"]
