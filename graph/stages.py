"""What the steps of a run measure: their time, and how much of a text held up."""

from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from agent import metrics
from agent.domain import Claim

P = ParamSpec("P")
R = TypeVar("R")


def timed(step: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """The same step, its seconds observed under its name where it ends well."""

    @wraps(step)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with metrics.timed("StageSeconds", Stage=step.__name__):
            return await step(*args, **kwargs)

    return run


def measure_claims(checked: Sequence[Claim]) -> None:
    """Observe the share of the claims of one text that were verified; none without claims."""
    if checked:
        verified = sum(claim.status == "verified" for claim in checked)
        metrics.observe("VerifiedShare", 100 * verified / len(checked))
