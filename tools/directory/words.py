"""Words as the directory compares them: no case, accents or plural s; slips forgiven."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

_WORD = re.compile(r"[A-Za-z0-9]+")
_SINGLE_SLIP, _DOUBLE_SLIP = 6, 10
"""Lengths from which one and two wrong letters are forgiven."""


def plain(text: str) -> str:
    """The text without accents, with "&" as a word and without apostrophes."""
    text = text.replace("ß", "ss").replace("&", " and ").replace("’", "'")
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = re.sub(r"\b([A-Za-z])\.(?=[A-Za-z]\b)", r"\1", text)
    return re.sub(r"(?<=[A-Za-z])'(?=[A-Za-z])", "", text)


def split(text: str) -> list[str]:
    """The words of a text in plain letters, case kept."""
    return _WORD.findall(plain(text))


def singular(word: str) -> str:
    """A word in small letters without a plural s; the same on both sides of a comparison."""
    word = word.casefold()
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def key(term: str) -> tuple[str, ...]:
    """A term as it is looked up."""
    return tuple(singular(word) for word in split(term))


def nearest(word: str, vocabulary: Iterable[str]) -> str | None:
    """The known word that `word` is a misspelling of: the same first letter, one letter wrong
    in words from six letters on, two from ten on. None where there is none."""
    slips = 2 if len(word) >= _DOUBLE_SLIP else 1
    close = [
        known
        for known in vocabulary
        if known[0] == word[0]
        and abs(len(known) - len(word)) <= slips
        and max(len(known), len(word)) >= _SINGLE_SLIP
    ]
    found = extractOne(word, close, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else None
