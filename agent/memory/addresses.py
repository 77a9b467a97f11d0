"""One address of the database, in the spelling each driver wants."""

import sqlalchemy as sa

from agent.errors import ConfigurationError

_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def async_url(url: str) -> str:
    """The address for SQLAlchemy's async engine, whatever driver it names.

    Raises:
        ConfigurationError: it is not the address of a SQLite or Postgres database.
    """
    parsed = _parsed(url)
    driver = _ASYNC_DRIVERS[_backend(parsed)]
    query = dict(parsed.query)
    if driver.endswith("asyncpg") and "sslmode" in query:
        # asyncpg knows the same words under another name.
        query["ssl"] = query.pop("sslmode")
    return _rendered(parsed.set(drivername=driver, query=query))


def libpq_url(url: str) -> str:
    """The address of a Postgres database for psycopg and asyncpg, which read libpq's spelling."""
    parsed = _parsed(url)
    query = dict(parsed.query)
    if "ssl" in query:
        query["sslmode"] = query.pop("ssl")
    return _rendered(parsed.set(drivername="postgresql", query=query))


def is_postgres(url: str) -> bool:
    """Whether the address is that of a Postgres database."""
    return _backend(_parsed(url)) == "postgresql"


def require_postgres(url: str) -> None:
    """Raises ConfigurationError where the database is not Postgres, and so has no queue."""
    if not is_postgres(url):
        raise ConfigurationError(
            "Workers share their runs through Postgres, and ISRA_DATABASE_URL names none.",
            "Set it, or do without a worker: on SQLite runs are driven where they are started.",
        )


def _parsed(url: str) -> sa.URL:
    # Many hosts hand out the short scheme, which SQLAlchemy does not know.
    if url.startswith("postgres://"):
        url = url.replace("postgres://", "postgresql://", 1)
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        parsed = None
    if parsed is None or _backend(parsed) not in _ASYNC_DRIVERS:
        # The address is not repeated: it may hold a password.
        raise ConfigurationError(
            "ISRA_DATABASE_URL is not the address of a database.",
            "Write postgresql://user:password@host/name, or sqlite:///path; empty means SQLite.",
        )
    return parsed


def _backend(parsed: sa.URL) -> str:
    return parsed.drivername.partition("+")[0]


def _rendered(parsed: sa.URL) -> str:
    return parsed.render_as_string(hide_password=False)
