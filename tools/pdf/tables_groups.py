"""Group labels at the left of a table: which rows a merged cell stands for."""

from collections.abc import Sequence
from itertools import pairwise

from tools.pdf.page import Word
from tools.pdf.tables_cells import LEADING, Item, Place
from tools.pdf.tables_gutters import TextColumn, joined

Group = dict[int, str]
"""Texts by the number of the row they begin at; row 0 is the header."""
Extent = tuple[float, float]
_FARTHEST = 70.0
"""Points between a turned group label and the columns it belongs to."""
_LEVEL = 2.5
"""Points by which words at one height may be off each other."""
_SURE, _LIKELY = 0.25, 0.6
"""Share of a usual row by which texts in the middle of merged cells may be off it."""


def blocks_of(items: Sequence[Item]) -> list[list[Item]]:
    """Lines right under each other: cells of one or several lines."""
    blocks: list[list[Item]] = []
    for item in items:
        if blocks:
            step = item.middle - blocks[-1][-1].middle
            if step < LEADING * item.line.height:
                blocks[-1].append(item)
                continue
        blocks.append([item])
    return blocks


def column_groups(
    column: TextColumn, rows: Sequence[Place], extents: Sequence[Extent], header: int
) -> tuple[Group, list[list[Item]]]:
    """Groups named in a column, and the headings that stand between rows in it.

    `header` is the position of the header's last line. A heading ends the groups before it.
    """
    gaps = _heading_gaps(extents, rows[0].height)
    blocks: list[list[Item]] = []
    for block in blocks_of([item for item in column.items if item.position > header]):
        # A heading right under a group label is no further line of it.
        tail = [] if _between_rows(block, gaps) else block[-1:]
        apart = len(block) > 1 and tail and _between_rows(tail, gaps)
        blocks += [block[:-1], tail] if apart else [block]
    headings = [block for block in blocks if _between_rows(block, gaps)]
    found: Group = {}
    first = 1
    for heading in [*headings, None]:
        last = len(rows) - 1
        if heading is not None:
            last = max(
                (n for n in range(1, len(rows)) if extents[n][0] < heading[0].top), default=0
            )
        inside = [
            block
            for block in blocks
            if block not in headings
            and (last == len(rows) - 1 or block[0].top < extents[last][1])
            and (first == 1 or block[-1].bottom > extents[first][0])
        ]
        if first <= last:
            found |= {first: "", **_segment(inside, rows, extents, (first, last))}
        first = last + 1
    return found, headings


def _heading_gaps(extents: Sequence[Extent], height: float) -> list[Extent]:
    """Gaps between rows that are wider than usual by the height of a line."""
    gaps = [(above[1], below[0]) for above, below in pairwise(extents)]
    widths = sorted(bottom - top for top, bottom in gaps)
    usual = widths[len(widths) // 3]
    return [(top, bottom) for top, bottom in gaps if bottom - top > usual + 0.7 * height]


def _between_rows(block: Sequence[Item], gaps: Sequence[Extent]) -> bool:
    """Whether a block stands in a wide gap between rows: a heading, no merged cell."""
    top, bottom = block[0].top, block[-1].bottom
    return any(gap[0] <= top + 1 and bottom - 1 <= gap[1] for gap in gaps)


def _segment(
    blocks: Sequence[Sequence[Item]],
    rows: Sequence[Place],
    extents: Sequence[Extent],
    span: tuple[int, int],
) -> Group:
    """Groups of the rows of `span`, which hold no heading between them.

    Merged cells have their text in the middle, at the top or at the bottom.
    """
    first, last = span
    texts = [joined(block) for block in blocks]
    places = [(block[0].top, block[-1].bottom) for block in blocks]
    middle, off = _middle(places, extents, span)
    if off <= _SURE:
        return dict(zip(middle, texts, strict=True))
    tops = [_level_row(block[0], rows) for block in blocks]
    if tops and tops[0] == first and None not in tops:
        return {row: text for row, text in zip(tops, texts, strict=True) if row}
    bottoms = [_level_row(block[-1], rows) for block in blocks]
    if bottoms and bottoms[-1] == last and None not in bottoms:
        starts = [first, *(row + 1 for row in bottoms[:-1] if row)]
        return dict(zip(starts, texts, strict=True))
    if off <= _LIKELY:
        return dict(zip(middle, texts, strict=True))
    return _beside(places, texts, extents, span)


def turned_groups(sides: Sequence[Word], edge: float, extents: Sequence[Extent]) -> Group:
    """Groups named by text that is written upwards or downwards left of x `edge`."""
    top, bottom = extents[0][1] - 2, extents[-1][1] + 4
    beside = sorted(
        (side.top, side.bottom, side.text)
        for side in sides
        if edge - _FARTHEST < side.x0 and side.x1 < edge + 2
        if top <= side.top and side.bottom <= bottom
    )
    places, texts = [(a, b) for a, b, _ in beside], [text for *_, text in beside]
    span = (1, len(extents) - 1)
    middle, off = _middle(places, extents, span)
    if off <= _LIKELY:
        return dict(zip(middle, texts, strict=True))
    return _beside(places, texts, extents, span) if places else {}


def _middle(
    places: Sequence[Extent], extents: Sequence[Extent], span: tuple[int, int]
) -> tuple[list[int], float]:
    """Where merged cells with their text in the middle begin, and how far off that is at most.

    The first begins with the first row, the last ends with the last; each ends as far below its
    text's middle as it began above. Off is in shares of a usual row.
    """
    first, last = span
    gaps = {n: _sorted(extents[n][1], extents[n + 1][0]) for n in range(first, last)}
    begin, end = extents[first][0], extents[last][1]
    usual = (end - begin) / (last - first + 1)
    starts, worst, row = [], 0.0, first
    for number, (top, bottom) in enumerate(places):
        starts.append(row)
        wanted = top + bottom - begin
        if number + 1 == len(places):
            return starts, max(worst, abs(end - wanted) / 2 / usual)
        following = places[number + 1][0]
        ends = [
            (_away(wanted, gaps[n]) + _away(bottom, (-1e9, gaps[n][1]))
             + _away(following, (gaps[n][0], 1e9)), n)
            for n in range(row, last)
        ]  # fmt: skip
        if not ends:
            break
        off, row = min(ends)
        begin = min(max(wanted, gaps[row][0]), gaps[row][1])
        row += 1
        # The text is off by half of what the edge is off.
        worst = max(worst, off / 2 / usual)
    return [], 1e9


def _sorted(a: float, b: float) -> Extent:
    return min(a, b), max(a, b)


def _away(value: float, span: Extent) -> float:
    return max(0.0, span[0] - value, value - span[1])


def _beside(
    places: Sequence[Extent], texts: Sequence[str], extents: Sequence[Extent], span: tuple[int, int]
) -> Group:
    """Each text for the rows it stands beside, where more cannot be told."""
    found: Group = {}
    for number in range(span[0], span[1] + 1):
        middle = sum(extents[number]) / 2
        near = [n for n, (top, bottom) in enumerate(places) if top <= middle <= bottom]
        found[number] = texts[near[0]] if near else ""
    return found


def _level_row(item: Item, rows: Sequence[Place]) -> int | None:
    """The row a line of a group label is level with."""
    near = (n for n in range(1, len(rows)) if abs(rows[n].middle - item.middle) < _LEVEL)
    return next(near, None)
