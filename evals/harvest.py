"""Thumbs down as cases for a person to label; nothing of it goes into a golden set by itself."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.errors import InputError
from agent.memory.chat_tables import chat_feedback, chat_steps
from agent.memory.tables import analyses
from agent.redaction import safe_text

HEAD = """\
# Answers people were not content with. Read the report, then fill in `label`:
#   verdict: right | wrong | unclear      what is true of the text
#   expected: what it should have said, with the page of the report
# A line you want to be asked from now on goes into a golden set by hand (evals/golden/README.md).
"""


async def read_cases(engine: AsyncEngine) -> list[dict[str, Any]]:
    """A case for each thumb down on an analysis or an answer, oldest first.

    Users are not named, and addresses and keys in comments are taken out.
    """
    thumb = chat_feedback.c
    query = (
        sa.select(chat_feedback, analyses.c.industry)
        .outerjoin(analyses, analyses.c.id == thumb.analysis_id)
        .where(thumb.value == 0, thumb.analysis_id.is_not(None))
        .order_by(thumb.created_at)
    )
    async with engine.connect() as connection:
        rows = (await connection.execute(query)).mappings().all()
        return [await _case(connection, row) for row in rows]


async def _case(connection: Any, row: sa.RowMapping) -> dict[str, Any]:
    steps = sa.select(chat_steps.c.body).where(chat_steps.c.thread_id == row["thread_id"])
    ordered = steps.order_by(chat_steps.c.created_at)
    bodies = [body for (body,) in (await connection.execute(ordered)).all()]
    asked, shown = "", ""
    for body in bodies:
        if body.get("type") == "user_message" and not shown:
            asked = str(body.get("output") or asked)
        if row["for_id"] in (body.get("id"), body.get("parentId")):
            shown = str(body.get("output") or shown)
    return {
        "id": row["id"],
        "about": row["turn_kind"],
        "industry": row["industry"] or "",
        "analysis": row["analysis_id"],
        "asked": safe_text(asked),
        "shown": safe_text(shown),
        "comment": safe_text(row["comment"] or ""),
        "generated_by": row["generated_by"],
        "label": {"verdict": None, "expected": None},
    }


def add_cases(path: Path, cases: list[dict[str, Any]]) -> int:
    """Add what the file does not have yet; labels that people gave stay. Gives how many.

    Raises InputError where the file is something else or cannot be written.
    """
    known: list[dict[str, Any]] = []
    try:
        if path.exists():
            known = yaml.safe_load(path.read_text("utf-8")) or []
        ids = {case["id"] for case in known}
        new = [case for case in cases if case["id"] not in ids]
        text = yaml.safe_dump([*known, *new], allow_unicode=True, sort_keys=False, width=100)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
    except (OSError, ValueError, yaml.YAMLError, TypeError, KeyError) as error:
        raise InputError(
            f"{path} cannot take the cases ({type(error).__name__}).", "Name another file."
        ) from error
    return len(new)
