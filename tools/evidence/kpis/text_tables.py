"""Tables read from a page's text in reading order, line by line, without any boxes.

Serves pages of which only the text is known, and as a second reading beside the word boxes:
the columns are told by the order of the numbers, not by where they stand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.evidence.kpis.columns import read_column
from tools.pdf.page import Table, TableRow
from tools.pdf.tables_tokens import HEADER_WORDS, is_unit_text, kind_of, year_of

_SPLIT_FORMULA = re.compile(r"\b(t ?CO|CO) ?([2₂]) ?(-?e(?:q\b\.?)?)?")
_GLUED_NOTE = re.compile(r"(?<=[a-z)])\d{1,2}(?=[A-Z]{1,3}[a-z]?\b)")
_PATIENCE = 60
"""A header serves this many lines."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the text with the offsets it was read from."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class _Header:
    columns: tuple[str, ...]
    line: int
    caption: str


def text_lines(text: str) -> list[TextLine]:
    """The lines of a text with their character offsets; blank ones are left out."""
    lines = []
    position = 0
    for part in text.split("\n"):
        stripped = part.strip()
        if stripped:
            lines.append(TextLine(stripped, position, position + len(part)))
        position += len(part) + 1
    return lines


def tables_of_text(lines: Sequence[TextLine]) -> list[Table]:
    """Year-header tables; `TableRow.row` is the number of the line the values stand on."""
    tables: list[Table] = []
    rows: list[TableRow] = []
    header: _Header | None = None
    waiting: list[str] = []
    heading = ""
    for number, line in enumerate(lines):
        words = _words(line.text)
        columns = _header_columns(words) or _stacked_years(lines, number)
        if columns:
            _close(tables, header, rows)
            same = header is not None and header.columns == columns and not waiting
            caption = " | ".join(waiting[-3:]) or (header.caption if header and same else "")
            rest = " ".join(w for w in words if year_of(w) is None)
            header, rows = _Header(columns, number, f"{caption} | {rest}".strip(" |")), []
            waiting, heading = [], ""
            continue
        if header is None or number - header.line > _PATIENCE:
            waiting = [*waiting[-2:], line.text]
            continue
        label, values = _values(words, header.columns)
        if values is None:
            if len(line.text) > 130 or line.text.endswith("."):
                waiting, heading = [line.text[-130:]], heading
            else:
                waiting = [*waiting[-2:], line.text]
            continue
        text = _joined_label(waiting, label)
        if text == label and waiting:
            heading = waiting[-1]
        rows.append(TableRow(text, heading, values, row=number))
        waiting = []
    _close(tables, header, rows)
    return tables


def _close(tables: list[Table], header: _Header | None, rows: list[TableRow]) -> None:
    if header is not None and rows:
        tables.append(Table(header.columns, tuple(rows), header.caption, method="grid"))


def _words(text: str) -> list[str]:
    text = _SPLIT_FORMULA.sub(
        lambda m: f"{m[1].replace(' ', '')}2{(m[3] or '').strip('-. ')}", text
    )
    text = _GLUED_NOTE.sub(" ", text)
    return text.split()


def _header_columns(words: list[str]) -> tuple[str, ...]:
    """Column headers of a line that names at least two years and little else."""
    years = [w for w in words if year_of(w) is not None]
    if len(years) < 2 or len(set(years)) < len(years):
        return ()
    others = [w for w in words if year_of(w) is None]
    first = next(n for n, w in enumerate(words) if year_of(w) is not None)
    between = words[first:]
    plain = [w.casefold().strip("()[].,:;*%") for w in between if year_of(w) is None]
    unknown = [w for w in plain if w and w not in HEADER_WORDS and not is_unit_text([w])]
    if len(others) > 14 or len(unknown) > 3 or words[-1].endswith((".", ",")):
        return ()
    if any(kind_of(w) == "number" and not is_unit_text([w]) for w in between if year_of(w) is None):
        return ()
    columns: list[str] = []
    for word in between:
        if year_of(word) is not None:
            columns.append(word)
        elif read_column(word).kind in ("change", "target"):
            before = columns[-1] if columns and read_column(columns[-1]).kind != "value" else None
            if before is None:
                columns.append(word)
    return tuple(columns)


def _stacked_years(lines: Sequence[TextLine], number: int) -> tuple[str, ...]:
    """Years on lines of their own, one under the other: counted at the last of them."""
    if not _lone_year(lines[number].text):
        return ()
    if number + 1 < len(lines) and _lone_year(lines[number + 1].text):
        return ()
    years: list[str] = []
    for line in reversed(lines[max(0, number - 9) : number + 1]):
        if not _lone_year(line.text):
            break
        years.insert(0, line.text.strip())
    return tuple(years) if len(set(years)) == len(years) > 1 else ()


def _lone_year(text: str) -> bool:
    return year_of(text.strip()) is not None


def _values(words: list[str], columns: tuple[str, ...]) -> tuple[str, tuple[str, ...] | None]:
    """The label of a line and one value for each column, None where they do not match up."""
    cells: list[str] = []
    first = len(words)
    pending: list[str] = []
    for number in range(len(words) - 1, -1, -1):
        word = words[number]
        kind = kind_of(word)
        if kind in ("number", "blank") or (kind == "year" and word.isdigit() and not cells):
            cells.insert(0, " ".join([word, *pending]))
            pending = []
            first = number
        elif word == "%" or (is_unit_text([word]) and len(pending) < 5):
            pending.insert(0, word)
        else:
            break
    label = " ".join(words[:first])
    values = _matched(cells, columns)
    if values is None:
        return label, None
    if len(cells) > len(values) and values == tuple(cells[-len(values) :]):
        label = " ".join([label, *(c for c in cells[: -len(values)])]).strip()
    return label, values


def _matched(cells: list[str], columns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Cells for the columns: all, the years only, or all but a note number or a change."""
    count = len(columns)
    years = [n for n, column in enumerate(columns) if year_of(column) is not None]
    if len(cells) == count:
        return tuple(cells)
    if len(cells) == len(years):
        found = dict(zip(years, cells, strict=True))
        return tuple(found.get(n, "") for n in range(count))
    if len(cells) == count + 1:
        if re.fullmatch(r"\(?\d{1,2}\)?(?: \D.*)?", cells[0]) and all(
            len(c) > 2 for c in cells[1:]
        ):
            return tuple(cells[1:])
        changes = any(read_column(column).kind == "change" for column in columns)
        signed = re.match(r"^[+–−-]\s?\d|.*%$", cells[-1]) and not cells[-2].endswith("%")
        if signed and not changes:
            return tuple(cells[:-1])
    return None


def _joined_label(waiting: list[str], label: str) -> str:
    """The label with the lines before it that it continues."""
    if not waiting:
        return label
    last = waiting[-1]
    bare = not re.search(r"[^\W\d_]{3}", label) or is_unit_text(label.split())
    lower = label[:1].islower() or label[:1] in "(&"
    open_end = bool(
        re.search(r"(?:[,(&–-]|\b(?:and|or|of|in|the|per|by|to|for|from|und|der))$", last)
    )
    if (bare or lower or open_end) and len(last) < 110:
        return f"{last} {label}".strip()
    return label
