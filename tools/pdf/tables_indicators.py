"""Indicator tables: group, label, reporting period, unit and reference in columns of their own.

Such a table ("Total | Fiscal year | 1,000 metric tons of CO2e | 347 | 387 | GRI 305-1") has cells
of several lines in each of these columns and often group labels at its left, also turned by 90
degrees. Columns are found by the gutters between them, rows by the lines that hold the values.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tools.pdf.page import Word
from tools.pdf.tables_cells import Item, Place, settle
from tools.pdf.tables_groups import Group, blocks_of, column_groups, turned_groups
from tools.pdf.tables_gutters import TextColumn, joined, text_columns
from tools.pdf.tables_labels import Piece
from tools.pdf.tables_lines import Atom, Line
from tools.pdf.tables_tokens import is_unit_text

_FEWEST_ROWS = 3
_DAY = re.compile(r"(?:\d+(?:st|nd|rd|th)?)?")
_FOLDED = 0.15
"""Share of the rows with a unit over several lines that makes an indicator table."""
_GROUPS = 0.8
"""Groups a row at most, in a column that is taken for one of groups although few are level."""
_PART_WORDS = 9
_UNIT_WORDS = 9
_HEAD_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{3}")
_UNITS = {"unit", "units", "uom", "einheit", "einheiten", "measure", "measurement"}
_PERIODS = {"period", "periods", "timeframe", "zeitraum", "berichtszeitraum", "stichtag"}
_CODES = {
    "gri", "esrs", "sasb", "reference", "references", "ref", "standard", "standards", "disclosure",
    "disclosures", "index", "framework", "frameworks", "code", "codes", "note", "notes", "no", "nr",
    "page", "link", "sdg", "sdgs", "assurance", "assured", "footnote",
}  # fmt: skip
_PERIOD_WORDS = {
    "fiscal", "financial", "calendar", "reporting", "business", "year", "years", "yearly", "fy",
    "cy", "as", "of", "at", "on", "the", "end", "ended", "ending", "year-end", "period", "date",
    "annual", "annually", "average", "cumulative", "month", "months", "quarter", "geschäftsjahr",
    "kalenderjahr", "stichtag", "zum", "jan", "january", "feb", "february", "mar", "march", "apr",
    "april", "may", "jun", "june", "jul", "july", "aug", "august", "sep", "sept", "september",
    "oct", "october", "nov", "november", "dec", "december", "to", "from", "until",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """What is known of a table before its label side is read.

    `rows` are the positions of the lines with values, `first` and `last` those of the header,
    `end` the position no line of the table reaches; the values stand from `x0` to `x1`, the
    table between `left` and `right`. `middles` are the heights of the header's years and of
    the values of each row.
    """

    rows: tuple[int, ...]
    first: int
    last: int
    end: int
    x0: float
    x1: float
    left: float
    right: float
    middles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Indicators:
    """The label side of an indicator table.

    `rows` is the piece of each line with values, without them; `headings` are pieces of lines
    between; `heads` the visual rows of the header's cells and `title` that over the labels;
    the table begins at `x0`, words right of its values at `right`.
    """

    rows: dict[int, Piece]
    headings: tuple[Piece, ...]
    heads: frozenset[int]
    title: str
    x0: float
    right: float

    def pieces(self, values: dict[int, dict[int, Atom]]) -> list[Piece]:
        """Rows with their values, and headings, top to bottom."""
        rows = [replace(piece, values=values[n]) for n, piece in self.rows.items()]
        return sorted([*rows, *self.headings], key=lambda piece: piece.line.middle)


def read_indicators(lines: Sequence[Line], body: Body, sides: Sequence[Word]) -> Indicators | None:
    """The label side of a table, or None where the table is no indicator table.

    `sides` are the texts of the page that are written across its direction.
    """
    if len(body.rows) < _FEWEST_ROWS:
        return None
    reach = _reach(lines, body)
    rows = [
        Place(middle, lines[n].height)
        for middle, n in zip(body.middles, (body.last, *body.rows), strict=True)
    ]
    left = text_columns(lines, reach, body.left, body.x0)
    if len(left) < 2 and not (left and sides):
        return None
    right = text_columns(lines, reach, body.x1, body.right)
    for column in (*left, *right):
        column.cells = settle(column.items, rows)
    left = _near(left, len(body.rows))
    for column in right:
        column.kind = "code" if _is_code(column) else "idle"
    if not _name(left, len(body.rows)):
        return None
    extents = _extents(rows, [*left, *right])
    turned = turned_groups(sides, left[0].x0, extents)
    if not _is_indicator(left, len(body.rows), turned=bool(turned)):
        return None
    groups, between = [turned] if turned else [], []
    for column in left:
        if column.kind == "group":
            named, headings = column_groups(column, rows, extents, body.last)
            groups.append(named)
            between += headings
    return _indicators(lines, body, (left, right), groups, between)


def _reach(lines: Sequence[Line], body: Body) -> range:
    """Positions of the lines whose words can be cells of the table."""
    first = body.first
    while first > 0 and body.first - first < 3:
        if lines[first].middle - lines[first - 1].middle > 1.45 * lines[first].height:
            break
        first -= 1
    last = body.rows[-1]
    while last + 1 < body.end and last - body.rows[-1] < 5:
        if lines[last + 1].middle - lines[last].middle > 1.45 * lines[last].height:
            break
        last += 1
    return range(first, last + 1)


def _near(columns: list[TextColumn], rows: int) -> list[TextColumn]:
    """Without columns that do not keep to the table's rows: text beside the table."""
    kept: list[TextColumn] = []
    for column in reversed(columns):
        loose = len(column.cells.loose)
        if kept and loose > 0.5 * len(column.items) and not _is_group(column, rows):
            break
        kept.append(column)
    return list(reversed(kept))


def _is_group(column: TextColumn, rows: int) -> bool:
    """Fewer short texts than there are rows."""
    blocks = blocks_of(column.items)
    words = [sum(len(item.atoms) for item in block) for block in blocks]
    return len(blocks) <= _GROUPS * rows and max(words) <= _PART_WORDS


def _name(columns: Sequence[TextColumn], rows: int) -> bool:
    """Say what each column holds; false where none can be the label."""
    for column in columns:
        column.kind = _kind(column, rows)
    texts = [column for column in columns if column.kind == "text"]
    most = max((len(column.texts()) for column in texts), default=0)
    full = [c for c in texts if len(c.texts()) >= 0.85 * most and not _repeats(c)]
    if not full or not most:
        return False
    for column in texts:
        beside = "idle" if _is_prose(column) else "group"
        column.kind = beside if column.x0 < full[0].x0 else "other"
    full[0].kind = "label"
    return True


def _kind(column: TextColumn, rows: int) -> str:
    head = {word.casefold().strip(".:()*") for word in column.text(0).split()}
    texts = column.texts()
    blocks = blocks_of(column.items)
    if len(blocks) < 0.5 * rows and all(_is_period(joined(block)) for block in blocks[1:]):
        return "idle"
    if not texts:
        return "text" if _is_group(column, rows) else "idle"
    units = sum(is_unit_text(text.split()) for text in texts)
    short = sum(len(text.split()) <= _UNIT_WORDS for text in texts) > 0.8 * len(texts)
    if units > 0.6 * len(texts) or (head & _UNITS and len(head) <= _HEAD_WORDS and short):
        return "unit"
    periods = sum(_is_period(text) for text in texts)
    if periods > (0.3 if head & _PERIODS else 0.6) * len(texts):
        return "period"
    if _is_code(column):
        return "code"
    worded = sum(_WORD.search(text) is not None for text in texts)
    return "text" if worded >= 0.6 * len(texts) else "idle"


def _is_prose(column: TextColumn) -> bool:
    """Running text beside the table: sentences, or lines that go on in lower case."""
    texts = [joined(block) for block in blocks_of(column.items)]
    return any(text.endswith(".") or text[:1].islower() for text in texts)


def _is_period(text: str) -> bool:
    words = [word.strip(".,()–-/") for word in text.casefold().replace("–", " ").split()]
    named = any(word in _PERIOD_WORDS for word in words)
    return named and all(word in _PERIOD_WORDS or _DAY.fullmatch(word) for word in words)


def _is_code(column: TextColumn) -> bool:
    atoms = [a for row, cell in column.cells.rows.items() if row for i in cell for a in i.atoms]
    codes = sum(atom.kind == "code" for atom in atoms)
    if codes and codes >= 0.4 * len(atoms):
        return True
    head = column.text(0).casefold().split()
    return bool(set(head) & _CODES) and len(head) <= 3


def _repeats(column: TextColumn) -> bool:
    """The same text in row after row: a group named again, not labels."""
    texts = column.texts()
    return sum(a == b for a, b in pairwise(texts)) > 0.5 * len(texts)


def _extents(rows: Sequence[Place], columns: Sequence[TextColumn]) -> list[tuple[float, float]]:
    """Top and bottom of each row with all its cells but group labels; the header first."""
    extents = []
    for number, row in enumerate(rows):
        items = [
            item
            for column in columns
            if column.kind != "group"
            for item in column.cells.rows.get(number, ())
        ]
        tops = [row.middle - row.height / 2, *(item.top for item in items)]
        bottoms = [row.middle + row.height / 2, *(item.bottom for item in items)]
        extents.append((min(tops), max(bottoms)))
    return extents


def _is_indicator(columns: Sequence[TextColumn], rows: int, *, turned: bool) -> bool:
    """Whether the columns are more than a label and a unit on the same line as the values."""
    label = next(c for c in columns if c.kind == "label")
    if len(label.texts()) < 0.6 * rows or label.cells.cost > 0.5 * len(label.items):
        return False
    kinds = {column.kind for column in columns}
    if turned or "period" in kinds:
        return True
    units = [column for column in columns if column.kind == "unit"]
    folded = sum(len(cell) > 1 for c in units for row, cell in c.cells.rows.items() if row)
    return folded >= max(2, _FOLDED * rows) or bool(units and kinds & {"group", "other"})


def _indicators(
    lines: Sequence[Line],
    body: Body,
    sides: tuple[Sequence[TextColumn], Sequence[TextColumn]],
    groups: Sequence[Group],
    between: Sequence[Sequence[Item]],
) -> Indicators:
    left, right = sides
    label = next(c for c in left if c.kind == "label")
    columns = [*left, *right]
    pieces: dict[int, Piece] = {}
    names = [""] * len(groups)
    for number, position in enumerate(body.rows, 1):
        piece = _piece(lines[position], columns, label, number)
        for level, group in enumerate(groups):
            if number in group:
                names[level:] = [group[number], *[""] * (len(groups) - level - 1)]
                piece.group, piece.whole_group = " > ".join(n for n in names if n), True
                piece.group_x0 = left[0].x0
        piece.label = piece.label or piece.group.rpartition(" > ")[2]
        pieces[position] = piece
    headings = tuple(
        Piece(block[-1].line, label=joined(block), x0=min(item.x0 for item in block))
        for block in [*between, *blocks_of(label.cells.loose)]
        if block[0].position > body.last
    )
    heads = {item.line.index for c in left for item in c.cells.rows.get(0, ())}
    return Indicators(
        pieces,
        headings,
        frozenset(heads),
        label.text(0),
        left[0].x0,
        min((c.x0 for c in right if c.kind == "code"), default=body.right),
    )


def _piece(line: Line, columns: Sequence[TextColumn], label: TextColumn, row: int) -> Piece:
    own: Sequence[Item] = label.cells.rows.get(row, ())
    part = _joined(columns, "other", row)
    used = [
        item.line.index for c in columns for item in c.cells.rows.get(row, ()) if c.kind != "group"
    ]
    return Piece(
        line,
        label=joined(own),
        x0=min((item.x0 for item in own), default=label.x0),
        unit=_joined(columns, "unit", row),
        marks=[mark for item in own for atom in item.atoms for mark in atom.marks],
        parts=(part,) if 0 < len(part.split()) <= _PART_WORDS else (),
        period=_joined(columns, "period", row),
        code=_joined(columns, "code", row),
        span=(min([line.index, *used]), max([line.index, *used])),
    )


def _joined(columns: Sequence[TextColumn], kind: str, row: int) -> str:
    texts = [column.text(row) for column in columns if column.kind == kind]
    return " ".join(text for text in texts if text)
