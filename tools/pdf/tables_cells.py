"""Cells over several lines: which line of a column belongs to which row of values.

The lines of one column are cut into blocks, one a row, so that every block sits at the height of
its row: their tops level, their middles, or their bottoms, whichever fits the column best.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from tools.pdf.tables_lines import Atom, Line

Level = Literal["top", "middle", "bottom"]
LEVELS: tuple[Level, ...] = ("top", "middle", "bottom")
_OFF = 0.75
"""A block this far off its row, in line heights, does not belong to it."""
_HEADER_OFF, _HEADER_COST = 3.5, 0.4
"""The cells of a header stand this far from its years at most, and cost this much at most."""
_LOOSE = 0.9
"""What a line without a row costs; in line heights off, as everything here."""
_EMPTY = 0.05
"""What a row without a cell costs."""
_APART = 0.6
"""What a wider step than usual inside a cell costs."""
_MOST_LINES = 8
LEADING = 1.28
"""Lines of one cell are nearer to each other than this many line heights."""
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Item:
    """The words of one line in one column. `position` is that of the line."""

    position: int
    line: Line
    atoms: tuple[Atom, ...]

    @property
    def text(self) -> str:
        return " ".join(atom.text for atom in self.atoms)

    @property
    def x0(self) -> float:
        return self.atoms[0].x0

    @property
    def middle(self) -> float:
        return self.atoms[0].middle

    @property
    def top(self) -> float:
        return self.middle - self.line.height / 2

    @property
    def bottom(self) -> float:
        return self.middle + self.line.height / 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where the values of a row stand."""

    middle: float
    height: float


@dataclass(frozen=True, slots=True)
class Cells:
    """Items of a column by the row they belong to, and those of no row."""

    rows: dict[int, tuple[Item, ...]]
    loose: tuple[Item, ...]
    cost: float


def assign(items: Sequence[Item], rows: Sequence[Place], level: Level) -> Cells:
    """The cheapest way to give the items, top to bottom, to rows, top to bottom.

    The first of `rows` may be a header, whose cells sit at any height.
    """
    lead = _lead(items)
    count = len(items)
    # best[i][r]: cost of the first i items when the next block may go to row r or later
    best = [[_NEVER] * (len(rows) + 1) for _ in range(count + 1)]
    back: dict[tuple[int, int], tuple[int, int, int]] = {}
    best[0][0] = 0.0
    for i in range(count + 1):
        for r in range(len(rows) + 1):
            cost = best[i][r]
            if cost >= _NEVER:
                continue
            if r < len(rows) and cost + _EMPTY < best[i][r + 1]:
                best[i][r + 1], back[i, r + 1] = cost + _EMPTY, (i, r, -1)
            if i == count:
                continue
            if cost + _LOOSE < best[i + 1][r]:
                best[i + 1][r], back[i + 1, r] = cost + _LOOSE, (i, r, -1)
            if r == len(rows):
                continue
            for j, fit in _blocks(items, i, rows[r], lead, level if r else None):
                if cost + fit < best[j][r + 1]:
                    best[j][r + 1], back[j, r + 1] = cost + fit, (i, r, r)
    return _trace(items, back, (count, len(rows)), best[count][len(rows)])


def _trace(
    items: Sequence[Item],
    back: dict[tuple[int, int], tuple[int, int, int]],
    state: tuple[int, int],
    cost: float,
) -> Cells:
    given: dict[int, tuple[Item, ...]] = {}
    loose: list[Item] = []
    while state in back:
        i, r, row = back[state]
        if row >= 0:
            given[row] = tuple(items[i : state[0]])
        elif state[0] > i:
            loose.append(items[i])
        state = (i, r)
    return Cells(given, tuple(reversed(loose)), cost)


def _lead(items: Sequence[Item]) -> float:
    """The smallest step between two lines of the column: that of lines in one cell."""
    steps = [b.middle - a.middle for a, b in pairwise(items)]
    return min((s for s in steps if s > 0), default=0.0)


def _blocks(
    items: Sequence[Item], start: int, row: Place, lead: float, level: Level | None
) -> list[tuple[int, float]]:
    """Ends of the blocks that begin at `start` and fit the row, with what they cost.

    Without a level the row is the header, whose cells are often not level with its years.
    """
    found = []
    height = row.height
    apart = 0.0
    levels = (level,) if level else LEVELS
    reach, most = (_OFF, _OFF) if level else (_HEADER_OFF, _HEADER_COST)
    for end in range(start + 1, min(start + _MOST_LINES, len(items)) + 1):
        if end - start > 1:
            step = items[end - 1].middle - items[end - 2].middle
            if step > 1.7 * height:
                break
            apart += _APART * (step > min(1.15 * lead, LEADING * height))
        off = min(_off(items[start], items[end - 1], row, level) for level in levels)
        if off <= reach * height:
            found.append((end, min(off / height, most) + apart))
    return found


def _off(first: Item, last: Item, row: Place, level: Level) -> float:
    """How far a block from item `first` to item `last` is off the row's height, in points."""
    if level == "top":
        return abs(first.middle - row.middle)
    if level == "bottom":
        return abs(last.middle - row.middle)
    return abs((first.middle + last.middle) / 2 - row.middle)
