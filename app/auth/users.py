"""The users of a small team: a file of names and argon2 hashes, made by `isra user`.

One user a line, `name:hash`. Whoever can write the file can sign in, so only its owner may.
"""

import asyncio
import os
import re
import stat
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from agent.errors import ConfigurationError, InputError, NotFoundError, StorageError

SHORTEST_PASSWORD = 10
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
_HASHER = PasswordHasher()
# One check takes 64 MB; more at once would let log-ins alone fill the memory.
_AT_ONCE = 2


class UsersFile:
    """Reads and changes the file; looks again whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at: tuple[int, int] | None = None
        self._hashes: dict[str, str] = {}
        self._checks = asyncio.Semaphore(_AT_ONCE)

    def names(self) -> list[str]:
        """All names, sorted. Raises ConfigurationError where others can change the file."""
        return sorted(self._load())

    def has(self, name: str) -> bool:
        """Whether there is such a user (still)."""
        return name in self._load()

    async def verify(self, name: str, password: str) -> bool:
        """Whether the password is this user's; takes as long for an unknown name."""
        known = self._load().get(name)
        async with self._checks:
            right = await asyncio.to_thread(_is_right, known or _nobody(), password)
        return right and known is not None

    def add(self, name: str, password: str) -> None:
        """Add a user, or give one a new password.

        Raises:
            InputError: the name has signs it may not have, or the password is too short.
            StorageError: the file cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise InputError(
                f"“{name}” cannot be a user's name.",
                "Use letters, digits and . _ @ + - only.",
            )
        if len(password) < SHORTEST_PASSWORD:
            raise InputError(
                "The password is too short.", f"Take at least {SHORTEST_PASSWORD} characters."
            )
        self._save({**self._load(), name: _HASHER.hash(password)})

    def remove(self, name: str) -> None:
        """Take a user out; open sessions end with the next call. Raises NotFoundError."""
        users = dict(self._load())
        if users.pop(name, None) is None:
            raise NotFoundError(f"There is no user “{name}”.", "`isra user list` shows all.")
        self._save(users)

    def _load(self) -> dict[str, str]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return {}
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise ConfigurationError(
                f"{self._path} can be read by other users of this computer.",
                f"Run: chmod 600 {self._path}",
            )
        # The size too: two changes within one tick of the clock are not missed.
        seen = (found.st_mtime_ns, found.st_size)
        if seen != self._read_at:
            lines = self._path.read_text("utf-8").splitlines()
            self._hashes = dict(_entry(line) for line in lines if ":" in line)
            self._read_at = seen
        return self._hashes

    def _save(self, users: dict[str, str]) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(f"{name}:{users[name]}\n" for name in sorted(users))
            new.replace(self._path)
        except OSError as error:
            raise StorageError(
                f"The users file {self._path} cannot be written: {error.strerror}.",
                "Set ISRA_USERS_FILE to a place you may write to.",
            ) from error
        self._read_at = None


def _entry(line: str) -> tuple[str, str]:
    name, _, hashed = line.strip().partition(":")
    return name, hashed


@cache
def _nobody() -> str:
    """Checked where a name is unknown, so that the answer takes as long as for a known one."""
    return _HASHER.hash("nobody has this password")


def _is_right(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
