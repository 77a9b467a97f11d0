"""Header blocks: the lines that name fiscal years over columns of numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tools.pdf.tables_lines import Atom, Line
from tools.pdf.tables_tokens import HEADER_WORDS, is_unit_text, year_of

_REACH = 30
"""How many lines below a header are looked at for its numbers."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A year printed over a column, with the words that belong to it ("Target 2030")."""

    year: int
    text: str
    x0: float
    x1: float
    marks: tuple[str, ...] = ()
    line: int = 0
    """Row index of the line the year is printed on."""
    middle: float = 0.0
    """Height of the year's middle on the page."""
    loose: bool = False
    """The year stands among words that are no usual header words ("Emissions in 2023")."""

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Header:
    """One group of year columns. `first` and `last` are positions in the list of lines."""

    first: int
    last: int
    anchors: tuple[Anchor, ...]
    right_limit: float
    """Where the next group on the same lines begins; infinity for the last."""
    left_limit: float
    """Where the group before ends; minus infinity for the first."""

    @property
    def pitch(self) -> float:
        """Smallest distance between neighbouring years, in points."""
        steps = [b.centre - a.centre for a, b in pairwise(self.anchors)]
        return min(steps) if steps else 60.0


def find_headers(lines: Sequence[Line]) -> list[Header]:
    """All groups of year columns of a page, top to bottom, left to right."""
    found = [(position, _anchors(line)) for position, line in enumerate(lines)]
    rows = [(position, anchors) for position, anchors in found if anchors]
    headers: list[Header] = []
    taken: set[int] = set()
    for number, (position, anchors) in enumerate(rows):
        if position in taken:
            continue
        first = last = position
        block = list(anchors)
        for following, more in rows[number + 1 : number + 3]:
            if not _stacked(lines, last, following) or _clash(block, more):
                break
            block += more
            last = following
            taken.add(following)
        block.sort(key=lambda a: a.x0)
        headers += [h for h in _groups(lines, first, last, block) if not _inside(h, headers)]
    return headers


def _inside(header: Header, above: Sequence[Header]) -> bool:
    """A year among words in a cell of a table whose header was found already."""
    if len(header.anchors) > 1 or not header.anchors[0].loose:
        return False
    anchor = header.anchors[0]
    return any(
        len(other.anchors) > 1
        and other.anchors[0].x0 - 100 < anchor.x0 < other.anchors[-1].x1
        and header.first - other.last < 40
        for other in above
    )


def _anchors(line: Line) -> list[Anchor]:
    anchors: list[Anchor] = []
    for number, atom in enumerate(line.atoms):
        if atom.kind != "year":
            continue
        year = year_of(atom.text)
        if year is None:
            continue
        left, right = _phrase(line.atoms, number)
        words = line.atoms[left : right + 1]
        if left and line.atoms[left - 1].kind == "number" and not anchors:
            continue
        if len(words) > 8 or words[-1].text.endswith((".", ",", ";")):
            continue
        loose = not _is_heading_phrase(words, atom)
        anchors.append(
            Anchor(
                year,
                " ".join(a.text for a in words),
                words[0].x0,
                words[-1].x1,
                tuple(m for a in words for m in a.marks),
                line.index,
                atom.middle,
                loose,
            )
        )
    return anchors


def _phrase(atoms: Sequence[Atom], number: int) -> tuple[int, int]:
    """First and last atom of the cell a year stands in; years beside it are cells of their own."""
    left = number
    while left > 0 and atoms[left].gap < 0.6 and atoms[left - 1].kind not in ("year", "change"):
        left -= 1
    right = number
    while (
        right + 1 < len(atoms)
        and atoms[right + 1].gap < 0.6
        and atoms[right + 1].kind not in ("year", "change")
    ):
        if (
            right + 2 < len(atoms)
            and atoms[right + 2].kind == "year"
            and atoms[right + 2].gap < 0.6
        ):
            break
        right += 1
    return left, right


def _is_heading_phrase(words: Sequence[Atom], year: Atom) -> bool:
    others = [a.text.casefold().strip("()[].,:;*") for a in words if a is not year]
    others = [word for word in others if word]
    known = [w for w in others if w in HEADER_WORDS or w.isdigit() or is_unit_text([w])]
    return len(known) == len(others)


def _stacked(lines: Sequence[Line], above: int, below: int) -> bool:
    """Two header lines of one block stand right under each other."""
    gap = lines[below].top - lines[above].bottom
    return below - above <= 2 and gap < 0.9 * lines[above].height


def _clash(block: Sequence[Anchor], more: Sequence[Anchor]) -> bool:
    return any(a.x0 < b.x1 and b.x0 < a.x1 for a in block for b in more)


def _groups(
    lines: Sequence[Line], first: int, last: int, anchors: Sequence[Anchor]
) -> list[Header]:
    """Split the years of a block where labels stand between them: tables side by side."""
    cuts = [
        number
        for number in range(1, len(anchors))
        if _labels_between(lines, last, anchors[number - 1], anchors[number])
    ]
    parts = [list(anchors[a:b]) for a, b in zip([0, *cuts], [*cuts, len(anchors)], strict=True)]
    limits = [_label_start(lines, last, anchors[cut - 1], anchors[cut]) for cut in cuts]
    headers = []
    for number, part in enumerate(parts):
        left = limits[number - 1] - 1 if number else float("-inf")
        right = limits[number] if number < len(limits) else float("inf")
        header = Header(first, last, tuple(part), right, left)
        if _holds_numbers(lines, header):
            headers.append(header)
    return headers


def _labels_between(lines: Sequence[Line], last: int, left: Anchor, right: Anchor) -> bool:
    """Lines with numbers under the right year carry words between the two years."""
    seen = labels = 0
    for line in lines[last + 1 : last + 1 + _REACH]:
        if not any(
            a.is_value and a.x0 < right.x1 + 20 and a.x1 > right.x0 - 20 for a in line.atoms
        ):
            continue
        words = _between(line, left, right)
        seen += 1
        text = " ".join(a.text for a in words)
        labels += len(re.findall(r"[^\W\d_]", text)) >= 4 and not is_unit_text(text.split())
    return seen > 0 and labels >= max(1, 0.4 * seen) and right.x0 - left.x1 > 40


def _under(line: Line, anchor: Anchor) -> bool:
    return any(a.is_value and a.x0 < anchor.x1 + 20 and a.x1 > anchor.x0 - 20 for a in line.atoms)


def _between(line: Line, left: Anchor, right: Anchor) -> list[Atom]:
    return [
        a for a in line.atoms if a.kind == "text" and a.x0 > left.x1 - 2 and a.x1 < right.centre
    ]


def _label_start(lines: Sequence[Line], last: int, left: Anchor, right: Anchor) -> float:
    """Where the labels of the right one of two tables begin."""
    starts = sorted(
        words[0].x0
        for line in lines[last + 1 : last + 1 + _REACH]
        if (words := _between(line, left, right)) and _under(line, right)
    )
    return starts[len(starts) // 5] if starts else right.x0


def _holds_numbers(lines: Sequence[Line], header: Header) -> bool:
    """One line with numbers under the years; where the years are not plain, aligned lines."""
    strict = len(header.anchors) == 1 or any(anchor.loose for anchor in header.anchors)
    under: list[Atom] = []
    for line in lines[header.last + 1 : header.last + 1 + _REACH]:
        for number, atom in enumerate(line.atoms):
            if not atom.is_value or not any(_near(atom, a, header.pitch) for a in header.anchors):
                continue
            if not strict:
                return True
            labelled = any(a.kind == "text" and a.x1 < atom.x0 for a in line.atoms[:number])
            if labelled and atom.kind == "number":
                under.append(atom)
                break
    return strict and _aligned(under, header)


def _aligned(atoms: Sequence[Atom], header: Header) -> bool:
    """At least two numbers share an edge or centre with each other and lie under the year."""
    anchor = header.anchors[0]
    close = [a for a in atoms[:6] if a.x0 < anchor.x1 + 4 and a.x1 > anchor.x0 - 4]
    if len(close) < 2:
        return False
    for edge in (
        [a.x1 for a in close],
        [a.x0 for a in close],
        [(a.x0 + a.x1) / 2 for a in close],
    ):
        if max(edge) - min(edge) < 3.0:
            return True
    return False


def _near(atom: Atom, anchor: Anchor, pitch: float) -> bool:
    reach = min(0.5 * pitch, 40.0)
    return atom.x0 < anchor.x1 + reach and atom.x1 > anchor.x0 - reach and atom.gap > 0.6
