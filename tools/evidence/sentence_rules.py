"""Where a sentence ends, and which sentences a person would call readable prose."""

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?][\"”’»)\]]*(?:\d{1,2})?(?=\s|$|(?<=[a-z]{2}\.)[A-Z][a-z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|incl|excl|resp|vs|no|nos|fig|figs|tab|sec|art|para|p|pp|cf|ca|"
    r"mr|mrs|ms|dr|prof|st|inc|ltd|co|corp|plc|dept|est|max|min|avg|mio|mrd|bzw|z\.b|d\.h|"
    r"u\.s|u\.k|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|(?:^|\s)[A-Z])\.$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_FUNCTION = frozenset(
    "a an and are as at be been by for from had has have in into is it its of on or our per that "
    "the their these they this to was we were which while will with within also through all not "
    "der die das und in von mit für auf im den des dem ein eine einer wird werden wurde wurden "
    "ist sind hat haben wir unsere sich als bei zu zur zum durch nach aus auch nicht".split()
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|can|may|must|should|could|would|does|do|did|"
    r"aims?|plans?|covers?|includes?|increases?|rose|fell|grew|sets?|uses?|takes?|shows?|makes?|"
    r"made|remains?|continues?|supports?|works?|provides?|requires?|reports?|offers?|helps?|"
    r"amounts?|accounts?|comes?|leads?|led|began|begun|became|cut|put|met|held|won|built|won|"
    r"takes|took|reviews?|oversees?|monitors?|ensures?|applies|apply|seeks?|strives?|intends?|"
    r"expects?|operates?|conducts?|consists?|stands?|stood|contributes?|enables?|\w{3,}ed|"
    r"ist|sind|war|waren|wird|werden|wurden?|hat|haben|soll|sollen|kann|können)\b",
    re.IGNORECASE,
)
_JUNK = re.compile(r"\.{4,}|…{2,}|[|□☐✓✔►]|\b\w\s\w\s\w\s\w\s|[•▪■●◆♦‧∙→]|©|@|\(cid:")
_LEAD = re.compile(
    r"(?:(?:[A-ZÄÖÜ&][A-ZÄÖÜ&’'/-]+|\d{1,2})[\s:–]+){2,}(?=(?:[A-Z][a-z]|A\s))"
    r"|(?:(?:Pages?\s)?\d{1,3}(?:\s?[/–-]\s?\d{1,3})+\s+)(?=[A-Z])|Pages?\s\d{1,3}\s+(?=[A-Z])"
)
"""A heading in capitals or a page reference in front of a sentence."""
_FOOTNOTE = re.compile(r"^\(?\d{1,2}\)?\s[A-Z]|^\d+\.\d+\s")
_MIN_WORDS, _MAX_WORDS, _MAX_CHARS = 6, 62, 460


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of `text[start:end]`; an unended rest is left out."""
    left = start
    for match in _END.finditer(text, start, end):
        stop = match.start() + 1
        if _is_inner_stop(text, left, match.start(), stop, match.end(), end):
            continue
        tail = match.end()
        while tail > stop and text[tail - 1].isdigit():
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
    if not text or len(text) > _MAX_CHARS or text[-1:] in ":;,":
        return False
    if not (text[0].isupper() or text[0].isdigit() or text[0] in "\"“„»'‘"):
        return False
    if _FOOTNOTE.match(text):
        return False
    words = _WORD.findall(text)
    tokens = text.split()
    if not _MIN_WORDS <= len(words) <= _MAX_WORDS:
        return False
    if len(words) < 0.62 * len(tokens) or _JUNK.search(text):
        return False
    if text.count("(") != text.count(")") or text.count("[") != text.count("]"):
        return False
    function = sum(word.lower() in _FUNCTION for word in words)
    if function < 0.16 * len(words) or not _VERB.search(text):
        return False
    return not _shouts(words) and not _listed_names(words)


def _shouts(words: list[str]) -> bool:
    capitals = sum(len(word) > 3 and word.isupper() for word in words)
    return capitals > 0.3 * len(words)


def _listed_names(words: list[str]) -> bool:
    """Menus and captions: most words begin with a capital."""
    capitals = sum(word[0].isupper() for word in words)
    return capitals > 0.6 * len(words)
