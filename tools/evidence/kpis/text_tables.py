"""Tables read from a page's text in reading order, line by line, without any boxes.

Serves pages of which only the text is known, and as a second reading beside the word boxes:
the columns are told by the order of the numbers, not by where they stand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.evidence.kpis.columns import read_column
from tools.evidence.kpis.labels import canonical, matches, split_unit
from tools.pdf.page import Table, TableRow
from tools.pdf.tables_tokens import HEADER_WORDS, is_unit_text, kind_of, year_of

_YEAR = r"(?:19[89]|20[0-6])\d"
_REPAIRS = (
    (re.compile(r"\b(t ?CO|CO) ?([2₂]) ?(-?e(?:q\b\.?)?)?(?=$|[\s/),;]|[A-Z])"), r"\1\2\3 "),
    (re.compile(rf"(?<=[a-z)])({_YEAR})(?=\D|$)"), r" \1"),
    (re.compile(rf"\b({_YEAR})(?={_YEAR}\b)"), r"\1 "),
    (
        re.compile(
            r"(?<=\d)(?=[A-Z][a-z]{2})|(?<=\))(?=[\dA-Za-z])|(?<=[a-z])(?=\d{1,3}[.,]\d{3})"
        ),
        " ",
    ),
    (re.compile(r"(?<=[a-z)])\d{1,2}(?=[A-Z]{1,3}[a-z]?\b)"), " "),
    (re.compile(r"-\s+(?=based)"), "-"),
)
"""What reading order glues together: notes, years and units that stand in cells side by side."""
_MULTIPLIER = re.compile(r"^1[.,’'`]?000(?:[.,’'`]000)?$")
_PATIENCE = 60
"""A header serves this many lines."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the text with the offsets it was read from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Header:
    columns: tuple[str, ...]
    line: int
    caption: str


def text_lines(text: str) -> list[TextLine]:
    """The lines of a text with their character offsets; blank ones are left out."""
    lines = []
    position = 0
    for part in text.split("\n"):
        if part.strip():
            lines.append(TextLine(part.strip(), position, position + len(part)))
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
            caption = " | ".join(waiting[-3:])
            if header is not None and header.columns == columns and not waiting:
                caption = header.caption
            rest = " ".join(w for w in words if year_of(w) is None)
            header, rows = _Header(columns, number, f"{caption} | {rest[-120:]}".strip(" |")), []
            waiting, heading = [], ""
            continue
        if header is None or number - header.line > _PATIENCE:
            waiting = [*waiting[-2:], line.text]
            continue
        label, values = _values(words, header.columns)
        if values is None:
            running = len(line.text) > 130 or line.text.endswith(".")
            waiting = [line.text[-130:]] if running else [*waiting[-2:], line.text]
            continue
        text = _joined_label(waiting, label)
        if text == label and waiting:
            heading = " ".join(waiting[-2:]) if len(" ".join(waiting[-2:])) < 120 else waiting[-1]
        rows.append(TableRow(text, heading, values, row=number))
        waiting = []
    _close(tables, header, rows)
    return tables


def single_lines(lines: Sequence[TextLine], used: set[int], year: int) -> list[Table]:
    """Lines that end with their only number, under no year header ("Total Scope 1 34,327")."""
    tables = []
    for number, line in enumerate(lines):
        if number in used or len(line.text) > 110:
            continue
        words = _words(line.text)
        label, values = _values(words, (str(year),))
        if values is None or not re.search(r"\d[\d.,]*\d", values[0]):
            continue
        if any(kind_of(w) == "number" for w in label.split()[-2:] if not w.isdigit()):
            continue
        if not any(m.purity == "exact" for m in matches(canonical(split_unit(label)[0]))):
            continue
        caption = " | ".join(other.text for other in lines[max(0, number - 3) : number])
        row = TableRow(label, "", values, row=number)
        tables.append(Table((str(year),), (row,), caption, method="grid"))
    return tables


def _close(tables: list[Table], header: _Header | None, rows: list[TableRow]) -> None:
    if header is not None and rows:
        tables.append(Table(header.columns, tuple(rows), header.caption, method="grid"))


def _words(text: str) -> list[str]:
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return text.split()


def _header_columns(words: list[str]) -> tuple[str, ...]:
    """Column headers of a line that ends with at least two years, or holds little else."""
    first = next((n for n, w in enumerate(words) if year_of(w) is not None), None)
    if first is None:
        return ()
    trailing = _trailing_years(words)
    between = words[-trailing:] if trailing > 1 else _without_notes(words[first:])
    years = [w for w in between if year_of(w) is not None]
    if len(years) < 2 or len(set(years)) < len(years) or between[-1].endswith((".", ",")):
        return ()
    plain = [w.casefold().strip("()[].,:;*%") for w in between if year_of(w) is None]
    unknown = [w for w in plain if w and w not in HEADER_WORDS and not is_unit_text([w])]
    numbers = [
        w
        for w in between
        if kind_of(w) == "number" and year_of(w) is None and not is_unit_text([w])
    ]
    others = len(words) - len(years)
    if numbers or len(unknown) > 3 or (trailing < 2 and others > 18):
        return ()
    columns: list[str] = []
    for word in between:
        kind = read_column(word).kind
        if year_of(word) is not None or (
            kind in ("change", "target")
            and not (columns and read_column(columns[-1]).kind != "value")
        ):
            columns.append(word)
    return tuple(columns)


def _without_notes(words: list[str]) -> list[str]:
    """The words up to the last of several years, where columns of references and notes follow.

    What follows is kept where it speaks of a change or a target.
    """
    years = [n for n, word in enumerate(words) if year_of(word) is not None]
    tail = words[years[-1] + 1 :]
    if len(years) < 3 or any(read_column(w).kind in ("change", "target") for w in tail):
        return words
    return words[: years[-1] + 1] if not any(w.isdigit() for w in tail) else words


def _trailing_years(words: list[str]) -> int:
    """How many years a line ends with."""
    count = 0
    for word in reversed(words):
        if year_of(word) is None:
            break
        count += 1
    return count


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
    end = len(words)
    while end > 0 and len(words) - end < 4 and kind_of(words[end - 1]) in ("text", "code"):
        if is_unit_text([words[end - 1]]) or words[end - 1] == "%":
            break
        end -= 1
    for stop in dict.fromkeys((len(words), end)):
        label, cells = _cells(words[:stop])
        values = _matched(cells, columns)
        if values is None:
            continue
        if len(cells) > len(values) and values == tuple(cells[-len(values) :]):
            label = " ".join([label, *cells[: -len(values)]]).strip()
        return label, values
    return " ".join(words), None


def _cells(words: list[str]) -> tuple[str, list[str]]:
    """The values a line ends with, each with the unit behind it, and what stands before."""
    cells: list[str] = []
    first = len(words)
    pending: list[str] = []
    for number in range(len(words) - 1, -1, -1):
        word = words[number]
        kind = kind_of(word)
        if pending and _MULTIPLIER.match(word):
            break
        if kind in ("number", "blank") or (kind == "year" and word.isdigit() and not cells):
            cells.insert(0, " ".join([word, *pending]))
            pending = []
            first = number
        elif word == "%" or (is_unit_text([word]) and len(pending) < 5):
            pending.insert(0, word)
        else:
            break
    return " ".join(words[:first]), cells


def _grouped(cells: list[str], count: int) -> list[str]:
    """Cells whose thousands stand apart ("81 385 568"), joined where that fills the columns."""
    size, rest = divmod(len(cells), count) if count else (0, 1)
    if rest or size < 2:
        return cells
    groups = [cells[n : n + size] for n in range(0, len(cells), size)]
    whole = all(
        re.fullmatch(r"\d{1,3}", group[0]) and all(re.fullmatch(r"\d{3}", c) for c in group[1:])
        for group in groups
    )
    return [" ".join(group) for group in groups] if whole else cells


def _matched(cells: list[str], columns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Cells for the columns: all, the years only, or all but a note number or a change."""
    count = len(columns)
    years = [n for n, column in enumerate(columns) if year_of(column) is not None]
    cells = _grouped(cells, len(years))
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
        re.search(
            r"(?:[,(&:–-]|\b(?:and|or|of|in|the|per|by|to|for|from|und|der|GHG))$", last.strip()
        )
    )
    if (bare or lower or open_end) and len(last) < 110:
        return f"{last} {label}".strip()
    return label
