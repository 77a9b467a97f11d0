"""Where a sentence ends, and which sentences a person would call readable prose."""

import re
from collections.abc import Iterator

from tools.evidence.lexis import function_words, verbs

_END = re.compile(r"[.!?][\"”’»)\]]*(?:\d{1,2}|[⁰¹²³⁴-⁹]+⁾?)?(?=\s|$|(?<=[a-z]{2}\.)[A-Z][a-z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|incl|excl|resp|vs|no|nos|fig|figs|tab|sec|art|para|p|pp|cf|ca|"
    r"mr|mrs|ms|dr|prof|st|inc|ltd|co|corp|plc|dept|est|max|min|avg|mio|mrd|bzw|z\.b|d\.h|"
    r"u\.s|u\.k|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|(?:^|\s)(?-i:[A-Z]))\.$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_JUNK = re.compile(r"\.{4,}|…{2,}|[|□☐✓✔►]|\b\w\s\w\s\w\s\w\s|[•▪■●◆♦‧∙→]|©|@|\(cid:")
_LEAD = re.compile(
    r"(?:(?:[A-ZÄÖÜ&][A-ZÄÖÜ&’'/-]+|\d{1,2})[\s:–]+){2,}(?=(?:[A-Z][a-z]|A\s))"
    r"|(?:(?:Pages?\s)?\d{1,3}(?:\s?[/–-]\s?\d{1,3})+\s+)(?=[A-Z])|Pages?\s\d{1,3}\s+(?=[A-Z])"
)
"""A heading in capitals or a page reference in front of a sentence."""
_FOOTNOTE = re.compile(r"^\(?\d{1,2}\)?\s[A-Z]|^\d+\.\d+\s")
_FEW_SMALL, _MANY_SMALL = 0.16, 0.27
"""Share of small words that prose has at least, and from which no known verb is asked for."""
_MIN_WORDS, _MAX_WORDS, _MAX_CHARS = 6, 62, 460


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of `text[start:end]`; an unended rest is left out."""
    left = start
    for match in _END.finditer(text, start, end):
        stop = match.start() + 1
        if _is_inner_stop(text, left, match.start(), stop, match.end(), end):
            continue
        tail = match.end()
        while tail > stop and (text[tail - 1].isdigit() or text[tail - 1] == "⁾"):
            tail -= 1
        lead = _LEAD.match(text, left, tail)
        yield lead.end() if lead else left, tail
        left = match.end()
        while left < end and text[left].isspace():
            left += 1


def _is_inner_stop(text: str, left: int, dot: int, stop: int, tail: int, end: int) -> bool:
    """A stop inside a sentence: an abbreviation, an ordinal, or a small letter after it."""
    if text[dot] != ".":
        return False
    after = text[tail : min(end, tail + 8)].lstrip()
    if after[:1].islower():
        return True
    if dot and text[dot - 1].isdigit() and stop < tail and text[stop].isdigit():
        return True
    return bool(_ABBREVIATION.search(text[max(left, dot - 12) : stop])) and bool(after)


def is_readable(text: str) -> bool:
    """A whole sentence of prose: not a heading, a menu, a caption or the rest of a table."""
    return _is_whole(text) and _is_prose(text)


def _is_whole(text: str) -> bool:
    """Begins and ends as a sentence does, with its brackets closed."""
    if not text or len(text) > _MAX_CHARS or text[-1:] in ":;,":
        return False
    starts = text[0].isupper() or text[0].isdigit() or text[0] in "\"“„»'‘"
    closed = text.count("(") == text.count(")") and text.count("[") == text.count("]")
    return starts and closed and not _FOOTNOTE.match(text) and not _JUNK.search(text)


def _is_prose(text: str) -> bool:
    """Mostly words, some of them small ones, and a verb."""
    words = _WORD.findall(text)
    if not _MIN_WORDS <= len(words) <= _MAX_WORDS or len(words) < 0.62 * len(text.split()):
        return False
    small = sum(word.lower() in function_words() for word in words) / len(words)
    if small < _FEW_SMALL or (small < _MANY_SMALL and not _has_verb(words)):
        return False
    return not _shouts(words) and not _listed_names(words)


def _has_verb(words: list[str]) -> bool:
    small = [word.lower() for word in words]
    return any(word in verbs() or (len(word) > 4 and word.endswith("ed")) for word in small)


def _shouts(words: list[str]) -> bool:
    capitals = sum(len(word) > 3 and word.isupper() for word in words)
    return capitals > 0.3 * len(words)


def _listed_names(words: list[str]) -> bool:
    """Menus and captions: most words begin with a capital."""
    capitals = sum(word[0].isupper() for word in words)
    return capitals > 0.6 * len(words)
