"""Wait for ECR's scan of an image and stop where it found something critical.

python -m deploy.scripts.scan_gate --repository isra-staging --tag TAG
"""

import argparse
import sys
import time
from typing import Any

from deploy.scripts.aws import DeploymentError, client, exit_code

_SECONDS_LONGEST = 600
_SECONDS_BETWEEN = 10.0
_STOPPING = ("CRITICAL",)
_READY = frozenset({"COMPLETE", "ACTIVE"})
_COMING = frozenset({"PENDING", "IN_PROGRESS"})


def gate(
    ecr: Any,
    repository: str,
    tag: str,
    *,
    longest: float = _SECONDS_LONGEST,
    between: float = _SECONDS_BETWEEN,
) -> dict[str, int]:
    """How much of each severity was found. Raises DeploymentError where it stops the release."""
    ends = time.monotonic() + longest
    while True:
        try:
            told = ecr.describe_image_scan_findings(
                repositoryName=repository, imageId={"imageTag": tag}
            )
        except ecr.exceptions.ScanNotFoundException:
            told = {"imageScanStatus": {"status": "PENDING"}}
        status = told["imageScanStatus"]["status"]
        if status in _READY:
            break
        if status not in _COMING or time.monotonic() >= ends:
            reason = told["imageScanStatus"].get("description", "")
            raise DeploymentError(f"The image could not be scanned ({status}). {reason}".strip())
        time.sleep(between)
    counts: dict[str, int] = told["imageScanFindings"].get("findingSeverityCounts", {})
    if stopping := {name: counts[name] for name in _STOPPING if counts.get(name)}:
        raise DeploymentError(f"The scan found {stopping}: rebuild on a newer base image.")
    return counts


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repository", required=True)
    parser.add_argument("--tag", required=True)
    given = parser.parse_args()

    def step() -> str:
        counts = gate(client("ecr"), given.repository, given.tag)
        return f"The scan found {counts or 'nothing'}."

    return exit_code(step)


if __name__ == "__main__":
    sys.exit(main())
