"""Arms of a prompt by the thumbs of the conversations that got them.

Thumbs come in one by one and people look whenever they like, which makes ordinary tests find
differences that are not there. So each arm's share of thumbs up has a confidence sequence: an
interval that holds at every moment at once, however often and whenever one looks. It is that of
H. Robbins (Annals of Mathematical Statistics 41, 1970) with a uniform mixture: all shares p with
B(up + 1, down + 1) / (p^up (1 - p)^down) < 1 / alpha, by Ville's inequality.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import lgamma, log

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.chat_tables import chat_feedback

ALPHA = 0.05
_STEPS = 60


@dataclass(frozen=True)
class ArmThumbs:
    """Conversations with an arm that were rated."""

    arm: str
    up: int = 0
    down: int = 0

    @property
    def rated(self) -> int:
        """Conversations with a thumb."""
        return self.up + self.down


@dataclass(frozen=True)
class Standing:
    """What the thumbs say by now."""

    arms: tuple[ArmThumbs, ArmThumbs]
    intervals: tuple[tuple[float, float], tuple[float, float]]
    keep: str | None
    """The arm to keep; None where the data do not tell."""


def sequence(up: int, down: int, alpha: float = ALPHA) -> tuple[float, float]:
    """Bounds of the share of thumbs up that hold at every moment together, all but `alpha`."""
    if not up + down:
        return 0.0, 1.0
    mixed = lgamma(up + 1) + lgamma(down + 1) - lgamma(up + down + 2) + log(alpha)
    share = up / (up + down)
    return _edge(up, down, mixed, share, 0.0), _edge(up, down, mixed, share, 1.0)


def _edge(up: int, down: int, least: float, inside: float, outside: float) -> float:
    """Where the likelihood falls to `least` between the observed share and an end."""
    if _likelihood(up, down, outside) > least:
        return outside
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        if _likelihood(up, down, middle) > least:
            inside = middle
        else:
            outside = middle
    return outside


def _likelihood(up: int, down: int, p: float) -> float:
    """Logarithm of p^up (1 - p)^down."""
    if (up and p <= 0) or (down and p >= 1):
        return float("-inf")
    return (up * log(p) if up else 0.0) + (down * log(1 - p) if down else 0.0)


def standing(one: ArmThumbs, other: ArmThumbs, alpha: float = ALPHA) -> Standing:
    """Which arm to keep: the better one once the two sequences part, each at half of `alpha`."""
    intervals = (sequence(one.up, one.down, alpha / 2), sequence(other.up, other.down, alpha / 2))
    keep = None
    if intervals[0][0] > intervals[1][1]:
        keep = one.arm
    elif intervals[1][0] > intervals[0][1]:
        keep = other.arm
    return Standing((one, other), intervals, keep)


def count(
    thumbs: Iterable[Mapping[str, object]], prompt: str, arms: Iterable[str]
) -> dict[str, ArmThumbs]:
    """Thumbs by arm, one a conversation: its newest. `thumbs` come oldest first.

    A thumb says in `generated_by` which prompt and arm wrote its text; one that names both arms
    or neither counts for none.
    """
    wanted = set(arms)
    newest: dict[object, tuple[str, bool]] = {}
    for thumb in thumbs:
        found = set(re.findall(rf"\b{re.escape(prompt)}/(\w+)@", str(thumb["generated_by"])))
        if len(found & wanted) == 1:
            newest[thumb["thread_id"]] = ((found & wanted).pop(), thumb["value"] == 1)
    return {
        arm: ArmThumbs(
            arm,
            up=sum(value for of, value in newest.values() if of == arm),
            down=sum(not value for of, value in newest.values() if of == arm),
        )
        for arm in wanted
    }


async def read_thumbs(engine: AsyncEngine) -> list[Mapping[str, object]]:
    """All thumbs, oldest first."""
    c = chat_feedback.c
    query = sa.select(c.thread_id, c.value, c.generated_by).order_by(c.updated_at)
    async with engine.connect() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


def told_online(standing: Standing) -> str:
    """The standing in words."""
    lines = [
        f"{arm.arm}: {arm.up} of {arm.rated} conversations with a thumb up "
        f"({100 * low:.0f} – {100 * high:.0f} %, holds whenever one looks)"
        for arm, (low, high) in zip(standing.arms, standing.intervals, strict=True)
    ]
    verdict = f"Keep {standing.keep}." if standing.keep else "The data do not tell; go on."
    return "\n".join([*lines, verdict])
