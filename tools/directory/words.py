"""Words as the directory compares them: no case, accents or plural s; slips forgiven."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from tools.search.letters import LETTERS

_WORD = re.compile(r"[A-Za-z0-9]+")
_GERMAN_PLURAL = 10
"""Letters from which -en is taken for the ending of a plural."""
_SLIP, _WRONG_LETTER = 6, 9
"""Letters of a word from which a missing one and a wrong one are forgiven."""


def plain(text: str) -> str:
    """The text without accents, with "&" as a word and without apostrophes."""
    text = text.translate(LETTERS).replace("&", " and ").replace("’", "'")
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


def german_singular(word: str) -> str:
    """A long German word without the ending of its plural ("Brauereien", "Versicherungen");
    shorter words are left alone, as "golden" is no plural of gold."""
    return word.removesuffix("en") if len(word) >= _GERMAN_PLURAL else word


def key(term: str) -> tuple[str, ...]:
    """A term as it is looked up."""
    return tuple(singular(word) for word in split(term))


def nearest(word: str, vocabulary: Iterable[str]) -> str | None:
    """The known word that `word` is a misspelling of; None where there is none.

    First and last letter must stand, as other endings make other words ("manage", "manager").
    One letter may be missing, too many or out of turn in words from six letters on, and wrong
    from nine on, as in shorter ones that is mostly another word ("tracking", "trucking").
    """
    close = (
        known
        for known in vocabulary
        if (known[0], known[-1]) == (word[0], word[-1])
        and max(len(known), len(word)) >= _SLIP
        and (len(word) >= _WRONG_LETTER or len(known) != len(word) or _shuffled(known, word))
    )
    found = extractOne(word, close, scorer=OSA.distance, score_cutoff=1)
    return found[0] if found else None


def _shuffled(left: str, right: str) -> bool:
    return sorted(left) == sorted(right)
