"""Give the database a new password and start the tasks anew, which read it when they start.

python -m deploy.scripts.rotate_database --secret ARN --cluster isra-prod --service web
"""

import argparse
import sys
import time
from typing import Any

from deploy.scripts.aws import DeploymentError, client, exit_code

_SECONDS_LONGEST = 300
_SECONDS_BETWEEN = 5.0


def rotate(
    secrets: Any,
    ecs: Any,
    secret: str,
    cluster: str,
    services: list[str],
    *,
    longest: float = _SECONDS_LONGEST,
    between: float = _SECONDS_BETWEEN,
) -> None:
    """Rotate, wait for the new password, start new tasks. Raises DeploymentError."""
    new = secrets.rotate_secret(SecretId=secret)["VersionId"]
    ends = time.monotonic() + longest
    while "AWSCURRENT" not in _stages(secrets, secret, new):
        if time.monotonic() >= ends:
            raise DeploymentError(
                "The new password did not become the current one; nothing was restarted."
            )
        time.sleep(between)
    for service in services:
        ecs.update_service(cluster=cluster, service=service, forceNewDeployment=True)


def _stages(secrets: Any, secret: str, version: str) -> list[str]:
    described = secrets.describe_secret(SecretId=secret)
    stages: list[str] = described.get("VersionIdsToStages", {}).get(version, [])
    return stages


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--service", required=True, action="append")
    given = parser.parse_args()

    def step() -> str:
        rotate(client("secretsmanager"), client("ecs"), given.secret, given.cluster, given.service)
        return "The password is new and the services start anew."

    return exit_code(step)


if __name__ == "__main__":
    sys.exit(main())
