"""What the reader gives for one page: words in rows, text in reading order, tables."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its box in PDF points, origin at the top left of the page.

    `mark` is true for super- and subscripts (footnote marks, the 2 of CO2) that were split
    from the word they hang on; `height` is the glyph's line height in points.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    height: float
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A visual line: the words that stand at one height across the page, left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The line without its footnote marks."""
        return " ".join(w.text for w in self.words if not w.mark)

    @property
    def top(self) -> float:
        return min(w.top for w in self.words)

    @property
    def bottom(self) -> float:
        return max(w.bottom for w in self.words)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table line: its label, the heading it stands under, and a cell for each column.

    `cells[i]` is the printed string under `Table.columns[i]`, "" where the cell is empty.
    `row` is the index of the visual row in `PageRecord.rows` the values stand on. `label`,
    `section` and `unit` never hold each other's words: `section` is the path of headings and
    group cells above or beside the row, outermost first, joined by " > "; `unit` is the text of
    a unit column. `period` is the text of a reporting-period column ("Fiscal year", "Jan-Dec"),
    `code` that of a column of disclosure references ("GRI 305-1"). `span` holds the first and
    last visual row that words of the table line stand on, (-1, -1) where it is `row` alone.
    """

    label: str
    section: str
    cells: tuple[str, ...]
    unit: str = ""
    row: int = -1
    marks: tuple[str, ...] = ()
    period: str = ""
    code: str = ""
    span: tuple[int, int] = (-1, -1)


@dataclass(frozen=True, slots=True)
class Table:
    """A numeric table found on a page. `columns` are header texts, years as printed.

    `method` is how it was found: under a header of years ("year_header"), as lines that begin
    with a year or hang on one ("grid"), as an indicator table whose group, label, period, unit
    and reference stand in columns of their own ("indicator"), or by the `tables` extra
    ("camelot").
    """

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    caption: str = ""
    unit: str = ""
    method: Literal["year_header", "camelot", "grid", "indicator"] = "year_header"
    x0: float = 0.0
    x1: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page as the reader saw it.

    `text` is in content-stream (reading) order with line-end hyphens joined and hidden text
    taken out; `hidden` is the hidden text that was found, kept apart. `label` is the page
    number as printed. `reader` names the engine that gave the text ("pdfium", "pypdf", "ocr").
    `lost` says why nothing could be read, empty otherwise.
    """

    number: int
    width: float
    height: float
    text: str
    rows: tuple[Row, ...] = ()
    tables: tuple[Table, ...] = ()
    label: str = ""
    hidden: tuple[str, ...] = ()
    image_share: float = 0.0
    """Share of the page covered by its largest image, 0 to 1."""
    reader: Literal["pdfium", "pypdf", "ocr"] = "pdfium"
    unreadable: bool = False
    """A scanned page (or one whose glyphs carry no text) that was not read by OCR."""
    lost: str = ""
    warnings: tuple[str, ...] = field(default=())
