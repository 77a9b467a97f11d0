"""The analysis as a PDF to pass on."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape as xml_escape

import reportlab
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)

from agent.domain import Analysis
from app.exports.content import GENERATED, title
from app.exports.outline import Block, Grid, Heading, Line, Notice, Points, Written, outline
from app.exports.text import flat, numbered, written_lines

_FONT, _BOLD = "Vera", "VeraBd"
_MARGIN = 40.0
_WIDEST_WORD = 22
_LEAST_BELOW = 70.0
"""Points that a heading needs below it to stay on the page."""
_INK, _RULE, _TINT = (
    colors.HexColor("#1c2b2a"),
    colors.HexColor("#9fb3af"),
    colors.HexColor("#e8f0ee"),
)
_STAND_INS = {"†": "*", "−": "-", "≥": ">=", "≤": "<=", "≈": "~", "→": "->"}
"""What is printed for a character the font lacks, beside its plain form."""


def to_pdf(analysis: Analysis) -> bytes:
    """The document's bytes; every page says that the content is generated."""
    _fonts()
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=landscape(A4),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 8,
        title=flat(title(analysis)),
        author="",
        subject=GENERATED,
    )
    story = [piece for block in outline(analysis) for piece in _pieces(block, document.width)]
    document.build(story, onFirstPage=_footer, onLaterPages=_footer)
    return stream.getvalue()


@cache
def _fonts() -> frozenset[int]:
    """Register the font that comes with reportlab; the characters it can print."""
    folder = Path(reportlab.__file__).parent / "fonts"
    regular = TTFont(_FONT, str(folder / "Vera.ttf"))
    pdfmetrics.registerFont(regular)
    pdfmetrics.registerFont(TTFont(_BOLD, str(folder / "VeraBd.ttf")))
    return frozenset(regular.face.charToGlyph)


def printable(text: str) -> str:
    """The text in characters the font has: accents taken off, subscripts as digits, else "?"."""
    known = _fonts()
    return "".join(char if ord(char) in known else _stand_in(char, known) for char in flat(text))


def _stand_in(char: str, known: frozenset[int]) -> str:
    plain = _STAND_INS.get(char) or "".join(
        c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)
    )
    return plain if plain and all(ord(c) in known for c in plain) else "?"


@cache
def _style(name: str) -> ParagraphStyle:
    sizes = {"title": 18, "h1": 14, "h2": 11.5, "h3": 9.5, "cell": 6.5, "head": 6.5, "small": 7}
    bold = name in {"title", "h1", "h2", "h3", "head"}
    size = sizes.get(name, 8.5)
    indented = name in {"point", "small"}
    return ParagraphStyle(
        name,
        fontName=_BOLD if bold else _FONT,
        fontSize=size,
        leading=1.35 * size,
        textColor=_INK,
        spaceBefore=10 if name in {"h1", "h2", "h3"} else 0,
        spaceAfter=0 if name in {"cell", "head"} else 4,
        leftIndent=10 if indented else 0,
        backColor=_TINT if name == "notice" else None,
    )


def _paragraph(text: str, style: str) -> Paragraph:
    return Paragraph(xml_escape(printable(text)), _style(style))


def _pieces(block: Block, width: float) -> Iterator[Flowable]:
    match block:
        case Heading(text, level):
            yield CondPageBreak(_LEAST_BELOW)
            yield _paragraph(text, ("title", "h1", "h2", "h3")[level])
        case Notice(text):
            yield _paragraph(text, "notice")
        case Line(text):
            yield _paragraph(text, "text")
        case Written(markdown):
            for kind, words in written_lines(markdown):
                lead = "- " if kind == "point" else ""
                yield _paragraph(lead + words, "h3" if kind == "heading" else kind)
        case Points():
            style = "small" if block.small else "point"
            for text, number in block.points:
                words = numbered(text, number, first=block.number_first)
                yield _paragraph(f"- {words}", style)
        case Grid(headers, rows):
            yield _table(headers, rows, width)
            yield Spacer(1, 6)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]], width: float) -> LongTable:
    """Columns as wide as their longest texts ask for, within the page; the head is repeated."""
    lines = [headers, *rows]
    wanted = [_asked([line[column] for line in lines]) for column in range(len(headers))]
    unit = width / sum(wanted)
    cells = [[_paragraph(text, "head") for text in headers]]
    cells += [[_paragraph(text, "cell") for text in row] for row in rows]
    return LongTable(
        cells,
        colWidths=[unit * share for share in wanted],
        repeatRows=1,
        style=TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE),
                ("BACKGROUND", (0, 0), (-1, 0), _TINT),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ]
        ),
    )


def _asked(texts: Sequence[str]) -> int:
    """Characters a column asks for: its longest text within reason, never less than a word."""
    longest_word = max((len(word) for text in texts for word in text.split()), default=0)
    return max(6, min(_WIDEST_WORD, longest_word) + 2, min(60, max(map(len, texts))))


def _footer(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont(_FONT, 6.5)
    canvas.setFillColor(_INK)
    canvas.drawString(_MARGIN, 24, GENERATED)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, 24, f"Page {canvas.getPageNumber()}")
    canvas.restoreState()
