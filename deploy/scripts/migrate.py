"""Run `isra db upgrade` of the new image in the cluster and wait for its end.

python -m deploy.scripts.migrate --cluster isra-prod --image REPOSITORY:TAG --network JSON
"""

import argparse
import json
import sys
import time
from typing import Any

from deploy.scripts.aws import DeploymentError, client, exit_code
from deploy.scripts.revisions import with_image

_SECONDS_LONGEST = 900
_SECONDS_BETWEEN = 5.0


def migrate(
    ecs: Any,
    cluster: str,
    image: str,
    network: dict[str, Any],
    *,
    longest: float = _SECONDS_LONGEST,
    between: float = _SECONDS_BETWEEN,
) -> None:
    """Start the migration and wait. Raises DeploymentError where it does not end with 0."""
    revision = with_image(ecs, f"{cluster}-migrate", image)
    started = ecs.run_task(
        cluster=cluster,
        taskDefinition=revision,
        launchType="FARGATE",
        networkConfiguration=network,
        count=1,
        startedBy="pipeline",
    )
    if not started["tasks"]:
        reasons = ", ".join(str(failure.get("reason")) for failure in started["failures"])
        raise DeploymentError(f"The migration could not be started: {reasons}.")
    task = started["tasks"][0]["taskArn"]
    ends = time.monotonic() + longest
    while time.monotonic() < ends:
        found = ecs.describe_tasks(cluster=cluster, tasks=[task])["tasks"][0]
        if found["lastStatus"] == "STOPPED":
            _require_good_end(found, cluster)
            return
        time.sleep(between)
    raise DeploymentError(
        f"The migration runs for over {longest:.0f} seconds; see the log /isra/{cluster}/migrate."
    )


def _require_good_end(task: dict[str, Any], cluster: str) -> None:
    codes = [container.get("exitCode") for container in task["containers"]]
    if codes != [0]:
        raise DeploymentError(
            f"The migration ended with {codes} ({task.get('stoppedReason', 'no reason given')}); "
            f"see the log /isra/{cluster}/migrate. The old version runs on."
        )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--image", required=True)
    parser.add_argument("--network", required=True, type=json.loads)
    given = parser.parse_args()

    def step() -> str:
        migrate(client("ecs"), given.cluster, given.image, given.network)
        return "The database is at the schema of the new version."

    return exit_code(step)


if __name__ == "__main__":
    sys.exit(main())
