"""Keeps what was verified in a drafted text, and takes the rest out with its citation marks."""

import re
from typing import TypeVar

from agent.domain import Answer, Claim, IndustrySynthesis

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
