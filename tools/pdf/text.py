"""The text of a page in reading order, without touching a figure."""

import re

from tools.pdf.words import HYPHENS, Piece

_LINE_END_HYPHEN = re.compile(rf"([^\W\d_]*)[{HYPHENS}]([ \t]*\n?)([^\W\d_]*)")
_NEVER_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u00ad\u200b\ufeff\uffff\ud800-\udfff]")
SECOND_HALVES = frozenset(
    {
        *("based", "bound", "free", "friendly", "intensive", "neutral", "oriented", "party"),
        *("efficient", "related", "specific", "stressed", "term", "up", "wide"),
    }
)
"""Words that follow a hyphen in compounds of the field ("market-based", "science-based")."""
_RAISED = str.maketrans(
    "0123456789abcdefghijklmnoprstuvwxyz()",
    "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁽⁾",
)


def edit(characters: str, hidden: list[Piece], words: list[Piece]) -> str:
    """Take hidden words out, and write footnote marks as superscripts.

    So "2,517" and its mark 3 stay apart in the text as they do on the page.
    """
    changes = [(word.start, word.end, "") for word in hidden]
    changes += [
        (word.start, word.end, characters[word.start : word.end].translate(_RAISED))
        for word in words
        if word.mark
    ]
    parts, last = [], 0
    for start, end, new in sorted(changes):
        parts += [characters[last:start], new]
        last = max(last, end)
    return "".join([*parts, characters[last:]])


class TextCleaner:
    """Cleans the pages of one document, learning its words on the way.

    pdfium writes one character for both hyphens of "addi-tional" and "market-based" at a line's
    end. The hyphen stays where the document has shown the hyphenated word, or both halves but
    not the whole, and wherever it is not lower-case letters that meet (a figure or a name).
    """

    def __init__(self) -> None:
        self._known = set(SECOND_HALVES)

    def clean(self, characters: str) -> str:
        """Unix line ends, broken words joined, no control characters."""
        text = characters.replace("\r\n", "\n").replace("\r", "\n")
        if any(hyphen in text for hyphen in HYPHENS):
            self._known.update(_LINE_END_HYPHEN.sub(" ", text).lower().split())
            text = _LINE_END_HYPHEN.sub(self._join, text)
        else:
            self._known.update(text.lower().split())
        return _NEVER_SHOWN.sub("", text)

    def _join(self, match: re.Match[str]) -> str:
        left, gap, right = match.groups()
        if not left or not right or not right[0].islower() or left.isupper():
            return f"{left}-{gap}{right}"
        low, end = left.lower(), right.lower()
        if low + end in self._known:
            return left + right
        halves = len(low) > 2 and low in self._known and end in self._known
        if f"{low}-{end}" in self._known or halves or end in SECOND_HALVES:
            return f"{left}-{right}"
        return left + right
