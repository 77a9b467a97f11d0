"""The label and the values of a line, told by the order of its words."""

import re

from tools.evidence.kpis.columns import read_column
from tools.pdf.tables_tokens import is_unit_text, kind_of, year_of

_MULTIPLIER = re.compile(r"^1[.,’'`]?000(?:[.,’'`]000)?$")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:[’']\d{3})+")
_CHANGE = re.compile(r"[+–−-]\s?\d|.*%$")


def row_values(words: list[str], columns: tuple[str, ...]) -> tuple[str, tuple[str, ...] | None]:
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
            label, cells = _cells(_unglued(words[:stop]))
            values = _matched(cells, columns)
        if values is None:
            continue
        if len(cells) > len(values) and values == tuple(cells[-len(values) :]):
            label = " ".join([label, *cells[: -len(values)]]).strip()
        return label, values
    return " ".join(words), None


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
        if word.endswith(")") and "(" not in word:
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
    extra = len(cells) - count
    if 0 < extra < 4 and not any(read_column(column).kind == "change" for column in columns):
        signed = all(_CHANGE.match(cell) for cell in cells[count:])
        if signed and not cells[count - 1].endswith("%"):
            return tuple(cells[:count])
    return None
