"""One case of a golden set, as every arm of a prompt gets it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agent.analyst.model import ModelAnalyst


@dataclass(frozen=True)
class Result:
    """What an arm made of a case: how good code finds it (0 to 1), and its text for a judge."""

    quality: float
    text: str = ""


@dataclass(frozen=True)
class Case:
    """What is asked, and what it is written from; the same for every arm."""

    name: str
    write: Callable[[ModelAnalyst], Awaitable[Result]]
    """Has an analyst do the case. Raises ProviderError where its model gives nothing usable."""
    question: str = ""
    """What a judge is told was asked."""
    evidence: str = ""
    """What a judge is told it was written from."""
