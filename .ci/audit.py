"""Looks the locked packages up in a database of known vulnerabilities (OSV), with pip-audit.

It needs the network. With --where-possible it says that it was skipped, and why, where the
database does not answer; without, that is a failure.
"""

import importlib.util
import socket
import subprocess
import sys
from pathlib import Path

SERVICE = "api.osv.dev"
FILES = ("requirements.txt", "requirements-dev.txt")
IGNORED: dict[str, str] = {}
"""Vulnerabilities that do not reach us, each with the reason."""


def obstacle() -> str:
    """What keeps the check from being made; "" where nothing does."""
    if importlib.util.find_spec("pip_audit") is None:
        return "pip-audit is not installed (python -m pip install pip-audit)"
    try:
        socket.create_connection((SERVICE, 443), timeout=5).close()
    except OSError as error:
        return f"{SERVICE} does not answer ({error})"
    return ""


def main() -> int:
    """The exit code of pip-audit, or of a check that could not be made."""
    if why := obstacle():
        optional = "--where-possible" in sys.argv[1:]
        sys.stdout.write(f"Known vulnerabilities: SKIPPED, {why}.\n")
        return 0 if optional else 1
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv"]
    command += ["--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    for file in FILES:
        command += ["--requirement", str(root / file)]
    for name in IGNORED:
        command += ["--ignore-vuln", name]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own arguments


if __name__ == "__main__":
    sys.exit(main())
