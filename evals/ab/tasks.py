"""Which prompts can be compared on a golden set, and by what."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from agent.errors import InputError
from agent.models.spec import Role
from evals.ab.case import Case
from evals.ab.choices import industries, messages
from evals.ab.texts import answers, summaries, syntheses, translations


@dataclass(frozen=True)
class Task:
    """How a prompt is tried."""

    role: Role
    """Whose model writes."""
    cases: Callable[[Path, Path], Awaitable[list[Case]]]
    """The cases of a set; what they need is kept in a folder that outlives them."""
    quality: str
    """What code counts, in words."""
    prose: bool = True
    """Whether its texts are sentences, which a judge can compare."""
    thumbs: bool = False
    """Whether what people rate carries its arm, so that thumbs tell arms apart."""


TASKS = {
    "summarize": Task(
        "summarize",
        summaries,
        "sentences that held up on their page, of the twelve asked for",
        thumbs=True,
    ),
    "synthesize": Task(
        "synthesize",
        syntheses,
        "sentences that held up on their pages, of the twenty asked for, times the share of the "
        "two companies spoken of; each company stands in two cases",
        thumbs=True,
    ),
    "answer": Task(
        "answer",
        answers,
        "questions answered with the figure printed in the report, or with none where it has none",
        thumbs=True,
    ),
    "translate": Task(
        "answer", translations, "sentences translated with every figure as it was printed"
    ),
    "understand": Task(
        "understand",
        messages,
        "messages whose kind, industry, companies and year were understood as meant",
        prose=False,
    ),
    "identify": Task(
        "identify",
        industries,
        "companies of the industry found among as many of other industries",
        prose=False,
    ),
}


def task_of(prompt: str) -> Task:
    """How a prompt is tried on a golden set.

    Raises InputError where no set says what its text should be.
    """
    if prompt not in TASKS:
        raise InputError(
            f"Arms of {prompt} cannot be compared: no golden set says what its text should be, "
            "and thumbs do not tell its arms apart.",
            f"Name one of {', '.join(TASKS)}.",
        )
    return TASKS[prompt]


def require_thumbs(prompt: str) -> None:
    """Raises InputError where thumbs do not tell the arms of a prompt apart."""
    if not task_of(prompt).thumbs:
        known = ", ".join(name for name, task in TASKS.items() if task.thumbs)
        raise InputError(
            f"Thumbs do not tell arms of {prompt} apart: results carry those of {known} only.",
            "Leave --online out, to compare them on a golden set.",
        )
