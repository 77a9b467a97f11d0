"""The analysis as a Word document."""

from collections.abc import Sequence
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Pt

from agent.domain import Analysis
from app.exports.content import title
from app.exports.outline import Block, Grid, Heading, Line, Notice, Points, Written, outline
from app.exports.text import flat, numbered, written_lines

_SMALL = Pt(8)
_STYLES = {"heading": "Heading 3", "point": "List Bullet", "text": "Normal"}


def to_docx(analysis: Analysis) -> bytes:
    """The document's bytes: synthesis, comparison, a section a company, gaps and sources."""
    document = docx.Document()
    _landscape(document)
    document.core_properties.title = flat(title(analysis))
    document.core_properties.author = ""
    for block in outline(analysis):
        _add(document, block)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _landscape(document: Document) -> None:
    """Wide pages, because the comparison has a column a company."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _add(document: Document, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(flat(text), level)
        case Notice(text):
            document.add_paragraph(flat(text), style="Intense Quote")
        case Line(text):
            document.add_paragraph(flat(text))
        case Written(markdown):
            for kind, words in written_lines(markdown):
                document.add_paragraph(words, style=_STYLES[kind])
        case Points():
            for text, number in block.points:
                words = numbered(text, number, first=block.number_first)
                run = document.add_paragraph(style="List Bullet").add_run(words)
                if block.small:
                    run.font.size = _SMALL
        case Grid(headers, rows):
            _table(document, headers, rows)


def _table(document: Document, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1 + len(rows), cols=len(headers), style="Light Grid Accent 1")
    for line, row in zip(table.rows, [headers, *rows], strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            run = cell.paragraphs[0].add_run(flat(text))
            run.font.size = _SMALL
            run.bold = row is headers
