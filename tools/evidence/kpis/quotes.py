"""Where a value stands on its page: the shortest verbatim stretch with label and value."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.domain.evidence import Evidence
from tools.pdf.page import PageRecord, Row

_DROPPED = dict.fromkeys(map(ord, "\u00ad\u0002\ufffe\u200b\u200c\u200d\ufeff"))
_PLAIN = str.maketrans("’‘`´“”„«»–—−‐‑‒₂₃", '\'\'\'\'"""""------23')


@dataclass
class PageText:
    """A page's text without white space, case and typographic variants, mapped to offsets."""

    page: PageRecord

    @cached_property
    def _mapped(self) -> tuple[str, list[int]]:
        characters: list[str] = []
        offsets: list[int] = []
        for offset, character in enumerate(self.page.text):
            if character.isspace() or ord(character) in _DROPPED:
                continue
            for plain in character.lower() if character < "\x7f" else squeeze(character):
                characters.append(plain)
                offsets.append(offset)
        return "".join(characters), offsets

    @property
    def squeezed(self) -> str:
        return self._mapped[0]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the page's text of a stretch of the squeezed text."""
        offsets = self._mapped[1]
        return offsets[start], offsets[end - 1] + 1

    def row_in_order(self, label: str, cells: Sequence[str], upto: int) -> tuple[int, int] | None:
        """The label followed by its cells one after the other; ends with the cell `upto`."""
        name = squeeze(label)
        if len(name) < 3:
            return None
        best: tuple[int, int] | None = None
        for key in (name, name[-24:]):
            for hit in re.finditer(re.escape(key), self.squeezed):
                end = self._after_cells(hit.end(), cells, upto)
                if end is not None and (best is None or end - hit.start() < best[1] - best[0]):
                    best = (hit.start(), end)
            if best is not None:
                return best
        return None

    def _after_cells(self, position: int, cells: Sequence[str], upto: int) -> int | None:
        reach = 48
        for number, cell in enumerate(cells[: upto + 1]):
            value = squeeze(cell)
            if not value:
                continue
            pattern = rf"(?<![\d.,]){re.escape(value)}(?![\d]|[.,]\d)"
            hit = re.compile(pattern).search(self.squeezed, position, position + reach + len(value))
            if hit is None:
                return None
            position = hit.end()
            reach = 24
            if number == upto:
                return position
        return None

    def stretch(self, words: str) -> tuple[int, int] | None:
        """Where the words stand as one stretch."""
        needle = squeeze(words)
        start = self.squeezed.find(needle) if needle else -1
        return (start, start + len(needle)) if start >= 0 else None

    def find(self, value: str) -> tuple[int, int] | None:
        """The first place a printed value stands at, not inside a longer number."""
        number = squeeze(value)
        hit = re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d]|[.,]\d)", self.squeezed)
        return (hit.start(), hit.end()) if hit and number else None

    def nearest(self, label: str, value: str, reach: int = 220) -> tuple[int, int] | None:
        """The shortest stretch that holds the label and the value after it."""
        name, number = squeeze(label)[-40:], squeeze(value)
        if len(name) < 3 or not number:
            return None
        best: tuple[int, int] | None = None
        for hit in re.finditer(rf"(?<![\d.,]){re.escape(number)}(?![\d]|[.,]\d)", self.squeezed):
            start = self.squeezed.rfind(name, max(0, hit.start() - reach), hit.start())
            if start >= 0 and (best is None or hit.end() - start < best[1] - best[0]):
                best = (start, hit.end())
        return best


def squeeze(text: str) -> str:
    """Text without white space, case, footnote-free typographic variants."""
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold().translate(_PLAIN)
    return re.sub(r"\s+", "", plain.translate(_DROPPED))


def evidence_at(text: PageText, report: str, span: tuple[int, int]) -> Evidence:
    """Evidence for a stretch of the squeezed text."""
    start, end = text.span(*span)
    page = text.page
    return Evidence(
        report=report,
        page=page.number,
        quote=page.text[start:end],
        start=start,
        end=end,
        label=page.label or None,
    )


def evidence_in_row(page: PageRecord, report: str, row: Row, value: str) -> Evidence:
    """Evidence for a value that stands beside its label on a visual row only."""
    words = [word.text for word in row.words if not word.mark]
    text = " ".join(words)
    end = text.find(value)
    if end < 0:
        squeezed_end = squeeze(text).find(squeeze(value))
        quote = text if squeezed_end >= 0 else " ".join(word.text for word in row.words)
    else:
        quote = text[: end + len(value)]
    return Evidence(report=report, page=page.number, quote=quote, label=page.label or None)
