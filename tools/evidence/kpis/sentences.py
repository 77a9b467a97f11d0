"""Sentences of a page, the quantities in them and the years these belong to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.evidence.units import Unit, parse_unit

PREVIOUS = re.compile(
    r"\b(?:previous|prior|preceding|last)\s+(?:fiscal\s+|financial\s+|reporting\s+)?year\b|"
    r"\bthe\s+year\s+before\b|\byear[- ]earlier\b|\bvorjahr\w*|\bPY\b",
    re.IGNORECASE,
)
OF_PREVIOUS = re.compile(
    r"\b(?:previous|prior|preceding|last)\s+(?:fiscal\s+|financial\s+|reporting\s+)?year['’]s\s+"
    r"(?:figure|value|level|total|amount)\s+(?:of|was)\s+(?:around\s+|about\s+|some\s+)?$",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    r"\b(?:reporting|current|past|this|under review|financial|fiscal)\s+(?:year|period)\b|"
    r"\byear\s+under\s+review\b|\bberichtsjahr\w*",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?<=[a-z\d)%”\"*\]])[.!?](?=\s+[A-Z“\"(\[•]|\s*$)|\n\s*\n|\s[•●▪]\s", re.MULTILINE
)
_QUANTITY = re.compile(
    r"(?<![\w.,/–^'’-])(?P<number>\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?![\d/]|[.,]\d)(?P<tail>\s{0,3}[^\d\s,;:()][^\d,;:()]{0,45}"
    r"(?:\(?CO ?2\)?[ -]?[^\d,;:()]{0,25})?"
    r"(?:\d ?[eE]?\b[^\d,.;:()]{0,30})?)?"
)
YEAR = re.compile(r"(?<![\d.,/–-])(?:FY\s?)?(?P<year>(?:19[89]|20[0-4])\d)(?![\d%]|[.,]\d|[/–-]\d)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a page's text between full stops, white space made spaces."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a sentence with the unit behind it; `end` is the end of the number."""

    start: int
    end: int
    printed: str
    unit: Unit | None
    unit_printed: str
    gap: int = 1
    """How many spaces stand before the unit."""

    @property
    def glued(self) -> bool:
        """The unit follows the number without a space."""
        return self.gap == 0

    @property
    def unit_end(self) -> int:
        return self.end + len(self.unit_printed) + self.gap


def sentences(text: str) -> Iterator[Sentence]:
    """Sentences of 25 to 700 characters that hold a number."""
    start = 0
    for end in [*(m.end() for m in _END.finditer(text)), len(text)]:
        raw = text[start:end]
        if 25 <= len(raw) <= 700 and re.search(r"\d", raw):
            yield Sentence(re.sub(r"\s", " ", raw), start)
        start = end


def quantities(text: str) -> Iterator[Quantity]:
    """Numbers of a sentence that are no years, each with the unit behind it, if any."""
    position = 0
    while (match := _QUANTITY.search(text, position)) is not None:
        position = match.end("number")
        printed = match["number"]
        if re.fullmatch(r"(?:19[89]|20[0-4])\d", printed):
            continue
        tail = match["tail"] or ""
        if re.match(r"\s?(?:%|per ?cent|percent)?(?:age)?[ -]?(?:points?|pp\b)", tail):
            continue
        unit, unit_printed = _unit_behind(tail)
        if unit is None and len(printed) < 3:
            continue
        position += len(unit_printed)
        gap = len(tail) - len(tail.lstrip()) if tail else 1
        yield Quantity(match.start("number"), match.end("number"), printed, unit, unit_printed, gap)


def _unit_behind(tail: str) -> tuple[Unit | None, str]:
    """The longest run of words behind a number that is a unit."""
    words = tail.split()
    for size in range(min(len(words), 7), 0, -1):
        piece = " ".join(words[:size]).rstrip(".")
        unit = parse_unit(piece)
        if unit is not None and not (unit.dimension == "count" and piece.casefold() in _NO_COUNT):
            return unit, piece
    return None, ""


_NO_COUNT = {"number", "no", "no.", "thousand", "'000", "1,000", "n", "a"}


def in_brackets(text: str, position: int) -> bool:
    """The position is inside round brackets."""
    opened = text.rfind("(", 0, position)
    return opened >= 0 and ")" not in text[opened:position]


def year_for(text: str, quantity: Quantity, fiscal_year: int) -> tuple[int, bool]:
    """The fiscal year of a quantity and whether the sentence states it."""
    if in_brackets(text, quantity.start):
        opened = text.rfind("(", 0, quantity.start)
        inside = text[opened : quantity.start]
        year = YEAR.search(inside)
        if year:
            return int(year["year"]), True
        if PREVIOUS.search(inside):
            return _main_year(text[:opened], text, fiscal_year) - 1, True
    after = re.split(r"[(;,]|\band\b", text[quantity.unit_end : quantity.unit_end + 70])[0]
    near = YEAR.search(after)
    if near and not re.search(r"compared|from|than|since|base", after[: near.start()]):
        return int(near["year"]), True
    if not near and _moves_from(text, quantity):
        return _main_year(text[: quantity.start], text, fiscal_year) - 1, False
    previous = PREVIOUS.search(after)
    if previous and re.match(
        r"(?:[\s\w]{0,25}\b(?:in|for|during)\s+)?(?:the\s+)?$", after[: previous.start()].lstrip()
    ):
        return fiscal_year - 1, True
    if OF_PREVIOUS.search(text[: quantity.start]):
        return fiscal_year - 1, True
    moved = re.search(
        r"\bfrom\b(?=[^.;]{0,90}\bto\s+(?:around |about |some )?$)", text[: quantity.start]
    )
    before = text[: moved.start()] if moved else text[: quantity.start]
    return _main_year(
        before, text[: quantity.start] if moved is None else before, fiscal_year
    ), _is_stated(text)


def _moves_from(text: str, quantity: Quantity) -> bool:
    """The first value of "rose from 17 % to 26 %"."""
    before = re.search(r"\bfrom\s+(?:around |about |some )?$", text[: quantity.start])
    return bool(before and re.match(r"[^.;]{0,40}\bto\s+\d", text[quantity.unit_end :]))


def _main_year(before: str, text: str, fiscal_year: int) -> int:
    """The year the sentence speaks of: named last before the value, or the only one named."""
    named = [int(m["year"]) for m in YEAR.finditer(re.sub(r"\([^)]*\)", " ", before))]
    if named:
        return named[-1]
    everywhere = {int(m["year"]) for m in YEAR.finditer(re.sub(r"\([^)]*\)", " ", text))}
    only = everywhere.pop() if len(everywhere) == 1 else fiscal_year
    compared = re.search(rf"(?:compared|than|since|base|from|by|until)\D{{0,25}}{only}", text)
    return fiscal_year if compared or only > fiscal_year else only


def _is_stated(text: str) -> bool:
    return bool(_CURRENT.search(text) or YEAR.search(re.sub(r"\([^)]*\)", " ", text)))
