"""Documents of the web of which code is not sure: the user chooses the company's report."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from app.chat.cards import card, just_after, say
from app.chat.progress import CompanyProgress, Progress
from app.chat.text import plain

_SHOWN = ("url", "title", "host", "year", "official", "warnings")
# How much a reason weighs in the ranking tells a reader nothing.
_POINTS = re.compile(r"\s*\([+\-−]\d+\)")
# Behind the result and its translation, which are the first and second moment after the end.
_PLACE = 3


def open_rows(progress: Progress) -> list[dict[str, Any]]:
    """The companies without a report for which there are documents to choose from."""
    return [
        {
            "id": row.id,
            "name": row.name,
            "choices": choices,
        }
        for row in progress.companies.values()
        if row.state == "failed" and (choices := _choices(row))
    ]


def _choices(row: CompanyProgress) -> list[dict[str, Any]]:
    """What the card shows of each document; only addresses of the web may become links."""
    return [
        {
            **{name: choice.get(name) for name in _SHOWN},
            "file": unquote(urlsplit(choice["url"]).path).rpartition("/")[2],
            "reasons": [_POINTS.sub("", reason) for reason in choice.get("reasons", ())],
        }
        for choice in row.choices
        if str(choice.get("url", "")).startswith(("https://", "http://"))
    ]


async def say_choice(
    analysis_id: str, progress: Progress, chosen: dict[str, str] | None = None
) -> None:
    """Send the card of choices; with what was `chosen` (addresses by company id) it is closed."""
    rows = open_rows(progress)
    props = {
        "analysis_id": analysis_id,
        "state": "open" if chosen is None else "chosen",
        "companies": rows,
        "chosen": chosen or {},
    }
    names = ", ".join(plain(row["name"]) for row in rows)
    await say(
        "choice",
        analysis_id,
        f"I am not sure of the report of **{names}**. Which document is it?",
        at=just_after(progress.ended_at, _PLACE),
        elements=[card("ReportChoice", analysis_id, "choice-card", props)],
    )
