"""Clients of AWS for the scripts of the pipeline: region and role come from the environment."""

import sys
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_CONFIG = Config(
    connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 5}
)


class DeploymentError(Exception):
    """A step of a deployment did not end well; the text says what to look at."""


def exit_code(step: Callable[[], str]) -> int:
    """Take a step of a deployment: 0 and what it says, or 1 and what to look at.

    What AWS refuses, or is not reached for, is told in AWS's own words.
    """
    try:
        print(step())
    except (DeploymentError, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def client(service: str) -> Any:
    """A client that waits and tries again by itself."""
    return boto3.client(service, config=_CONFIG)
