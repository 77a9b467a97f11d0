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
_LEVEL = 1.5
"""Points by which words at one height may be off each other."""
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


def settle(items: Sequence[Item], rows: Sequence[Place]) -> Cells:
    """The items of a column by row, at the height that fits them best."""
    if found := _level_cells(items, rows):
        return found
    return min((_assign(items, rows, level) for level in LEVELS), key=lambda cells: cells.cost)


def _level_cells(items: Sequence[Item], rows: Sequence[Place]) -> Cells | None:
    """Cells where every line is level with a row of its own, as in most tables."""
    given: dict[int, tuple[Item, ...]] = {}
    row = 0
    for item in items:
        while row < len(rows) and rows[row].middle < item.middle - _LEVEL:
            row += 1
        if row == len(rows) or rows[row].middle > item.middle + _LEVEL or row in given:
            return None
        given[row] = (item,)
    return Cells(given, (), 0.0)


def _assign(items: Sequence[Item], rows: Sequence[Place], level: Level) -> Cells:
    """The cheapest way to give the items, top to bottom, to rows, top to bottom.

    The first of `rows` is the header, whose cells sit at any height.
    """
    middles = [item.middle for item in items]
    blocks = _Blocks(middles, _lead(middles))
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
            for j, fit in blocks.fitting(i, rows[r], level if r else None):
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


def _lead(middles: Sequence[float]) -> float:
    """The smallest step between two lines of the column: that of lines in one cell."""
    return min((b - a for a, b in pairwise(middles) if b > a), default=0.0)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Stretches of a column's lines, given by their middles."""

    middles: Sequence[float]
    lead: float

    def fitting(self, start: int, row: Place, level: Level | None) -> list[tuple[int, float]]:
        """Ends of the blocks that begin at `start` and fit the row, with what they cost.

        Without a level the row is the header, whose cells are often not level with its years.
        """
        height, middles = row.height, self.middles
        reach, most = (_OFF, _OFF) if level else (_HEADER_OFF, _HEADER_COST)
        below = row.middle - middles[start]
        if not -reach * height <= below <= (reach + 1.7 * _MOST_LINES) * height:
            return []
        found = []
        apart = 0.0
        for end in range(start + 1, min(start + _MOST_LINES, len(middles)) + 1):
            if end - start > 1:
                step = middles[end - 1] - middles[end - 2]
                if step > 1.7 * height:
                    break
                apart += _APART * (step > min(1.15 * self.lead, LEADING * height))
            off = _off(middles[start], middles[end - 1], row.middle, level)
            if off <= reach * height:
                found.append((end, min(off / height, most) + apart))
        return found


def _off(first: float, last: float, row: float, level: Level | None) -> float:
    """How far a block of lines is off the row's height, in points."""
    top, middle, bottom = abs(first - row), abs((first + last) / 2 - row), abs(last - row)
    if level is None:
        return min(top, middle, bottom)
    return top if level == "top" else bottom if level == "bottom" else middle
