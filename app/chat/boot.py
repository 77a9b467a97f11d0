"""Brings Chainlit up inside our own server: its environment, its secret, its mount."""

import os
import secrets
import stat
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from agent.errors import ConfigurationError

_CONFIG = Path(".chainlit") / "config.toml"

# Chainlit's configuration class reads these unprefixed names from the environment; a
# variable called RUN or CODE, which many shells and build systems set, stops its import.
_CHAINLIT_FIELDS = ("root", "chainlit_server", "run", "features", "ui", "project", "code")
_SECRET_BYTES = 48


def app_root() -> Path:
    """The folder that holds .chainlit/, public/ and chainlit.md.

    They stand beside the packages in the source tree; an installed package is started from
    the folder that has them.

    Raises:
        ConfigurationError: neither place has them.
    """
    for folder in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (folder / _CONFIG).is_file():
            return folder
    raise ConfigurationError(
        f"The chat's own files ({_CONFIG}, public/) are not here.",
        "Start the server in the folder that has them.",
    )


def session_secret(data_dir: Path) -> str:
    """The key that signs the session cookies: made at the first start, kept in the data folder.

    Raises:
        ConfigurationError: the file cannot be written or is readable by others.
    """
    path = data_dir / "session.secret"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(_SECRET_BYTES))
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigurationError(
                f"{path} can be read by other users.", f"Run: chmod 600 {path}"
            )
        return path.read_text().strip()
    except OSError as error:
        raise ConfigurationError(
            f"The session key {path} cannot be kept: {error.strerror}.",
            "Set ISRA_DATA_DIR to a folder you may write to.",
        ) from error


@contextmanager
def _without_names_chainlit_misreads() -> Iterator[None]:
    hidden = {name: os.environ[name] for name in os.environ if name.lower() in _CHAINLIT_FIELDS}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


def _leave_tracing_sdk_out() -> None:
    """Stand in for the SDK of a tracing service that Chainlit imports and we never use.

    The real one brings pandas and a client that calls home: two thirds of the whole start-up.
    Only its name is needed at import.
    """
    if "traceloop" in sys.modules:
        return
    package, sdk = types.ModuleType("traceloop"), types.ModuleType("traceloop.sdk")
    package.__path__ = []
    package.sdk = sdk  # type: ignore[attr-defined]
    sdk.Traceloop = None  # type: ignore[attr-defined]
    sys.modules.update({"traceloop": package, "traceloop.sdk": sdk})


def load_chainlit(data_dir: Path, secret: str = "") -> None:
    """Import Chainlit with our settings. Must run before anything else imports it.

    Without a `secret` that signs the sessions, one is kept in the data folder.
    """
    os.environ["CHAINLIT_APP_ROOT"] = str(app_root())
    os.environ["CHAINLIT_AUTH_SECRET"] = secret or session_secret(data_dir)
    _leave_tracing_sdk_out()
    with _without_names_chainlit_misreads():
        import chainlit.server  # noqa: F401


def mount_chat(server: FastAPI) -> None:
    """Mount the chat at the root of the server, behind all routes added before.

    At the root, because a chat mounted lower never gets an address of its own, and a reload
    would lose the conversation.
    """
    from chainlit.utils import mount_chainlit

    import app.chat.handlers

    # Chainlit wants a file to load and puts its folder first on the import path meanwhile,
    # where our module names would hide others'. The callbacks are registered by the import.
    mount_chainlit(app=server, target=app.chat.__file__, path="/")
