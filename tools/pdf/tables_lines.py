"""Visual rows read as lines of cells: numbers with their units, years, codes and words.

Footnote marks stay with the word they hang on, also where the reader left them on a row of
their own just above the line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.pdf.page import Row, Word
from tools.pdf.tables_tokens import TokenKind, is_unit_text, kind_of

_SPACE = 0.42
"""A gap below this share of the line's height is a space inside one phrase or number."""
_WIDE = 0.85
"""A gap above this share of the line's height starts a new cell."""
_GROUP = re.compile(r"^\d{3}(?:[.,]\d+)?%?$")
_LEAD = re.compile(r"^[-–−+(<>~]?\d{1,3}$")
_SUBSCRIPT = re.compile(r"^[2346](?:-?eq?\.?)?\)?$")
_FORMULA = re.compile(r"(?:(?:CO|N)2|CH4|SF6|NF3|(?:^|[^a-zA-Z])k?m[23])$")
_FORMULA_TAIL = re.compile(r"^(?:-?e(?:q\.?)?|-?equivalents?|O)?[)\],.;:]*(?:/.*)?$")
_PLAIN_TEXT = re.compile(r"[^\W\d_]{3}|\d[.,]\d{3}|\d{3}")
_MULTIPLIER = re.compile(r"^1[.,’' ]?000(?:[.,’' ]000)?$")
_COUNTED = re.compile(
    r"^(?:t|tons?|tonnes?|metric|m[³3]|[kMGT]Wh|[GT]J|lit|cubic|USD|EUR|KRW|hours)", re.I
)
_MARK = re.compile(r"^[\[(]?(?:\d{1,2}|[a-zA-Z]|[*†‡§#]+)[\])]?,?(?:\d{1,2}[\])]?)?$")
_BEFORE_NUMBERS = {
    "+",
    "-",
    "–",
    "−",
    "<",
    ">",
    "~",
    "≈",
    "€",
    "$",
    "£",
    "¥",
    "₩",
    "₹",
    "EUR",
    "USD",
    "CHF",
    "GBP",
    "US$",
    "C$",
    "A$",
    "R$",
}


@dataclass(frozen=True, slots=True)
class Atom:
    """A word, or words that are read as one value ("1 234", "146 kt CO2e", "20.3 %")."""

    text: str
    x0: float
    x1: float
    kind: TokenKind
    gap: float
    """Distance to the atom on its left in shares of the line's height; large for the first."""
    marks: tuple[str, ...] = ()
    value_x1: float = 0.0
    """Right edge of the number itself, without its unit."""
    middle: float = 0.0
    """Height of the word's own middle, which on a row of uneven words is not the line's."""

    @property
    def is_value(self) -> bool:
        return self.kind in ("number", "blank")


@dataclass(frozen=True, slots=True)
class Line:
    """One visual line. `index` is its position in the page's rows."""

    index: int
    top: float
    bottom: float
    height: float
    atoms: tuple[Atom, ...]

    @property
    def x0(self) -> float:
        return self.atoms[0].x0

    @property
    def x1(self) -> float:
        return max(atom.x1 for atom in self.atoms)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """The page's lines, top to bottom, without those that hold nothing but marks."""
    lines = []
    for index, words, marks in _with_marks(rows):
        height = _usual_height(words)
        lines.append(
            Line(
                index,
                min(w.top for w in words),
                max(w.bottom for w in words),
                height,
                tuple(_atoms(words, marks, height)),
            )
        )
    return lines


def _with_marks(rows: Sequence[Row]) -> list[tuple[int, list[Word], list[Word]]]:
    """Index, words and marks of each row; a row of small words alone lends its marks."""
    found: list[tuple[int, list[Word], list[Word]]] = []
    waiting: list[Word] = []
    for index, row in enumerate(rows):
        words, marks = _split(row)
        if not words:
            waiting += marks
            continue
        if _is_mark_row(words, rows[index + 1 : index + 2]):
            waiting += words
            continue
        if found and _is_mark_row(words, rows[max(0, index - 1) : index]):
            found[-1][2].extend(words)
            continue
        found.append((index, words, marks + [m for m in waiting if _hangs_on(m, words)]))
        waiting = []
    return found


def _usual_height(words: Sequence[Word]) -> float:
    """The height most characters of a row have; one large word does not change it."""
    if all(w.height == words[0].height for w in words):
        return words[0].height
    heights = sorted((w.height, len(w.text)) for w in words)
    half = sum(count for _, count in heights) / 2
    for height, count in heights:
        half -= count
        if half <= 0:
            return height
    return heights[-1][0]


def _split(row: Row) -> tuple[list[Word], list[Word]]:
    """Words and footnote marks; small print that stands by itself is words, not marks."""
    words: list[Word] = []
    marks: list[Word] = []
    tall = [w for w in row.words if not w.mark]
    middle = sum(w.top + w.bottom for w in tall) / (2 * len(tall)) if tall else 0.0
    usual = _usual_height(row.words)
    last = -1e9
    for word in row.words:
        if not word.mark or not tall or word.height > 0.82 * usual:
            words.append(word)
        else:
            level = abs((word.top + word.bottom) / 2 - middle) < 0.2 * word.height
            apart = word.x0 - last > 0.8 * word.height
            goes_on = (
                bool(words)
                and words[-1].mark
                and 0.9 < word.height / words[-1].height < 1.1
                and word.x0 - words[-1].x1 < 0.6 * word.height
            )
            small_print = bool(_PLAIN_TEXT.search(word.text)) or (level and (apart or goes_on))
            (words if small_print else marks).append(word)
        last = word.x1
    return [w for w in words if w.text.strip()], marks


def _is_mark_row(words: list[Word], neighbours: Sequence[Row]) -> bool:
    """Small short words whose row overlaps a taller row next to it are that row's marks."""
    if len(words) > 4 or not all(_MARK.match(w.text) for w in words):
        return False
    height = max(w.height for w in words)
    middle = sum((w.top + w.bottom) / 2 for w in words) / len(words)
    for other in neighbours:
        tall = max((w.height for w in other.words), default=0.0)
        near = all(
            any(-1 < mark.x0 - word.x1 + 0.5 * tall < 1.5 * tall for word in other.words)
            for mark in words
        )
        if near and height < 0.75 * tall and other.top - 0.5 * tall < middle < other.bottom:
            return True
    return False


def _hangs_on(mark: Word, words: list[Word]) -> bool:
    height = max(w.height for w in words)
    top = min(w.top for w in words)
    return abs((mark.top + mark.bottom) / 2 - top) < height


def _atoms(words: list[Word], marks: list[Word], height: float) -> list[Atom]:
    words, marks = _with_formulas(sorted(words, key=lambda w: w.x0), marks, height)
    hung: dict[int, list[str]] = {}
    for mark in marks:
        owner = _owner(mark, words, height)
        if owner is not None:
            hung.setdefault(owner, []).append(mark.text)
    atoms: list[Atom] = []
    last: float | None = None
    for position, word in enumerate(words):
        gap = 9.0 if last is None else (word.x0 - last) / min(word.height, 1.2 * height)
        last = max(word.x1, last or word.x1)
        own = tuple(hung.get(position, ()))
        middle = (word.top + word.bottom) / 2
        atom = Atom(word.text, word.x0, word.x1, kind_of(word.text), gap, own, word.x1, middle)
        merged = _joined(atoms[-1], atom) if atoms else None
        if merged is not None:
            atoms[-1] = merged
        else:
            atoms.append(atom)
    return _with_units(atoms)


def _with_formulas(
    words: list[Word], marks: list[Word], height: float
) -> tuple[list[Word], list[Word]]:
    """Put the 2 of CO2 and the 3 of m3 back into their words; what is left are footnote marks."""
    left: list[Word] = []
    words = list(words)
    for mark in marks:
        owner = _owner(mark, words, height) if _SUBSCRIPT.match(mark.text) else None
        if owner is None or not _FORMULA.search(words[owner].text + mark.text[0]):
            left.append(mark)
            continue
        text, x1 = words[owner].text + mark.text, max(words[owner].x1, mark.x1)
        following = words[owner + 1] if owner + 1 < len(words) else None
        if (
            following is not None
            and following.x0 - x1 < 0.2 * height
            and _FORMULA_TAIL.match(following.text)
        ):
            text, x1 = text + following.text, following.x1
            del words[owner + 1]
        words[owner] = replace(words[owner], text=text, x1=x1)
    return words, left


def _owner(mark: Word, words: list[Word], height: float) -> int | None:
    """The word a mark hangs on: the nearest one that ends at its left."""
    best, distance = None, 1.2 * height
    for position, word in enumerate(words):
        if word.x0 < mark.x0 + 0.1 * height:
            away = abs(mark.x0 - word.x1)
            if away < distance:
                best, distance = position, away
    return best


def _joined(left: Atom, right: Atom) -> Atom | None:
    """Digit groups set apart by thin spaces, a sign, currency or per cent apart from its number."""
    if right.gap > _SPACE:
        return None
    if left.kind == "number" and right.kind == "number" and not left.marks:
        digits = left.text.replace(" ", "").lstrip("-–−+(<>~")
        grouped = " " in left.text and digits.isdigit()
        if _GROUP.match(right.text) and (_LEAD.match(left.text) or grouped):
            return _extended(left, right, " ")
    elif left.kind == "number" and right.text in ("%", "%)", ")", "pp", "%-pts", "p.p."):
        return _extended(left, right, " " if right.text[0] in "%p" else "")
    elif right.kind == "number" and left.gap > _WIDE and left.text in _BEFORE_NUMBERS:
        return replace(_extended(left, right, ""), kind="number")
    return None


def _extended(left: Atom, right: Atom, between: str) -> Atom:
    return replace(
        left,
        text=f"{left.text}{between}{right.text}",
        x1=right.x1,
        value_x1=right.x1,
        marks=left.marks + right.marks,
    )


def _with_units(atoms: list[Atom]) -> list[Atom]:
    """Give a number that starts a cell the unit words that follow it in the same cell."""
    result: list[Atom] = []
    position = 0
    while position < len(atoms):
        atom = atoms[position]
        position += 1
        if atom.kind == "number" and atom.gap > _WIDE:
            end = position
            while (
                end < len(atoms) and atoms[end].gap < 0.6 and atoms[end].kind in ("text", "number")
            ):
                end += 1
            tail = [a.text for a in atoms[position:end]]
            if tail and _MULTIPLIER.match(atom.text) and _COUNTED.match(tail[0]):
                atom = replace(atom, kind="text")
            elif tail and (is_unit_text(tail) or (len(tail) == 1 and tail[0][0] in "([")):
                marks = atom.marks + tuple(
                    m for a in atoms[position:end] for m in a.marks if m not in "₂₃23"
                )
                atom = replace(
                    atom,
                    text=" ".join([atom.text, *tail]),
                    x1=atoms[end - 1].x1,
                    marks=marks,
                )
                position = end
        result.append(atom)
    return result


def is_free(line: Line, position: int) -> bool:
    """A cell of its own: not a number inside a phrase."""
    atom = line.atoms[position]
    if atom.gap < _WIDE and position and line.atoms[position - 1].kind in ("text", "code"):
        return False
    if position + 1 < len(line.atoms):
        following = line.atoms[position + 1]
        if following.gap < 0.6 and following.kind == "text":
            return False
    return True
