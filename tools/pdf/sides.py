"""Text written across the page's direction: words put together to the labels they form."""

from collections.abc import Sequence

from tools.pdf.page import Word
from tools.pdf.words import Piece

_NEXT = 3
"""Characters of the file between two words of one label."""


def side_texts(words: Sequence[Piece]) -> tuple[Word, ...]:
    """Labels of turned words in the order of the file; `height` is the size of their type."""
    texts: list[Word] = []
    end = 0
    for word in words:
        last = texts[-1] if texts else None
        if last is not None and word.start - end <= _NEXT and _beside(last, word):
            texts[-1] = Word(
                f"{last.text} {word.text}",
                min(last.x0, word.x0),
                min(last.top, word.top),
                max(last.x1, word.x1),
                max(last.bottom, word.bottom),
                last.height,
            )
        else:
            texts.append(Word(word.text, word.x0, word.top, word.x1, word.bottom, word.height))
        end = word.end
    return tuple(texts)


def _beside(label: Word, word: Piece) -> bool:
    """Whether a word goes on in a label's line, or in its next line at the same height."""
    x_gap = max(word.x0 - label.x1, label.x0 - word.x1)
    y_gap = max(word.top - label.bottom, label.top - word.bottom)
    same_line = x_gap < 0 and y_gap < 0.8 * label.height
    next_line = x_gap < 0.6 * label.height and y_gap < 0
    return same_line or next_line
