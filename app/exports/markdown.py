"""The whole analysis as one Markdown document that is safe to render anywhere."""

import re
from collections.abc import Sequence

from tabulate import tabulate

from agent.analyst.markdown import defuse, escape, escape_cell
from agent.domain import Analysis
from app.exports.outline import Block, Grid, Heading, Line, Notice, Points, Written, outline

_HEADING = re.compile(r"^(#{1,4}) ", re.MULTILINE)


def to_markdown(analysis: Analysis) -> str:
    """Synthesis with numbered citations, comparison, a section a company, gaps and sources.

    Text of reports and models is escaped: no image, raw HTML or live link comes of it.
    """
    return "\n\n".join(filter(None, map(_rendered, outline(analysis)))) + "\n"


def _rendered(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {escape(text)}"
        case Notice(text):
            return f"> {escape(text)}"
        case Line(text):
            return escape(text)
        case Written(markdown):
            return _HEADING.sub(r"\1# ", defuse(markdown)).strip()
        case Points():
            return _list(block)
        case Grid(headers, rows):
            return _table(headers, rows)


def _list(block: Points) -> str:
    lines = []
    for text, number in block.points:
        mark = "" if number is None else f"[{number}]"
        parts = [mark, escape(text)] if block.number_first else [escape(text), mark]
        lines.append("- " + " ".join(part for part in parts if part))
    return "\n".join(lines)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return tabulate(
        [[escape_cell(cell) for cell in row] for row in rows],
        headers=[escape_cell(header) for header in headers],
        tablefmt="pipe",
        disable_numparse=True,
    )
