"""What a word on a table page can be: a number, an empty cell, a year, a code, or plain text."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml

TokenKind = Literal["number", "blank", "year", "change", "code", "text"]

_NUMBER = re.compile(
    r"""^[<>≤≥~≈±]?[(\[]?[-–−‒+±]?(?:[€$£¥₩₹]|US\$|CHF|EUR|USD|GBP)?[-–−+]?
        (?:\d{1,3}(?:[.,’'`´\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)
        %?[)\]]?%?[*†‡§^#°¹²³⁴⁵⁶⁷⁸⁹]*$""",
    re.VERBOSE,
)
_BLANK = re.compile(
    r"^(?:[-–—−‒]{1,3}|n\.?/?a\.?|n\.?\s?d\.?|n\.?r\.?|k\.\s?a\.?|nil|none|tbd|nm|n/m|n\.m\.|…|\.{2,3})"
    r"[*†‡¹²³⁴⁵⁶⁷⁸⁹]*$",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"""^(?:FY|CY|GJ|F|SY|MY)?[’'`]?(?P<first>(?:19[89]|20[0-6])\d)
        (?:\s?[/–-](?P<second>(?:\d\d)?\d\d))?(?P<tail>[AEFPaefpRr]|\([a-zA-Z\d]\))?[*†‡¹²³⁴⁵⁶⁷⁸⁹:)]*$""",
    re.VERBOSE,
)
_SHORT_YEAR = re.compile(
    r"^(?:FY|CY|GJ)\s?[’'`]?(?P<first>\d\d)(?:[/–-](?P<second>\d\d))?[EAPe]?[*†‡¹²³⁴⁵⁶⁷⁸⁹:)]*$"
)
_DATE = re.compile(
    r"^(?:\d{1,2}[./-]\d{1,2}[./-](?P<last>(?:19[89]|20[0-6])\d)|"
    r"(?P<iso>(?:19[89]|20[0-6])\d)-\d\d-\d\d)[*†‡:)]*$"
)
_CODE = re.compile(
    r"^(?:(?:GRI|ESRS|SASB|TCFD|UNGC|SDG|IFRS|AR)[-\s]?)?\(?(?:\d{3}-\d{1,2}(?:-?[a-z])?|"
    r"[A-Z]{1,4}-?[A-Z]{2,3}-\d{3}[a-z]\.\d|[ESG]\d-\d{1,2}|[A-Z]{2,4}\d{2}-[A-Z]\w*|2-\d{1,2})\)?[,;]?$"
)


def _words() -> tuple[frozenset[str], frozenset[str]]:
    text = files("tools.pdf").joinpath("table_words.yaml").read_text(encoding="utf-8")
    # The C loader: every reader process starts with this.
    words = yaml.load(text, yaml.CSafeLoader)
    return frozenset(words["unit_words"]), frozenset(words["header_words"])


UNIT_WORDS, HEADER_WORDS = _words()


@lru_cache(maxsize=20_000)
def kind_of(word: str) -> TokenKind:
    """What a single word is; `change` is a pair of years counted backwards ("2023/2022")."""
    if year_of(word) is not None:
        return "year"
    kinds: tuple[tuple[TokenKind, bool], ...] = (
        ("change", is_year_change(word)),
        ("code", bool(_CODE.match(word))),
        ("number", bool(_NUMBER.match(word))),
        ("blank", bool(_BLANK.match(word))),
    )
    return next((kind for kind, holds in kinds if holds), "text")


@lru_cache(maxsize=20_000)
def year_of(word: str) -> int | None:
    """The fiscal year a word names; "2022/23" is 2023, "FY22" is 2022, else None."""
    date = _DATE.match(word)
    if date:
        return int(date["last"] or date["iso"])
    match = _YEAR.match(word) or _SHORT_YEAR.match(word)
    if match is None:
        return None
    first = int(match["first"])
    first += 2000 if first < 100 else 0
    if match["second"] is None:
        return first
    second = int(match["second"])
    last = second if second > 99 else first - first % 100 + second
    return last if last == first + 1 else None


def is_year_change(word: str) -> bool:
    """True for "2023/2022" or "23/22": a comparison of years, not a fiscal year."""
    match = _YEAR.match(word)
    return bool(match and match["second"] and year_of(word) is None)


def is_unit_text(words: list[str]) -> bool:
    """True when every word of a cell belongs to a unit of measure."""
    cleaned = [part for word in words for part in _unit_parts(word)]
    return bool(cleaned) and len(cleaned) <= 12 and all(part in UNIT_WORDS for part in cleaned)


@lru_cache(maxsize=20_000)
def _unit_parts(word: str) -> tuple[str, ...]:
    parts = re.split(r"[/·×*]|(?<=\d)(?=t\b|m³|m3)", word.casefold().strip("()[]:;"))
    return tuple(part.strip("()[],;:") for part in parts if part.strip("()[],;:"))
