"""The words of a claim that are neither numbers nor names of figures: are they borne out?"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from tools.evidence.quotes import normalise
from tools.evidence.verify.outcome import NotBorneOutError, Outcome
from tools.evidence.verify.vocabulary import vocabulary

_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-'’&][^\W_]+)*")
_STEM = 5
_PROSE_UNSUPPORTED = 0.25
"""Share of a claim's content words that its quotes need not hold. A claim made from a record
may hold none: a word more ("biogenic", "in the south") would make it another figure."""
_ORDINARY = re.compile(
    r"^(?:t|kt|mt|co2e?|ghg|scopes?|kwh|mwh|gwh|twh|gj|tj|eur|usd|fy|ltifr|trir|fte)$",
    re.IGNORECASE,
)


def stem(word: str) -> str:
    """The first letters of a word without accents and case."""
    return normalise(word).text.replace("'", "")[:_STEM]


def stems(texts: Iterable[str]) -> frozenset[str]:
    """Stems of all words of some texts, parts of compounds included."""
    found: set[str] = set()
    for text in texts:
        for word in _WORD.findall(text):
            found.add(stem(word))
            found.update(stem(part) for part in re.split(r"[-'’&]", word) if part)
    return frozenset(found)


def check_names(text: str, known: frozenset[str], page_words: frozenset[str]) -> None:
    """Every name in a claim (a capital inside the sentence, an acronym) stands in the evidence.

    The first word of a sentence has a capital anyway: it counts as a name unless it is an
    ordinary word of the vocabulary or stands in small letters on the cited page.
    """
    for match in _WORD.finditer(text):
        word = match.group()
        owner = word.replace("’", "'").endswith("'s")
        if not (word[0].isupper() or owner) or _ORDINARY.match(word):
            continue
        plain = normalise(word).text
        bare = re.sub(r"'s?$", "", word.replace("’", "'")).casefold()
        if stem(bare) in known or all(stem(p) in known for p in re.split(r"[-&']", bare) if p):
            continue
        if vocabulary().is_known(bare) or _contrast_word(bare):
            continue
        if _begins_sentence(text, match.start()) and (bare in page_words or plain in page_words):
            continue
        raise NotBorneOutError(
            Outcome.COMPANY_NOT_BORNE_OUT, f"“{word}” is not named in the quoted place."
        )


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" “\"'(")
    return not before or before[-1] in ".!?:;"


def _contrast_word(word: str) -> bool:
    return any(
        pattern.fullmatch(word)
        for group in vocabulary().contrast_patterns.values()
        for pattern in group.values()
    )


def check_contrasts(
    text: str, evidence: str, around: str = "", skip: Sequence[str] = ("bound",)
) -> None:
    """A deciding word of the claim ("location-based", "validated", "July") is in the evidence.

    Words of aim ("target", "plans to") may stand in the heading the quote stands under.
    """
    words = vocabulary()
    for group in words.contrast_patterns:
        if group in skip:
            continue
        theirs = {mark.value for mark in words.contrasts(group, evidence)}
        if group == "progress":
            theirs |= {m.value for m in words.contrasts(group, around) if m.value == "aim"}
        for mark in words.contrasts(group, text):
            if mark.value not in theirs:
                said = text[mark.start : mark.end]
                raise NotBorneOutError(
                    Outcome.BASIS_NOT_BORNE_OUT if group == "basis" else Outcome.WORD_NOT_BORNE_OUT,
                    f"“{said}” is not borne out by the quoted place.",
                )


def check_negation(text: str, evidence: str) -> None:
    """Claim and quote are both turned round by a negation, or neither is."""
    words = vocabulary()
    ours, theirs = bool(words.negations(text)), bool(words.negations(evidence))
    if ours != theirs:
        side = "The claim" if ours else "The quoted place"
        raise NotBorneOutError(Outcome.NEGATION_DIFFERS, f"{side} is negative, the other is not.")


def check_common_words(
    text: str, known: frozenset[str], *, most: float = _PROSE_UNSUPPORTED
) -> None:
    """No more than a share `most` of a claim's content words is missing in its evidence."""
    words = [re.sub(r"['’]s?$", "", w) for w in _WORD.findall(text) if len(w) >= 3]
    content = [
        w
        for w in words
        if not (vocabulary().is_known(w.casefold()) or _contrast_word(w) or _ORDINARY.match(w))
    ]
    missing = [w for w in content if stem(w) not in known and not _parts_known(w, known)]
    if len(missing) > most * len(content):
        raise NotBorneOutError(
            Outcome.TOO_LITTLE_IN_COMMON,
            f"The quoted place does not speak of {', '.join(f'“{w}”' for w in missing[:3])}.",
        )
    if not content and not (stems([text]) & known):
        raise NotBorneOutError(Outcome.TOO_LITTLE_IN_COMMON, "Claim and quote share no word.")


def _parts_known(word: str, known: frozenset[str]) -> bool:
    parts = [part for part in re.split(r"[-'’&]", word) if len(part) > 1]
    return len(parts) > 1 and all(stem(part) in known for part in parts)


_TOKEN = re.compile(r"[\w&][\w&.,'’%-]*")
_NEARLY = 0.5
_NAME_OR_YEAR = re.compile(r"^(?:19|20)\d\d$|\d[^\d.,%]|[^\d.,%]\d")


def check_same_words(text: str, quotes: Iterable[str]) -> None:
    """A claim that repeats a quote nearly word for word may not change what decides in it.

    Where half of the claim's words stand in the quote in the same order, the words that differ
    may carry no number, direction, negation or other deciding word that the quote has not there.
    """
    ours = [_plain_token(t) for t in _TOKEN.findall(text)]
    for quote in quotes:
        theirs = [_plain_token(t) for t in _TOKEN.findall(quote)]
        matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
        equal = sum(block.size for block in matcher.get_matching_blocks())
        if not ours or equal < _NEARLY * len(ours):
            continue
        changes = [op for op in matcher.get_opcodes() if op[0] != "equal"]
        inside = [op for op in changes if op[3] > 0 and op[4] < len(theirs)]
        for _, i1, i2, j1, j2 in changes:
            said, printed = _deciding(ours[i1:i2]), _deciding(theirs[j1:j2])
            added = said - printed
            turned = added & {"up", "down"} and printed & {"up", "down"}
            if "negation" in added or turned or _more_often(ours, theirs, added):
                raise NotBorneOutError(
                    Outcome.WORD_NOT_BORNE_OUT,
                    f"“{' '.join(ours[i1:i2])}” is not what the quote says there.",
                )
        for _, i1, i2, j1, j2 in inside:
            if "negation" in _deciding(theirs[j1:j2]) - _deciding(ours[i1:i2]):
                raise NotBorneOutError(
                    Outcome.NEGATION_DIFFERS, "A negation of the quote is left out."
                )


def _more_often(ours: Sequence[str], theirs: Sequence[str], added: set[str]) -> bool:
    """Whether an added year or name with a digit stands more often in the claim."""
    return any(_NAME_OR_YEAR.search(w) and ours.count(w) > theirs.count(w) for w in added)


def _plain_token(token: str) -> str:
    return normalise(token).text.strip("-.,'")


def _deciding(tokens: Sequence[str]) -> set[str]:
    """Numbers, directions and negations among some words, by value."""
    words, text = vocabulary(), " ".join(tokens)
    found = {token for token in tokens if any(c.isdigit() for c in token)}
    found |= {mark.value for mark in words.directions(text)}
    return found | {mark.value for mark in words.negations(text)}
