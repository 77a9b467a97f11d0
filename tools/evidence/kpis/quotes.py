"""Where a value stands on its page: the shortest verbatim stretch with label and value."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.domain.evidence import Evidence
from tools.pdf.page import PageRecord, Row

_DROPPED = dict.fromkeys(map(ord, "\u00ad\u0002\ufffe\u200b\u200c\u200d\ufeff"))
_PLAIN = str.maketrans("’‘`´“”„«»–—−‐‑‒₂₃", '\'\'\'\'"""""------23')
_LABEL_REACH = 48
_CELL_REACH = 24
Span = tuple[int, int]


@dataclass
class PageText:
    """A page's text without white space, case and typographic variants, mapped to offsets."""

    page: PageRecord

    @cached_property
    def _mapped(self) -> tuple[str, list[int], list[bool]]:
        characters: list[str] = []
        offsets: list[int] = []
        spaced: list[bool] = []
        space = True
        for offset, character in enumerate(self.page.text):
            if character.isspace():
                space = True
                continue
            if ord(character) in _DROPPED:
                continue
            for plain in character.lower() if character < "\x7f" else squeeze(character):
                characters.append(plain)
                offsets.append(offset)
                spaced.append(space)
                space = False
        return "".join(characters), offsets, spaced

    @property
    def squeezed(self) -> str:
        return self._mapped[0]

    def span(self, start: int, end: int) -> Span:
        """Offsets in the page's text of a stretch of the squeezed text."""
        offsets = self._mapped[1]
        return offsets[start], offsets[end - 1] + 1

    def numbers_at(self, value: str, start: int, end: int) -> Iterator[Span]:
        """Where a printed value stands between two places, not as part of a longer number."""
        text, _, spaced = self._mapped
        number = squeeze(value)
        position = text.find(number, start, end) if number else -1
        while position >= 0:
            after = position + len(number)
            before_free = (
                position == 0 or spaced[position] or text[position - 1] not in "0123456789.,"
            )
            after_free = (
                after >= len(text)
                or spaced[after]
                or not (text[after].isdigit() or re.match(r"[.,]\d", text[after : after + 2]))
            )
            if before_free and after_free:
                yield position, after
            position = text.find(number, position + 1, end)

    def row_in_order(self, label: str, cells: Sequence[str], upto: int) -> Span | None:
        """The label followed by its cells one after the other; ends with the cell `upto`."""
        name = squeeze(label)
        if len(name) < 3:
            return None
        for key in (name, name[-24:]):
            found = [
                (hit.start(), end)
                for hit in re.finditer(re.escape(key), self.squeezed)
                if (end := self._after_cells(hit.end(), cells, upto)) is not None
            ]
            if found:
                return min(found, key=lambda span: span[1] - span[0])
        return None

    def _after_cells(self, position: int, cells: Sequence[str], upto: int) -> int | None:
        reach = _LABEL_REACH
        end: int | None = None
        for cell in cells[: upto + 1]:
            value = squeeze(cell)
            if not value:
                continue
            hit = next(self.numbers_at(cell, position, position + reach + len(value)), None)
            if hit is None:
                return None
            position = end = hit[1]
            reach = _CELL_REACH
        return end

    def sequence(self, parts: Sequence[str]) -> Span | None:
        """Where the parts follow each other with no more than a footnote mark between."""
        between = r"\D{0,14}(?:\d{1,2}\)?,?)?\D{0,4}"
        hit = re.search(between.join(re.escape(squeeze(p)) for p in parts), self.squeezed)
        return (hit.start(), hit.end()) if hit else None

    def stretch(self, words: str) -> Span | None:
        """Where the words stand as one stretch."""
        needle = squeeze(words)
        start = self.squeezed.find(needle) if needle else -1
        return (start, start + len(needle)) if start >= 0 else None

    def with_unit(self, span: Span, unit: str) -> Span:
        """The stretch with the unit or per cent sign that stands right behind its end."""
        start, end = span
        for behind in (squeeze(unit), "%"):
            if behind and self.squeezed.startswith(behind, end):
                return start, end + len(behind)
        return span

    def find(self, value: str) -> Span | None:
        """The first place a printed value stands at, not inside a longer number."""
        return next(self.numbers_at(value, 0, len(self.squeezed)), None)

    def nearest(self, label: str, value: str, reach: int = 220) -> Span | None:
        """The shortest stretch that holds the label and the value after it."""
        whole = squeeze(label)
        for name in dict.fromkeys((whole, whole[-40:], whole[:26])):
            found = [
                (start, end)
                for at, end in self.numbers_at(value, 0, len(self.squeezed))
                if (start := self.squeezed.rfind(name, max(0, at - reach), at)) >= 0
            ]
            if len(name) > 2 and found:
                return min(found, key=lambda span: span[1] - span[0])
        return None


def squeeze(text: str) -> str:
    """Text without white space, case and typographic variants."""
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold().translate(_PLAIN)
    return re.sub(r"\s+", "", plain.translate(_DROPPED))


def evidence_at(text: PageText, report: str, span: Span) -> Evidence:
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
    text = row.text
    end = text.find(value)
    if end >= 0:
        text = text[: end + len(value)]
    elif squeeze(value) not in squeeze(text):
        text = " ".join(word.text for word in row.words)
    return Evidence(report=report, page=page.number, quote=text, label=page.label or None)
