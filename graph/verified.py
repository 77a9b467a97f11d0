"""Keeps what was verified in a drafted text, and takes the rest out with its citation marks."""

import re
from collections.abc import Iterable
from typing import TypeVar

from agent.domain import Answer, Claim, Company, CompanyAnalysis, IndustrySynthesis
from graph.context import ResearchContext
from tools.evidence.analyse import Source

Draft = TypeVar("Draft", IndustrySynthesis, Answer)
_MARK = re.compile(r"\[(\d+)\]")


def keep_verified(draft: Draft, checked: tuple[Claim, ...]) -> Draft:
    """The draft with only its verified claims.

    Markdown cites claims as [1], [2] in their order. A line that cites a claim that did not
    hold up is taken out whole; the marks that stay are numbered anew.
    """
    failed = {n for n, claim in enumerate(checked, 1) if claim.status != "verified"}
    if not failed:
        return draft.model_copy(update={"claims": checked})
    kept_lines = [
        line
        for line in draft.markdown.splitlines()
        if not failed & {int(number) for number in _MARK.findall(line)}
    ]
    numbers: dict[int, int] = {}
    for number in range(1, len(checked) + 1):
        if number not in failed:
            numbers[number] = len(numbers) + 1
    kept_lines = _without_empty_headings(kept_lines)
    markdown = _MARK.sub(
        lambda mark: f"[{numbers[int(mark[1])]}]" if int(mark[1]) in numbers else mark[0],
        "\n".join(kept_lines),
    )
    return draft.model_copy(
        update={
            "markdown": markdown,
            "claims": tuple(claim for claim in checked if claim.status == "verified"),
        }
    )


def _without_empty_headings(lines: list[str]) -> list[str]:
    """The lines without headings that have lost all that stood under them."""
    kept: list[str] = []
    for line in reversed(lines):
        following = next((other for other in reversed(kept) if other.strip()), "#")
        if _level(line) and 0 < _level(following) <= _level(line):
            continue
        kept.append(line)
    return kept[::-1]


def _level(line: str) -> int:
    """The level of a heading; 0 for a line that is none."""
    marks = len(line) - len(line.lstrip("#"))
    return marks if line[marks : marks + 1] in {" ", ""} else 0


async def sources_of(
    companies: Iterable[CompanyAnalysis], context: ResearchContext
) -> dict[str, Source]:
    """The bundle and the company of every report of an analysis, by its sha256."""
    return {
        row.report.sha256: Source(
            (await context.library.open(row.report.sha256)).path,
            Company(id=row.company_id, name=row.name, aliases=(row.report.company,)),
        )
        for row in companies
        if row.report is not None
    }
