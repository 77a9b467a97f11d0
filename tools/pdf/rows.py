"""Visual rows: the words that stand on one line across the page, with their marks."""

from collections.abc import Iterable

from tools.pdf.page import Row, Word
from tools.pdf.words import SMALL, Piece, is_mark, is_small

_LOOK_BACK = 6
"""Lines above that may still take a word; more matter only on pages of overlapping text."""


class _Line:
    """A row in the making; the tallest word gives its height and place."""

    __slots__ = ("baseline", "centre", "height", "words")

    def __init__(self, word: Piece) -> None:
        self.words = [word]
        self._measure(word)

    def _measure(self, word: Piece) -> None:
        self.height = word.height
        self.centre = (word.top + word.bottom) / 2
        self.baseline = word.baseline

    def takes(self, word: Piece) -> bool:
        """Words of one size by their middle, words of two sizes by the line they stand on."""
        height, own = word.height, self.height
        smaller = min(height, own)
        if smaller > 0.7 * max(height, own):
            return abs((word.top + word.bottom) / 2 - self.centre) < 0.45 * smaller
        return abs(word.baseline - self.baseline) < 0.3 * smaller

    def add(self, word: Piece) -> None:
        self.words.append(word)
        if word.height > 1.15 * self.height:
            self._measure(word)


def visual_rows(words: list[Piece]) -> tuple[Row, ...]:
    """Group words into rows from top to bottom; sets `mark` on words that turn out to be one."""
    lines = _lines(words)
    place = {id(word): line for line in lines for word in line.words}
    for word in words:
        if word.host >= 0:
            host = words[word.host]
            # The host may itself hang on a third word that is in a line already.
            line = place.get(id(host)) or place[id(words[host.host])]
            line.words.append(word)
            place[id(word)] = line
    _settle_marks(lines)
    return tuple(_row(line.words) for line in lines if line.words)


def _lines(words: Iterable[Piece]) -> list[_Line]:
    lines: list[_Line] = []
    free = [word for word in words if word.host < 0]
    for word in sorted(free, key=lambda w: w.top + w.bottom):
        for line in reversed(lines[-_LOOK_BACK:]):
            if line.takes(word):
                line.add(word)
                break
        else:
            lines.append(_Line(word))
    lines.sort(key=lambda line: line.centre)
    return lines


def _settle_marks(lines: list[_Line]) -> None:
    """Move marks that stand high enough to form a row of their own to the word they hang on."""
    lowest = [min(word.height for word in line.words) for line in lines]
    for position, line in enumerate(lines):
        near = [
            other
            for other in lines[max(0, position - 3) : position + 4]
            if other.height * SMALL > lowest[position]
        ]
        if not near:
            continue
        loose = [word for word in line.words if not word.mark and is_mark(word.text)]
        for word in sorted(loose, key=lambda w: w.x0):
            for other in near:
                if any(_hangs_on(word, host) for host in other.words):
                    word.mark = True
                    if other is not line:
                        line.words.remove(word)
                        other.words.append(word)
                    break


def _hangs_on(word: Piece, host: Piece) -> bool:
    """Whether a small word stands directly beside a larger one, or beside its other mark."""
    if host is word or word.bottom < host.top or word.top > host.bottom:
        return False
    if not is_small(word, host) and not host.mark:
        return False
    after = -0.25 * host.height <= word.x0 - host.x1 <= 0.35 * host.height
    before = -0.25 * host.height <= host.x0 - word.x1 <= 0.35 * host.height
    return after or (before and host.text[:1].isalpha())


def _row(words: list[Piece]) -> Row:
    words.sort(key=lambda w: w.x0)
    return Row(tuple(Word(w.text, w.x0, w.top, w.x1, w.bottom, w.height, w.mark) for w in words))
