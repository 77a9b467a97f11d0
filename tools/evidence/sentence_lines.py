"""Lines of a page's text with the geometry of the visual rows they stand on."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.pdf.page import PageRecord, Word

_BULLET = re.compile(r"^(?:[•▪■●◆♦‧·∙◦→>»*]|[–—-](?=\s))\s*")
_NUMBER_TOKEN = re.compile(r"^[(+–-]?[€$£]?\d[\d.,]*\)?\s?[%€]?\)?$|^[–-]$|^n/?a$", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^[\d,*()]{1,4}$")
_FORMULA = re.compile(r"(?:^|[^A-Za-z])(?:CO|km|m|cm|ft|H|N|CH|NO|SO|SF|NF|PM|O)$")
_RIGHT_EDGE = 0.88
"""A line that reaches this share of its column's width is full: its sentence may go on."""

_Place = tuple[Sequence[Word], int]


@dataclass(slots=True)
class Line:
    """One line of the page's text; geometry is 0 where the line was not found on a row."""

    text: str
    start: int
    end: int
    bullet: bool = False
    tabular: bool = False
    """Mostly numbers: a table line, an axis, a page number."""
    height: float = 0.0
    x0: float = 0.0
    x1: float = 0.0
    top: float = 0.0
    glued: tuple[tuple[str, str], ...] = ()
    """Words with a footnote mark stuck on, and the same without it."""


def page_lines(page: PageRecord) -> list[Line]:
    """Non-empty lines in reading order."""
    places = _first_words(page)
    lines = [line for line in _split(page.text) if line.text]
    for line in lines:
        _locate(line, places)
    return lines


def _split(text: str) -> Iterator[Line]:
    offset = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        start = offset + len(raw) - len(raw.lstrip())
        end = start + len(stripped)
        offset += len(raw) + 1
        bullet = _BULLET.match(stripped)
        if bullet:
            start += bullet.end()
            stripped = stripped[bullet.end() :]
        yield Line(stripped, start, end, bullet=bool(bullet), tabular=_tabular(stripped))


def _tabular(text: str) -> bool:
    tokens = text.split()
    if not tokens:
        return False
    numbers = sum(bool(_NUMBER_TOKEN.match(token)) for token in tokens)
    return (numbers >= 2 and numbers >= 0.34 * len(tokens)) or numbers == len(tokens)


def _first_words(page: PageRecord) -> Mapping[str, list[_Place]]:
    places: dict[str, list[_Place]] = defaultdict(list)
    for row in page.rows:
        words = row.words
        for index, word in enumerate(words):
            places[word.text].append((words, index))
    return places


def _locate(line: Line, places: Mapping[str, list[_Place]]) -> None:
    """Find the row words of the line; rows may hold several columns side by side."""
    tokens = line.text.split()
    best: tuple[int, Sequence[Word], int, int, tuple[tuple[str, str], ...]] | None = None
    for words, index in places.get(tokens[0], ())[:40]:
        matched, last, glued = _follow(tokens, words, index)
        if best is None or matched > best[0]:
            best = (matched, words, index, last, glued)
        if matched == len(tokens):
            break
    if best is None or best[0] < min(2, len(tokens)):
        return
    _, words, index, last, glued = best
    line.height, line.x0, line.top = words[index].height, words[index].x0, words[index].top
    line.x1, line.glued = words[last].x1, glued


def _follow(
    tokens: Sequence[str], words: Sequence[Word], index: int
) -> tuple[int, int, tuple[tuple[str, str], ...]]:
    """How many tokens the row has from `index` on, the last word's index, glued marks."""
    matched, last, at = 0, index, index
    glued: list[tuple[str, str]] = []
    for token in tokens:
        if at >= len(words):
            break
        run = words[at].text
        end = at
        while len(run) < len(token) and end + 1 < len(words) and token.startswith(run):
            end += 1
            run += words[end].text
        if run != token:
            break
        if end > at:
            plain = _without_marks(words[at : end + 1])
            if plain != token:
                glued.append((token, plain))
        matched, last, at = matched + 1, end, end + 1
        while at < len(words) and words[at].mark and words[at].x0 - words[at - 1].x1 < 1:
            at += 1
    return matched, last, tuple(glued)


def _without_marks(words: Sequence[Word]) -> str:
    """The word that several boxes spell, its footnote digits left out (not those of CO2)."""
    kept = ""
    for word in words:
        footnote = word.mark and _FOOTNOTE.match(word.text)
        if not footnote or _FORMULA.search(kept):
            kept += word.text
    return kept


def fills_column(lines: Sequence[Line], index: int) -> bool:
    """Whether the line reaches as far right as its neighbours of the same column."""
    line = lines[index]
    near = [
        other
        for other in lines[max(0, index - 8) : index + 9]
        if abs(other.x0 - line.x0) < 24 and abs(other.height - line.height) < 1.2
    ]
    if line.x1:
        edge = max(other.x1 for other in near)
        return line.x1 - line.x0 >= _RIGHT_EDGE * (edge - line.x0)
    return len(line.text) >= _RIGHT_EDGE * max(len(other.text) for other in near)
