"""The label and the values of a line, told by the order of its words."""

import re
from collections.abc import Iterator
from math import log

from tools.evidence.kpis.columns import read_column
from tools.evidence.numbers import parse_number
from tools.pdf.tables_tokens import is_unit_text, kind_of

_MULTIPLIER = re.compile(r"^1[.,’'`]?000(?:[.,’'`]000)?$")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:[’']\d{3})+")
_CHANGE = re.compile(r"[+–−-]\s?\d|.*%$")


def row_values(words: list[str], columns: tuple[str, ...]) -> tuple[str, tuple[str, ...] | None]:
    """The label of a line and one value for each column, None where they do not match up."""
    end = _without_references(words)
    for stop in dict.fromkeys((len(words), end)):
        label, cells = _cells(words[:stop])
        values = _matched(cells, columns)
        if values is None:
            label, cells = _cells(_unglued(words[:stop]))
            values = _matched(cells, columns)
        if values is None:
            continue
        if len(cells) > len(values) and values == tuple(cells[-len(values) :]):
            label = " ".join([label, *cells[: -len(values)]]).strip()
        return label, values
    return " ".join(words), None


def _without_references(words: list[str]) -> int:
    """How many words are left without up to four of references and remarks at the end.

    A dash among them is an empty cell of a column of references, one before them a value.
    """
    end = len(words)
    for position in range(len(words) - 1, max(-1, len(words) - 5), -1):
        word = words[position]
        if is_unit_text([word]) or word == "%" or kind_of(word) not in ("text", "code", "blank"):
            break
        if kind_of(word) != "blank":
            end = position
    return end


def _unglued(words: list[str]) -> list[str]:
    """Words with a run of numbers at their end taken apart ("1,2345,678").

    Only where every number has its thousands grouped, so that each can end in one place only.
    """
    found: list[str] = []
    for word in words:
        numbers = _GROUPED.findall(word)
        found += numbers if len(numbers) > 1 and "".join(numbers) == word else [word]
    return found


def _cells(words: list[str]) -> tuple[str, list[str]]:
    """The values a line ends with, each with the unit behind it, and what stands before."""
    cells: list[str] = []
    first = len(words)
    pending: list[str] = []
    for number in range(len(words) - 1, -1, -1):
        word = words[number]
        kind = kind_of(word)
        if (word.endswith(")") and "(" not in word) or _names_scope(words, number):
            break
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


def without_scope_digits(words: list[str]) -> list[str]:
    """The words without the digits of "Scope 1"."""
    return [word for place, word in enumerate(words) if not _names_scope(words, place)]


def _names_scope(words: list[str], number: int) -> bool:
    """The digit of "Scope 1" is no value."""
    return words[number] in ("1", "2", "3") and words[number - 1].casefold() == "scope"


def _grouped(cells: list[str], count: int) -> list[str]:
    """Cells whose thousands stand apart ("81 385 568"), joined where that fills the columns.

    Numbers of the same length come first; else there must be only one way to join them.
    """
    if not len(cells) > count > 1:
        return cells
    found = [ways for ways in _groupings(cells, count) if all(" " in number for number in ways)]
    even = [ways for ways in found if len({number.count(" ") for number in ways}) == 1]
    choice = even or found
    return choice[0] if len(choice) == 1 else cells


def _groupings(cells: list[str], count: int) -> Iterator[list[str]]:
    """All ways to join cells to so many whole numbers with their thousands apart."""
    if not count:
        if not cells:
            yield []
        return
    if not cells or not re.fullmatch(r"\d{1,3}", cells[0]) or cells[0].startswith("0"):
        return
    for size in range(1, len(cells) - count + 2):
        if size > 1 and not re.fullmatch(r"\d{3}", cells[size - 1]):
            return
        for rest in _groupings(cells[size:], count - 1):
            yield [" ".join(cells[:size]), *rest]


def _matched(cells: list[str], columns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Cells for the columns: all, the years only, or all but a note number or a change."""
    count = len(columns)
    years = [n for n, column in enumerate(columns) if read_column(column).year is not None]
    cells = _grouped(cells, len(years))
    if not cells:
        return None
    if len(cells) == count:
        return tuple(cells)
    if len(cells) == len(years):
        found = dict(zip(years, cells, strict=True))
        return tuple(found.get(n, "") for n in range(count))
    marked = re.fullmatch(r"\(?\d{1,2}\)?(?: \D.*)?", cells[0])
    values = _without_changes(cells, columns)
    if len(cells) > count and marked and all(len(cell) > 2 for cell in cells[1:]):
        if values is None:
            return _without_changes(cells[1:], columns)
        return values if _is_change(cells[count], values) else None
    return values


def _is_change(printed: str, values: tuple[str, ...]) -> bool:
    """The per cent printed behind values is the change between the first two of them."""
    change, *pair = (parse_number(text.replace("−", "-")) for text in (printed, *values[:2]))
    if change is None or len(pair) < 2 or None in pair:
        return False
    one, other = (number.value for number in pair if number is not None)
    steps = [(a / b - 1) * 100 for a, b in ((one, other), (other, one)) if b]
    return any(abs(step - change.value) <= _ROUNDED for step in steps)


_ROUNDED = 1.5
"""Points that a change of rounded values may be off."""


def _without_changes(cells: list[str], columns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Cells for all columns, with up to three changes behind them that no header names."""
    count = len(columns)
    if len(cells) == count:
        return tuple(cells)
    if not count < len(cells) < count + 4 or cells[count - 1].endswith("%"):
        return None
    named = any(read_column(column).kind == "change" for column in columns)
    signed = all(_CHANGE.match(cell) for cell in cells[count:])
    return tuple(cells[:count]) if signed and not named else None


def without_doubtful(line: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Values without a first one whose first digit may be the mark of a footnote.

    "Total13,331 3,850" is 13,331, or 3,331 behind a mark: the neighbour tells that it may be the
    second, and then it is neither.
    """
    glued = re.search(rf"[a-z]{re.escape(values[0])}", line) if values[0] else None
    if not glued or len(values) < 2 or not re.match(r"[1-9][1-9]\d?[.,]", values[0]):
        return values
    whole, bare, beside = (
        parse_number(text, whole=True) for text in (values[0], values[0][1:], values[1])
    )
    if whole is None or bare is None or beside is None or min(bare.value, beside.value) <= 0:
        return values
    far, near = (abs(log(number.value / beside.value)) for number in (whole, bare))
    return ("", *values[1:]) if near < far else values
