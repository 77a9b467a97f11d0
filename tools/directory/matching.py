"""From words to industries."""

from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from agent.domain import Industry


@dataclass(frozen=True, slots=True)
class IndustryMatch:
    """An industry that a text may mean; `score` is 0-100."""

    industry: Industry
    score: float
    why: str


def rank(
    text: str, industries: tuple[Industry, ...], terms: dict[str, tuple[str, ...]]
) -> list[IndustryMatch]:
    """All industries by how well their best term fits the text."""
    matches: list[IndustryMatch] = []
    for industry in industries:
        best = process.extractOne(
            text, terms[industry.id], scorer=fuzz.token_set_ratio, processor=utils.default_process
        )
        if best is not None:
            matches.append(IndustryMatch(industry, best[1], f"“{best[0]}” in the text"))
    return sorted(matches, key=lambda match: -match.score)
