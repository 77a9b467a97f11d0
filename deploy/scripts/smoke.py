"""Ask a deployed address whether it serves: healthy, over TLS, closed to strangers.

python -m deploy.scripts.smoke https://research.example.org
"""

import argparse
import sys
from urllib.parse import urlsplit

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from deploy.scripts.aws import DeploymentError, exit_code

_SECONDS_LONGEST = 120
_SECONDS_BETWEEN = 5.0
_SIGN_IN = frozenset({301, 302, 303, 307, 401})


def smoke(
    address: str, *, longest: float = _SECONDS_LONGEST, between: float = _SECONDS_BETWEEN
) -> list[str]:
    """What was seen to work, in words. Raises DeploymentError with what does not."""
    tries = Retrying(
        stop=stop_after_delay(longest),
        wait=wait_fixed(between),
        retry=retry_if_exception_type((httpx.TransportError, DeploymentError)),
        reraise=True,
    )
    try:
        return tries(_seen, address.rstrip("/"))
    except httpx.TransportError as error:
        raise DeploymentError(f"{address} does not answer: {error}.") from error


def _seen(address: str) -> list[str]:
    with httpx.Client(timeout=15, follow_redirects=False) as client:
        page = client.get(f"{address}/")
        _require(page.status_code in _SIGN_IN | {200}, f"the first page answers {page.status_code}")
        seen = [f"the first page answers {page.status_code}"]
        # Where the balancer signs people in, everything but the sign-in is behind it.
        if page.status_code == 200:
            for header in ("content-security-policy", "x-content-type-options"):
                _require(header in page.headers, f"the first page has no {header}")
            seen.append("the pages carry their protective headers")
        own = client.get(f"{address}/owner/feedback")
        _require(own.status_code != 200, "a stranger can read the owner's page")
        seen.append("the owner's page is closed to strangers")
        if urlsplit(address).scheme == "https":
            plain = client.get(f"http://{urlsplit(address).netloc}/")
            location = plain.headers.get("location", "")
            _require(location.startswith("https://"), "http is not sent on to https")
            seen.append("http is sent on to https")
        return seen


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise DeploymentError(f"Not as it should be: {what}.")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    address = parser.parse_args().address
    return exit_code(lambda: "\n".join(smoke(address)))


if __name__ == "__main__":
    sys.exit(main())
