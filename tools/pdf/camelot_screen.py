"""Which pages are worth a slow look for tables: a cheap test of what no table holds yet."""

import re
from collections.abc import Sequence
from itertools import pairwise

from tools.pdf.page import PageRecord, Table
from tools.pdf.tables_lines import Atom, Line, lines_of
from tools.pdf.tables_tokens import is_unit_text

_FEWEST_LINES = 5
_FEWEST_COLUMNS = 2
_ALIGNED = 2.0
"""Numbers of one column end within this many points of each other."""
WIDE = 0.85
"""A gap above this share of the line's height parts two cells."""
_WORD = re.compile(r"[^\W\d_]{3}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def is_worth_camelot(page: PageRecord) -> bool:
    """Whether lines outside the tables found carry columns of numbers, and a year or unit."""
    if not _YEAR.search(page.text) and not _has_unit(page):
        return False
    taken = taken_rows(page.tables)
    ends: list[float] = []
    for line in lines_of(page.rows):
        if line.index not in taken and _is_labelled(line):
            ends += [atom.value_x1 or atom.x1 for atom in _cells(line)]
    return sum(size >= _FEWEST_LINES for size in _columns(ends)) >= _FEWEST_COLUMNS


def taken_rows(tables: Sequence[Table]) -> set[int]:
    """Visual rows that tables found by other means stand on."""
    rows: set[int] = set()
    for table in tables:
        for row in table.rows:
            first, last = row.span
            rows |= {row.row, *(range(first, last + 1) if first >= 0 else ())}
    return rows


def _cells(line: Line) -> list[Atom]:
    """Numbers that stand apart from what is on their left, as those in a sentence do not."""
    return [atom for atom in line.atoms if atom.kind == "number" and atom.gap > WIDE]


def _is_labelled(line: Line) -> bool:
    return len(_cells(line)) >= _FEWEST_COLUMNS and any(
        _WORD.search(atom.text) for atom in line.atoms
    )


def _columns(ends: list[float]) -> list[int]:
    """How many numbers end at one place, for each place."""
    sizes: list[int] = [1] if ends else []
    for left, right in pairwise(sorted(ends)):
        if right - left <= _ALIGNED:
            sizes[-1] += 1
        else:
            sizes.append(1)
    return sizes


def _has_unit(page: PageRecord) -> bool:
    return any(is_unit_text([word.text]) for row in page.rows for word in row.words)
