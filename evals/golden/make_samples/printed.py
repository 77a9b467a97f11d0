"""Printing facts: number styles, running text, and a record of where each fact was printed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from evals.golden.make_samples.spec import Fact, NumberStyle, ReportSpec, ThemeSpec

_PLACE = re.compile(r"\{(\w+)\.(\d{4})\}")
_MARK = re.compile(r"\[\^(\w+)\]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“{])")
_MARKDOWN = MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True)
class Printed:
    """A fact of one year as it was set: the number, and the words around it on the page."""

    fact: str
    year: int
    number: str
    quote: str
    how: str


@dataclass(slots=True)
class Ledger:
    """What has been printed so far in one report, in the order of printing."""

    spec: ReportSpec
    entries: list[Printed] = field(default_factory=list)
    scanned: dict[str, int] = field(default_factory=dict)
    """Id of a scanned page → its PDF page, set when it is drawn."""

    def number(self, fact: str, year: int) -> str:
        """The figure in the report's number style; KeyError names a fact that is not there."""
        return format_number(self.fact(fact).values[year], self.spec.numbers)

    def fact(self, fact: str) -> Fact:
        return self.spec.facts[fact]

    def note(self, fact: str, year: int, number: str, quote: str, how: str) -> None:
        """Record a printed figure once, however often the layout is repeated."""
        entry = Printed(fact, year, number, quote, how)
        if entry not in self.entries:
            self.entries.append(entry)


def format_number(value: str, style: NumberStyle) -> str:
    """A plain number string in the report's style: "1234.5" → "1.234,5"; other text as it is."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value
    whole, _, decimals = value.partition(".")
    sign, digits = ("–", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", style.thousands, digits)
    return sign + grouped + (style.decimal + decimals if decimals else "")


def plain(text: str) -> str:
    """Text as it will stand on the page, without markup; footnote marks stay as characters."""
    return re.sub(r"\*+", "", _MARK.sub(r"\1", text))


def markup(text: str, theme: ThemeSpec) -> str:
    """Inline text as reportlab's paragraph XML: true superscripts, the theme's CO2."""
    safe = escape(text)
    safe = _MARK.sub(r'<super size="62%" rise="38%">\1</super>', safe)
    if theme.co2 == "sub":
        safe = safe.replace("CO2", 'CO<sub size="66%" rise="14%">2</sub>')
    elif theme.co2 == "unicode":
        safe = safe.replace("CO2", "CO₂")
    return safe


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A parsed piece of running text."""

    style: str
    xml: str


def paragraphs(source: str, ledger: Ledger, how: str = "prose") -> Iterator[Paragraph]:
    """Markdown with `{fact.year}` places → styled paragraphs; the places are recorded."""
    for block in re.split(r"\n\s*\n", source.strip()):
        _record(block, ledger, how)
    filled = _PLACE.sub(lambda m: ledger.number(m[1], int(m[2])), source)
    style, bullet = "body", False
    for token in _MARKDOWN.parse(filled):
        if token.type == "heading_open":
            style = "h2" if token.tag == "h2" else "h3"
        elif token.type == "list_item_open":
            bullet = True
        elif token.type == "list_item_close":
            bullet = False
        elif token.type == "inline":
            name = style if style != "body" else ("bullet" if bullet else "body")
            yield Paragraph(name, _inline(token, ledger.spec.theme))
            style = "body"


def _record(block: str, ledger: Ledger, how: str) -> None:
    text = " ".join(block.split())
    for sentence in _SENTENCE.split(text):
        for place in _PLACE.finditer(sentence):
            fact, year = place[1], int(place[2])
            said = _PLACE.sub(lambda m: ledger.number(m[1], int(m[2])), sentence)
            said = plain(said).removeprefix("- ").lstrip("# ")
            ledger.note(fact, year, ledger.number(fact, year), said, how)


def _inline(token: Token, theme: ThemeSpec) -> str:
    tags = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"}
    parts = []
    for child in token.children or []:
        if child.type == "text":
            parts.append(markup(child.content, theme))
        elif child.type == "softbreak":
            parts.append(" ")
        else:
            parts.append(tags[child.type])
    return "".join(parts)
