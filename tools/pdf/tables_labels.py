"""The label side of a table: where it begins, its unit column, labels over several lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tools.pdf.tables_lines import Atom, Line
from tools.pdf.tables_tokens import is_unit_text

_CONNECTS = re.compile(
    r"(?:[,(/&:–-]|\b(?:and|or|of|in|the|per|by|to|for|from|with|on|und|der|die|des|von|aus|im|pro))$",
    re.IGNORECASE,
)


_UNIT_HEADS = {"unit", "units", "uom", "einheit", "einheiten"}

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Zone:
    """Left part of a table: `units` and `codes` are x-ranges of their own columns."""

    x0: float
    x1: float
    label_x0: float
    """Where the labels themselves begin."""
    units: tuple[Span, ...] = ()
    codes: tuple[Span, ...] = ()
    groups: tuple[Span, ...] = ()
    """Columns left of the labels that name groups of rows."""


@dataclass(slots=True)
class Piece:
    """One line of a table as read: label, unit and values."""

    line: Line
    label: str = ""
    x0: float = 0.0
    unit: str = ""
    marks: list[str] = field(default_factory=list)
    values: dict[int, Atom] = field(default_factory=dict)
    group: str = ""
    """Words of a group column on this line."""
    group_x0: float = 0.0
    crossing: bool = False
    """The text runs on into the columns of numbers: prose or a note, not a label."""
    whole_group: bool = False
    """`group` is complete, not a line of a label that goes on."""
    parts: tuple[str, ...] = ()
    """Texts of further columns that narrow the row: a region, a boundary."""
    period: str = ""
    code: str = ""
    span: tuple[int, int] = (-1, -1)
    """First and last visual row of the cells, where they have several lines."""


def label_zone(
    data: Sequence[tuple[Line, float]], heads: Sequence[Line], left_limit: float
) -> Zone:
    """The label side of lines that hold values; each comes with the x its values begin at."""
    first_x = min(x for _, x in data)
    segments = _segments(
        [
            *_label_cells(data, left_limit),
            *(
                (atom.x0, atom.x1)
                for line in heads
                for atom in line.atoms
                if left_limit <= atom.x0 and atom.x1 < first_x
            ),
        ],
        0.5 * data[0][0].height,
    )
    segments = [part for segment in segments for part in _with_unit_apart(segment, data)]
    kept: list[tuple[Span, str]] = []
    for segment in reversed(segments):
        kind = _segment_kind(segment, data, heads, any(k == "text" for _, k in kept))
        if kind == "stop":
            break
        if kind:
            kept.append((segment, kind))
    x0 = kept[-1][0][0] if kept else first_x
    units = [(s[0], _until(s[1], segments, first_x)) for s, kind in kept if kind == "unit"]
    codes = [s for s, kind in kept if kind == "code"]
    texts = [s for s, kind in kept if kind == "text"]
    label = max(texts, key=lambda s: len(_content(s, data)[0]), default=(x0, first_x))
    groups = [(s[0], _until(s[1], segments, first_x)) for s in texts if s[0] < label[0]]
    codes += [s for s in texts if s[0] > label[0]]
    before = [s for s in segments if s[1] < x0 - 1]
    slack = 15.0 if not before else min(15.0, max(0.0, x0 - before[-1][1] - 2))
    return Zone(x0 - slack, first_x, label[0], tuple(units), tuple(codes), tuple(groups))


def _label_cells(data: Sequence[tuple[Line, float]], left_limit: float) -> list[Span]:
    """Where words stand left of the values, without cells that begin beyond the limit."""
    spans = []
    for line, x in data:
        start = float("inf")
        for atom in line.atoms:
            if atom.gap > 0.6:
                start = atom.x0
            if left_limit <= min(start, atom.x0) and atom.x0 < x - 1 and atom.x1 <= x + 2:
                spans.append((atom.x0, min(atom.x1, x)))
    return spans


def _segment_kind(
    segment: Span, data: Sequence[tuple[Line, float]], heads: Sequence[Line], has_text: bool
) -> str:
    """What a column left of the values is: text, unit, code, nothing, or not of this table."""
    texts, values, codes = _content(segment, data)
    foreign = values > 1 and values > 0.6 * (values + len(texts))
    words = sum(len(t) for t in texts) / max(1, len(texts))
    if foreign or (has_text and ((values and not texts) or words >= 6.5)):
        return "stop"
    if not texts:
        return ""
    if codes > 0.6 * len(texts):
        return "code"
    unit_cells = sum(is_unit_text(words) for words in texts)
    headed = bool(_head_words(segment, heads) & _UNIT_HEADS)
    if unit_cells > (0.25 if headed else 0.6) * len(texts):
        return "unit"
    return "text"


def _with_unit_apart(segment: Span, data: Sequence[tuple[Line, float]]) -> list[Span]:
    """Split a unit column off the labels it touches: units that begin at one x on most lines."""
    starts: dict[int, int] = {}
    lines = pure = 0
    for line, x in data:
        inside = [a for a in line.atoms if segment[0] - 1 <= a.x0 < segment[1] and a.x0 < x - 1]
        lines += bool(inside)
        pure += is_unit_text([a.text for a in inside])
        for number in range(1, len(inside)):
            if inside[number].text[0] not in "([" and is_unit_text(
                [a.text for a in inside[number:]]
            ):
                key = round(inside[number].x0 / 2)
                starts[key] = starts.get(key, 0) + 1
                break
    if lines < 4 or not starts or 2 * pure > lines:
        return [segment]
    key = max(starts, key=lambda k: starts[k] + starts.get(k + 1, 0))
    if starts[key] + starts.get(key + 1, 0) < 0.5 * lines:
        return [segment]
    cut = 2.0 * key - 1.5
    return [(segment[0], cut - 1), (cut, segment[1])]


def _until(x1: float, segments: Sequence[Span], first_x: float) -> float:
    """A unit column reaches to the next column on its right."""
    return max(x1, min((s[0] for s in segments if s[0] > x1), default=first_x) - 2)


def _segments(intervals: list[Span], gap: float) -> list[Span]:
    merged: list[Span] = []
    for x0, x1 in sorted(intervals):
        if merged and x0 - merged[-1][1] < gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged


def _content(segment: Span, data: Sequence[tuple[Line, float]]) -> tuple[list[list[str]], int, int]:
    """Texts of a segment line by line, how many lines hold a number there, how many a code."""
    texts: list[list[str]] = []
    values = codes = 0
    for line, x in data:
        inside = [a for a in line.atoms if segment[0] - 1 <= a.x0 < segment[1] and a.x0 < x - 1]
        if not inside:
            continue
        if all(a.is_value for a in inside):
            values += 1
        else:
            texts.append([a.text for a in inside])
            codes += all(a.kind in ("code", "blank") for a in inside)
    return texts, values, codes


def _head_words(segment: Span, heads: Sequence[Line]) -> set[str]:
    return {
        atom.text.casefold().strip(":()")
        for line in heads
        for atom in line.atoms
        if segment[0] - 2 <= atom.x0 and atom.x1 <= segment[1] + 2
    }


def piece_of(line: Line, zone: Zone, values: dict[int, Atom], values_x0: float) -> Piece:
    """Label, unit and values of one line; `values_x0` is where its numbers begin."""
    piece = Piece(line, values=values)
    words: list[str] = []
    units: list[str] = []
    for atom in line.atoms:
        if atom.x0 < zone.x0 or atom.x0 >= values_x0 - 1 or atom in values.values():
            continue
        if _within(atom, zone.codes):
            continue
        if _within(atom, zone.units):
            units.append(atom.text)
            continue
        if _within(atom, zone.groups):
            piece.group_x0 = piece.group_x0 or atom.x0
            piece.group = f"{piece.group} {atom.text}".strip()
            continue
        if not words:
            piece.x0 = atom.x0
        words.append(atom.text)
        piece.marks += atom.marks
    if not words and units and not is_unit_text(units):
        cut = next(
            n for n in range(1, len(units) + 1) if is_unit_text(units[n:]) or n == len(units)
        )
        words, units = units[:cut], units[cut:]
        piece.x0 = zone.label_x0
    piece.label, piece.unit = " ".join(words), " ".join(units)
    return piece


def _within(atom: Atom, ranges: tuple[Span, ...]) -> bool:
    return any(x0 - 1 <= atom.x0 and atom.x1 <= x1 + 1 for x0, x1 in ranges)


def join_labels(pieces: list[Piece]) -> list[Piece]:
    """Lines without values become part of a neighbour's label or unit, or stay headings."""
    pieces = _join_units(pieces)
    pitch = _row_pitch(pieces)
    owner: dict[int, int] = {}
    valued = [n for n, p in enumerate(pieces) if p.values]
    for number, piece in enumerate(pieces):
        if piece.label and not piece.values and not piece.crossing:
            target = _owner(pieces, number, valued, pitch, owner)
            if target is not None:
                owner[number] = target
    return _apply(pieces, owner)


def _join_units(pieces: list[Piece]) -> list[Piece]:
    """A unit cell over two lines: the line without label or values joins its nearest row."""
    kept: list[Piece] = []
    for number, piece in enumerate(pieces):
        if piece.label or piece.values or not piece.unit:
            kept.append(piece)
            continue
        after = pieces[number + 1] if number + 1 < len(pieces) else None
        before = kept[-1] if kept else None
        down = after.line.middle - piece.line.middle if after is not None else 1e9
        up = piece.line.middle - before.line.middle if before is not None else 1e9
        if after is not None and down <= up:
            after.unit = f"{piece.unit} {after.unit}".strip()
        elif before is not None:
            before.unit = f"{before.unit} {piece.unit}".strip()
    return kept


def _row_pitch(pieces: Sequence[Piece]) -> float:
    """Typical distance of one-line rows, in points."""
    steps = sorted(
        b.line.middle - a.line.middle
        for a, b in pairwise(pieces)
        if a.values and b.values and a.label and b.label
    )
    if steps:
        return steps[len(steps) // 2]
    return 1.9 * max((p.line.height for p in pieces), default=10.0)


def _owner(
    pieces: Sequence[Piece],
    number: int,
    valued: Sequence[int],
    pitch: float,
    owner: dict[int, int],
) -> int | None:
    """The row with values a line of text belongs to, or None for a heading."""
    piece = pieces[number]
    height = piece.line.height
    tight = min(0.85 * pitch, 1.45 * height)
    before = next((n for n in reversed(valued) if n < number), None)
    after = next((n for n in valued if n > number), None)

    def away(n: int | None) -> float:
        return 1e9 if n is None else abs(pieces[n].line.middle - piece.line.middle)

    nearest = before if away(before) < away(after) else after
    if away(nearest) < 0.75 * height:
        return nearest
    if number and _continues(pieces[number - 1], piece):
        close = _step(pieces, number - 1) < max(tight, 1.3 * height)
        upper = number - 1 if pieces[number - 1].values else owner.get(number - 1)
        if close and upper is not None:
            return upper
    if after is not None and _leads_to(pieces, number, after, tight, pitch):
        return after
    return None


def _leads_to(pieces: Sequence[Piece], number: int, after: int, tight: float, pitch: float) -> bool:
    """The line is the beginning of the label of the next row with values."""
    piece, following = pieces[number], pieces[number + 1]
    away = pieces[after].line.middle - piece.line.middle
    connects = bool(_CONNECTS.search(piece.label))
    if not pieces[after].label and away < 2.2 * piece.line.height:
        return True
    if connects and away < 2.5 * piece.line.height:
        return True
    chain = after - number <= 3 and all(
        not pieces[n].values and _step(pieces, n) < tight for n in range(number, after)
    )
    fresh = _starts_fresh(following.label)
    return chain and not (fresh and _step(pieces, number) >= 0.8 * pitch)


def _step(pieces: Sequence[Piece], number: int) -> float:
    return pieces[number + 1].line.middle - pieces[number].line.middle


def _continues(previous: Piece, piece: Piece) -> bool:
    if not previous.label:
        return False
    unclosed = previous.label.count("(") > previous.label.count(")")
    return bool(unclosed or _CONNECTS.search(previous.label) or not _starts_fresh(piece.label))


def _starts_fresh(label: str) -> bool:
    """A label that begins a row of its own: not in lower case, not inside brackets."""
    first = label.lstrip("•-–—> ")[:1]
    return bool(first) and not first.islower() and first not in "()&/+"


def _apply(pieces: Sequence[Piece], owner: dict[int, int]) -> list[Piece]:
    parts: dict[int, list[int]] = {}
    for number, target in owner.items():
        parts.setdefault(target, []).append(number)
    result = []
    for number, piece in enumerate(pieces):
        if number in owner:
            continue
        if number in parts:
            members = sorted([number, *parts[number]])
            piece.x0 = min(pieces[n].x0 for n in members if pieces[n].label)
            piece.label = " ".join(pieces[n].label for n in members if pieces[n].label)
            piece.unit = " ".join(pieces[n].unit for n in members if pieces[n].unit)
            piece.marks = [mark for n in members for mark in pieces[n].marks]
        result.append(piece)
    return result
