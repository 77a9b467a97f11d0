"""Years and scopes of a target: what stands nearest to its figure."""

import re
from collections.abc import Sequence

from tools.evidence.targets.aims import Reading
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
_EARLIER_BASE = re.compile(r"(20[012]\d) base|from an? (?:fy ?)?(20[012]\d)")
_SAME_BASE = re.compile(r"\bsame (?:base(?:line)?|reference)\b")
_FIRST_BASE = 1990
_NEAR_HEAD = 200
_NEXT_VERB = re.compile(r"\b(?:and|sowie|und)\b.{0,12}\b(?:reduc|cut|lower|decreas|senk|halv)\w*")
_CHAIN = re.compile(r"\b(?:entire |whole |full )?value chain\b|wertschöpfungskette")
_SUPPLY = re.compile(r"\bsupply chain\b|lieferkette|purchased goods|use of sold products")
_OPERATIONS = re.compile(
    r"\b(?:own|our|its|business|from|’s|'s|’) (?:own |business |global )*operations\b|"
    r"\boperational (?:emissions|carbon|footprint)|\b(?:own )?production\b|"
    r"(?:eigen\w+|unser\w*) (?:betrieb|standort)"
)


def target_year(reading: Reading, percent: Quantity, left: int, right: int) -> int | None:
    """The year by which a figure is to be reached.

    `left` and `right` bound the figure's clause. A year after the figure counts first, then one
    before it in its clause, then the nearest; the year of a heading ("Near-term [2030]:") where
    the statement names none.
    """
    due = [y for y in reading.mentions.years if y.role == "target" and y.value]
    after = [y.value for y in due if percent.end <= y.start < right]
    bracket = _BRACKET.search(reading.text, percent.end, right)
    if not after and bracket and int(bracket.group(1)) > reading.report_year:
        after = [int(bracket.group(1))]
    before = [y.value for y in due if left <= y.start < percent.start]
    if after or before:
        return (after or before)[0]
    if left and not reading.statement.sentence:
        return None
    if due:
        return min(due, key=lambda y: abs(y.start - percent.start)).value
    return _year_ahead(reading)


def _year_ahead(reading: Reading) -> int | None:
    """The only year to come, or that of the heading above."""
    ahead = {y.value for y in reading.mentions.years if y.role == "plain"}
    ahead = {value for value in ahead if value > reading.report_year}
    if len(ahead) == 1:
        return ahead.pop()
    head = list(_HEAD_YEAR.finditer(reading.statement.before[-_NEAR_HEAD:]))
    return int(head[-1].group(1) or head[-1].group(2)) if head and not ahead else None


def base_year(reading: Reading, percent: Quantity) -> int | None:
    """The year the figure is measured against."""
    years = [y for y in reading.mentions.years if y.role == "base"]
    bases = [y for y in years if _FIRST_BASE <= y.value <= reading.report_year + 1]
    if bases:
        after = [y for y in bases if y.start >= percent.start]
        return (after or bases)[0].value
    head = list(_HEAD_BASE.finditer(reading.statement.before[-_NEAR_HEAD:]))
    if head:
        return int(head[-1].group(1))
    if not _SAME_BASE.search(reading.text):
        return None
    earlier = list(_EARLIER_BASE.finditer(reading.statement.before))
    return int(earlier[-1].group(1) or earlier[-1].group(2)) if earlier else None


def scopes_of(text: str, mentions: Mentions, percent: Quantity | None) -> str | None:
    """The scopes in the form "1+2", by name or by what they cover; None where it is not said."""
    marks = mentions.scopes
    if marks:
        if percent is None:
            return _union([mark.value for mark in marks])
        before = [mark for mark in marks if mark.end <= percent.start]
        after = [mark for mark in marks if mark.start >= percent.end]
        if not before and _NEXT_VERB.search(text, percent.end, after[0].start):
            return _by_words(text[: percent.start])
        nearer = not before or (
            after and 2 * (after[0].start - percent.end) < percent.start - before[-1].end
        )
        if nearer:
            return _union([mark.value for mark in _run(marks, len(before))])
        return _union([mark.value for mark in _run(marks, len(before) - 1, back=True)])
    return _by_words(text)


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
