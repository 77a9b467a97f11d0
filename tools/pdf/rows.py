"""Visual rows: the words that stand on one line across the page, with their marks."""

from dataclasses import dataclass

from tools.pdf.page import Row, Word
from tools.pdf.words import SMALL, Piece, is_mark, is_small

_LOOK_BACK = 6
"""Lines above that may still take a word; more matter only on pages of overlapping text."""


@dataclass(slots=True)
class _Line:
    """A row in the making; its tallest word gives height and place."""

    words: list[Piece]
    height: float
    centre: float
    baseline: float


def visual_rows(words: list[Piece]) -> tuple[Row, ...]:
    """Group words into rows from top to bottom; sets `mark` on words that turn out to be one."""
    return tuple(
        Row(tuple([Word(w.text, w.x0, w.top, w.x1, w.bottom, w.height, w.mark) for w in line]))
        for line in visual_lines(words)
    )


def visual_lines(words: list[Piece]) -> list[list[Piece]]:
    """The words of each row from left to right; the same work before it becomes a record."""
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
    return [sorted(line.words, key=lambda w: w.x0) for line in lines if line.words]


def _lines(words: list[Piece]) -> list[_Line]:
    """Words of one size share a line by their middle, words of two sizes by their baseline."""
    free = [(w.top + w.bottom, n, w) for n, w in enumerate(words) if w.host < 0]
    lines: list[_Line] = []
    for twice, _, word in sorted(free):
        height, centre, baseline = word.height, twice / 2, word.baseline
        for line in reversed(lines[-_LOOK_BACK:]):
            own = line.height
            small, large = (height, own) if height < own else (own, height)
            if small > 0.7 * large:
                fits = abs(centre - line.centre) < 0.45 * small
            else:
                fits = abs(baseline - line.baseline) < 0.3 * small
            if fits:
                line.words.append(word)
                if height > 1.15 * own:
                    line.height, line.centre, line.baseline = height, centre, baseline
                break
        else:
            lines.append(_Line([word], height, centre, baseline))
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
