"""Lays claims out as text that cites them as [1], [2] in their order."""

from collections.abc import Iterable

from agent.domain import Claim

NOTHING_FOUND = "The reports of this analysis do not answer this question."


def by_topic(claims: Iterable[Claim], topics: tuple[str, ...]) -> tuple[Claim, ...]:
    """The claims in the order of their topics, in the given order within one."""
    places = {topic: place for place, topic in enumerate(topics)}
    return tuple(sorted(claims, key=lambda claim: places.get(claim.topic, len(topics))))


def line(claim: Claim, number: int) -> str:
    """One claim on a line of its own, so that it can be taken out without harm to others."""
    return f"- {claim.text} [{number}]"


def lines(claims: Iterable[Claim]) -> str:
    """Claims as a list."""
    return "\n".join(line(claim, number) for number, claim in enumerate(claims, 1))


def sections(claims: tuple[Claim, ...]) -> str:
    """Claims as a list under a heading for each topic; they are in order of topic."""
    parts: list[str] = []
    topic = None
    for number, claim in enumerate(claims, 1):
        if claim.topic != topic:
            topic = claim.topic
            parts.append(f"\n### {topic}\n")
        parts.append(line(claim, number))
    return "\n".join(parts).strip()
