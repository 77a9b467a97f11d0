"""Claims in words: every number, year, scope and direction is borne out by a quoted sentence."""

import re
from collections.abc import Sequence

from tools.evidence.quotes import locate
from tools.evidence.verify.agreement import agree, directions, year_meant
from tools.evidence.verify.binding import sentence_at
from tools.evidence.verify.mentions import Mentions, Quantity, read_mentions
from tools.evidence.verify.outcome import NotBorneOutError, Outcome
from tools.evidence.verify.support import Support, said_verbatim, without_quoted
from tools.evidence.verify.vocabulary import vocabulary
from tools.evidence.verify.words import (
    check_common_words,
    check_contrasts,
    check_names,
    check_negation,
    check_same_words,
    stems,
)


def check_prose(text: str, supports: Sequence[Support], names: Sequence[str]) -> None:
    """Raise NotBorneOutError unless the quotes bear out the whole text."""
    quotes = [support.text for support in supports]
    if said_verbatim(text, quotes):
        _check_lead(text, supports)
        return
    rest, quoted = without_quoted(text, quotes)
    known = stems([*quotes, *names])
    if quoted and not _says_more(rest, names):
        return
    evidence = " \n".join(quotes)
    mentions = read_mentions(rest)
    used = list(dict.fromkeys(check_number(n, mentions, supports) for n in mentions.quantities))
    _check_loose_years(mentions, supports)
    _check_loose_scopes(mentions, supports)
    _check_loose_directions(mentions, supports)
    page_words = frozenset().union(*(s.page_words for s in supports))
    check_names(rest, known, page_words)
    check_contrasts(rest, evidence, " ".join(s.around for s in supports))
    check_negation(rest, " \n".join(used) or evidence)
    check_same_words(rest, quotes)
    _check_subjects(rest, evidence)
    _check_modality(rest, mentions, used or quotes)
    check_common_words(rest, known)


def _says_more(rest: str, names: Sequence[str]) -> bool:
    """Whether anything is said beside the quoted words and a company's name."""
    words = {w.casefold() for w in re.findall(r"[^\W\d_]{2,}", rest)}
    own = {w.casefold() for name in names for w in re.findall(r"[^\W\d_]{2,}", name)}
    return bool(
        words - own - {"says", "states", "writes", "reports", "the", "report", "of"}
    ) or bool(
        re.search(
            r"\d", " ".join(w for w in rest.split() if not any(w.strip(":") in n for n in names))
        )
    )


def _check_lead(text: str, supports: Sequence[Support]) -> None:
    """A quote cut out of a negative sentence says the opposite of it."""
    negations = vocabulary().negations
    for support in supports:
        span = locate(text.strip(" .,;:"), support.text)
        if span is None:
            continue
        ahead = re.split(r"[.,;:!?()•–]\s", f"{support.lead} {support.text[: span.start]}")[-1]
        if not negations(ahead):
            return
    raise NotBorneOutError(
        Outcome.NEGATION_DIFFERS, "The quote is cut out of a sentence that says it is not so."
    )


def check_number(number: Quantity, mentions: Mentions, supports: Sequence[Support]) -> str:
    """The quoted sentence with a number that agrees in all that is said of this one."""
    failures: list[NotBorneOutError] = []
    for support in supports:
        for theirs in support.mentions.quantities:
            try:
                agree(number, mentions, theirs, support)
            except NotBorneOutError as failure:
                failures.append(failure)
                continue
            sentence = sentence_at(support.text, theirs.start)
            return support.text[sentence.start : sentence.end]
    raise _nearest(failures, number)


def _nearest(failures: Sequence[NotBorneOutError], number: Quantity) -> NotBorneOutError:
    """The failure of the quoted number that came closest, which is the one that says most."""
    near = [f for f in failures if f.verification.outcome is not Outcome.NUMBER_NOT_BORNE_OUT]
    if near:
        return near[0]
    return NotBorneOutError(
        Outcome.NUMBER_NOT_BORNE_OUT, f"The number {number.printed} is not in the quoted place."
    )


def _check_loose_years(mentions: Mentions, supports: Sequence[Support]) -> None:
    """Every year stands in a quote, and a base year is no target year."""
    for year in mentions.years:
        if not year.value:
            continue
        roles = {
            y.role
            for s in supports
            for y in s.mentions.years
            if year.value in (year_meant(y, s.mentions), y.other)
        }
        swapped = {"target": "base", "base": "target"}.get(year.role)
        if not roles or (swapped and roles == {swapped}):
            raise NotBorneOutError(
                Outcome.YEAR_NOT_BORNE_OUT, f"The year {year.value} is not borne out so."
            )


def _check_loose_scopes(mentions: Mentions, supports: Sequence[Support]) -> None:
    printed = {m.value for s in supports for m in s.mentions.scopes}
    for mark in mentions.scopes:
        if mark.value not in printed:
            raise NotBorneOutError(
                Outcome.SCOPE_NOT_BORNE_OUT, f"Scope {mark.value} is not named in the quote."
            )


def _check_loose_directions(mentions: Mentions, supports: Sequence[Support]) -> None:
    """Every direction word has one of its kind in the quotes."""
    printed = {m.value for s in supports for m in directions(s.mentions)}
    for mark in directions(mentions):
        if mark.value not in printed:
            raise NotBorneOutError(
                Outcome.DIRECTION_NOT_BORNE_OUT,
                f"“{mentions.text[mark.start : mark.end]}” is not borne out by the quote.",
            )


def _check_subjects(text: str, evidence: str) -> None:
    missing = vocabulary().subjects(text) - vocabulary().subjects(evidence)
    if missing:
        raise NotBorneOutError(
            Outcome.SUBJECT_NOT_BORNE_OUT,
            f"The quoted place does not speak of {', '.join(sorted(missing))}.",
        )


def _check_modality(text: str, mentions: Mentions, used: Sequence[str]) -> None:
    """An aim is not told as a fact: the claim says "target", "plans", or "by" a year."""
    words = vocabulary()
    theirs = {m.value for quote in used for m in words.contrasts("progress", quote)}
    ours = {m.value for m in words.contrasts("progress", text)}
    aims = any(year.role == "target" for year in mentions.years)
    due = any(y.role == "target" for quote in used for y in read_mentions(quote).years)
    if ("aim" in theirs or due) and "done" not in theirs and not ours and not aims:
        raise NotBorneOutError(
            Outcome.WORD_NOT_BORNE_OUT, "The quoted place states an aim, the claim a fact."
        )
