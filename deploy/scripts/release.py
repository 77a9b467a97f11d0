"""Put an image into a service and wait until it serves, or is rolled back.

python -m deploy.scripts.release --cluster isra-prod --image NAME:TAG --service web
"""

import argparse
import sys
import time
from functools import partial
from typing import Any

from deploy.scripts.aws import DeploymentError, client, exit_code
from deploy.scripts.revisions import with_image

_SECONDS_LONGEST = 3600
_SECONDS_BETWEEN = 15.0


def release(
    ecs: Any,
    cluster: str,
    service: str,
    image: str,
    *,
    longest: float = _SECONDS_LONGEST,
    between: float = _SECONDS_BETWEEN,
) -> str:
    """Deploy and wait; gives the revision. Raises DeploymentError where it was rolled back."""
    # The machine API runs the web's task definition.
    family = f"{cluster}-{'web' if service == 'api' else service}"
    revision = with_image(ecs, family, image)
    described = ecs.describe_services(cluster=cluster, services=[service])["services"]
    if not described:
        raise DeploymentError(f"There is no service {service} in {cluster}.")
    if described[0]["taskDefinition"] == revision and len(described[0]["deployments"]) == 1:
        return revision
    ecs.update_service(cluster=cluster, service=service, taskDefinition=revision)
    ends = time.monotonic() + longest
    while time.monotonic() < ends:
        if _arrived(ecs, cluster, service, revision):
            return revision
        time.sleep(between)
    raise DeploymentError(f"{service} did not come up within {longest:.0f} seconds.")


def _arrived(ecs: Any, cluster: str, service: str, revision: str) -> bool:
    found = ecs.describe_services(cluster=cluster, services=[service])["services"][0]
    ours = [one for one in found["deployments"] if one["taskDefinition"] == revision]
    states = {one.get("rolloutState") for one in ours}
    # Rolled back, the service's own definition is the old one again.
    if "FAILED" in states or (not ours and found["taskDefinition"] != revision):
        reason = next((one.get("rolloutStateReason", "") for one in ours), "")
        raise DeploymentError(
            f"{service} was rolled back and the old version runs on. {reason} "
            f"See the service's events and the log /isra/{cluster}/{service}."
        )
    alone = len(found["deployments"]) == 1 and bool(ours)
    return alone and (states == {"COMPLETED"} or found["runningCount"] == found["desiredCount"])


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--image", required=True)
    parser.add_argument("--service", required=True, action="append")
    given = parser.parse_args()
    ecs = client("ecs")

    def step(service: str) -> str:
        revision = release(ecs, given.cluster, service, given.image)
        return f"{service} runs {revision.rpartition('/')[2]}"

    # After one that failed, the next is left as it is.
    return next((code for name in given.service if (code := exit_code(partial(step, name)))), 0)


if __name__ == "__main__":
    sys.exit(main())
