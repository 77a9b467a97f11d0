"""PDFs a user adds to a message: taken into the user's library, or refused with a reason."""

import asyncio
import re
import shutil
from pathlib import Path

import chainlit as cl
from chainlit.element import Element

from agent.domain import Report
from agent.errors import DocumentError, InputError
from app.chat.identity import stable_id
from app.chat.runtime import get_research
from app.chat.text import plain

_NAME_BYTES = 200


async def take_reports(message: cl.Message, owner: str) -> tuple[Report, ...] | None:
    """Add the PDFs of a message to the user's library; says for each what it is.

    Gives the reports added; None where the message holds no file. The client's preview is taken
    away: its file lives no longer than the session, the report stays in the library.
    """
    files: list[Element] = [element for element in message.elements if element.path]
    if not files:
        return None
    alone = not message.content.strip()
    for element in files:
        await element.remove()
    named = ", ".join(element.name for element in files)
    message.content = f"{message.content}\n\nAdded: {named}".strip()
    await message.update()
    taken = [await _take_report(one.name, Path(str(one.path)), owner) for one in files]
    lines = [line for line, _ in taken]
    added = tuple(report for _, report in taken if report is not None)
    if alone and added:
        lines.append("\nWrite “use my PDFs” to analyse what you have added.")
    await cl.Message("\n".join(lines)).send()
    return added


async def _take_report(name: str, path: Path, owner: str) -> tuple[str, Report | None]:
    """What became of one file, as a line of a list, and the report where it was added."""
    named = path.with_name(f"{path.stem}-{stable_id(name)}") / safe_file_name(name)
    try:
        await asyncio.to_thread(_move, path, named)
        report = await get_research().add_report(named, owner)
    except (DocumentError, InputError) as error:
        return f"- **{plain(name)}** was not added. {plain(str(error))}", None
    finally:
        await asyncio.to_thread(shutil.rmtree, named.parent, ignore_errors=True)
    what = " ".join(str(part) for part in (report.company, report.kind, report.fiscal_year) if part)
    return f"- **{plain(name)}** is added: {plain(what)}, {report.pages} pages.", report


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def safe_file_name(name: str) -> str:
    """The name the user knows the file by, as a plain name on our disk."""
    tidy = re.sub(r"[^\w.() -]+", "_", Path(name).name).strip(". ")
    # Disks count bytes, of which a letter may take four.
    tidy = tidy.encode()[:_NAME_BYTES].decode(errors="ignore")
    return tidy if tidy.lower().endswith(".pdf") else f"{tidy or 'report'}.pdf"
