"""Years and scopes of a target: what stands nearest to its figure."""

import re
from collections.abc import Sequence

from tools.evidence.targets.statements import Statement
from tools.evidence.verify.mentions import Mentions, Quantity
from tools.evidence.verify.vocabulary import Mark

_BRACKET = re.compile(r"[(\[](?:before |by |until |fy ?)?(20[2-9]\d)[)\]]")
_HEAD_YEAR = re.compile(
    r"(?:near|short|medium|mid|long)[- ]term\s*[(\[]\s*(?:before |by |until )?(20[2-9]\d)[)\]]"
    r"|(?:targets?|goals?|measures?) (?:for|by|until) (20[2-9]\d)\b"
)
_HEAD_BASE = re.compile(
    r"\b(?:compared (?:with|to)|base(?:line)?(?: year)?|versus|vs\.?)\s*(?:in |the year )?"
    r"(20[01]\d|202\d)"
)
_SAME_BASE = re.compile(r"\bsame (?:base(?:line)?|reference)\b")
_FIRST_BASE = 1990
_NEAR_HEAD = 200
_NEXT_VERB = re.compile(r"\b(?:and|sowie|und)\b.{0,12}\b(?:reduc|cut|lower|decreas|senk|halv)\w*")
_CHAIN = re.compile(r"\b(?:entire |whole |full )?value chain\b|wertschöpfungskette")
_SUPPLY = re.compile(r"\bsupply chain\b|lieferkette|purchased goods|use of sold products")
_OPERATIONS = re.compile(
    r"\b(?:own|our|its|business|from|’s|'s|’) (?:own |business |global )*operations\b|\boperational "
    r"(?:emissions|carbon|footprint)|\b(?:own )?production\b|(?:eigen\w+|unser\w*) (?:betrieb|standort)"
)


def target_year(
    statement: Statement,
    mentions: Mentions,
    start: int,
    end: int,
    left: int,
    right: int,
    report_year: int,
) -> int | None:
    """The year by which the figure at `start` to `end` is to be reached.

    `left` and `right` bound the figure's clause. The year of a heading ("Near-term [2030]:")
    counts where the statement names none.
    """
    due = [y for y in mentions.years if y.role == "target" and y.value]
    for year in due:
        if end <= year.start < right:
            return year.value
    bracket = _BRACKET.search(statement.text, end, right)
    if bracket and int(bracket.group(1)) > report_year:
        return int(bracket.group(1))
    for year in due:
        if left <= year.start < start:
            return year.value
    if due and (statement.sentence or not left):
        return min(due, key=lambda y: abs(y.start - start)).value
    if left and not statement.sentence:
        return None
    ahead = {y.value for y in mentions.years if y.role == "plain" and y.value > report_year}
    if len(ahead) == 1:
        return ahead.pop()
    head = list(_HEAD_YEAR.finditer(statement.before[-_NEAR_HEAD:]))
    if head and not ahead:
        return int(head[-1].group(1) or head[-1].group(2))
    return None


def base_year(
    statement: Statement, mentions: Mentions, percent: Quantity, report_year: int
) -> int | None:
    """The year the figure is measured against."""
    bases = [
        y for y in mentions.years if y.role == "base" and _FIRST_BASE <= y.value <= report_year + 1
    ]
    if bases:
        after = [y for y in bases if y.start >= percent.start]
        return (after or bases)[0].value
    head = list(_HEAD_BASE.finditer(statement.before[-_NEAR_HEAD:]))
    if head:
        return int(head[-1].group(1))
    if _SAME_BASE.search(statement.text):
        earlier = re.findall(r"(20[012]\d) base|from a[n]? (?:fy ?)?(20[012]\d)", statement.before)
        if earlier:
            return int(earlier[-1][0] or earlier[-1][1])
    return None


def scopes_of(statement: Statement, mentions: Mentions, percent: Quantity | None) -> str | None:
    """The scopes in the form "1+2", by name or by what they cover; None where it is not said."""
    marks = mentions.scopes
    if marks:
        if percent is None:
            return _union([mark.value for mark in marks])
        before = [mark for mark in marks if mark.end <= percent.start]
        after = [mark for mark in marks if mark.start >= percent.end]
        if not before and _NEXT_VERB.search(statement.text, percent.end, after[0].start):
            return _by_words(statement.text[: percent.start])
        nearer = not before or (
            after and 2 * (after[0].start - percent.end) < percent.start - before[-1].end
        )
        if nearer:
            return _union([mark.value for mark in _run(marks, len(before))])
        return _union([mark.value for mark in _run(marks, len(before) - 1, back=True)])
    return _by_words(statement.text)


def _by_words(text: str) -> str | None:
    """The scopes by what they cover ("across our value chain")."""
    if _CHAIN.search(text):
        return "1+2+3"
    if _SUPPLY.search(text):
        return "3"
    if _OPERATIONS.search(text):
        return "1+2"
    return None


def _run(marks: Sequence[Mark], at: int, *, back: bool = False) -> list[Mark]:
    """Marks that stand side by side ("Scope 1 and Scope 2")."""
    step = -1 if back else 1
    run = [marks[at]]
    nxt = at + step
    while 0 <= nxt < len(marks):
        first, second = (marks[nxt], run[-1]) if back else (run[-1], marks[nxt])
        if second.start - first.end > 8:
            break
        run.append(marks[nxt])
        nxt += step
    return run


def _union(values: list[str]) -> str:
    return "+".join(sorted({part for value in values for part in value.split("+")}))
