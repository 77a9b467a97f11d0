"""Finding the targets that a statement states."""

import re
from collections.abc import Iterator

from tools.evidence.targets.aims import OWN, TARGET_NOUN, Reading, is_own
from tools.evidence.targets.data import wording
from tools.evidence.targets.found import Found
from tools.evidence.targets.neutrality import neutrality_targets
from tools.evidence.targets.shares import share_targets
from tools.evidence.targets.statements import Statement
from tools.evidence.verify.mentions import read_mentions

_SOLID = re.compile(r"\b(?:all|entire|complete\w*|100 ?%|eliminat\w+|phase|no longer|own|lease)\b")
_NO_LONGER = re.compile(r"\b(?:no longer|phase[ds]?[- ]out|stop)\b")
_BARE = re.compile(
    r"(?:further |continu?ously |continuous )?(?:increas|rais|grow)\w+ .{0,20}"
    r"(?:share|proportion|use)\b|continu?ously (?:decreas|reduc|lower)\w+ "
)
_HOPED = re.compile(
    r"\b(?:aim\w*|plan\w*|will|expect\w*|intend\w*|seek\w*|for|to|consider\w*|if)\b[^.]{0,40}$"
)
_OF_TARGETS = re.compile(r"submi|validat|approv")
_LONGEST_ITEM = 160
_SAID_BEFORE = 260
"""Characters before a statement in which the initiative is named that it speaks of."""
_ACTED = (1, 2)
"""Ranks of the status words that say validated and submitted; the first one denies."""


def targets_of(statement: Statement, report_year: int, *, in_list: bool) -> Iterator[Found]:
    """All targets of a statement.

    `report_year` is about the year the report is on: a target year lies after it. `in_list`
    tells that the page holds a list of targets, whose items need no word of aiming.
    """
    words = wording()
    text = statement.text
    if words.sbti.search(text) or words.sbti.search(statement.before[-_SAID_BEFORE:]):
        yield from _science_based(statement)
    neutral = bool(words.neutrality.search(text))
    if not neutral and not in_list and not re.search(r"\d", text):
        return
    reading = Reading(statement, read_mentions(statement.printed), report_year, in_list)
    if neutral:
        yield from neutrality_targets(reading)
    shares = list(share_targets(reading))
    yield from shares
    if not shares and not neutral:
        yield from _without_share(reading)


def _without_share(reading: Reading) -> Iterator[Found]:
    """Targets with a year and no per cent ("all electricity from renewable sources by 2026"),
    and items of a list of goals with neither."""
    words = wording()
    text = reading.text
    kind = words.kind_of(text)
    if kind not in {"renewable", "other"} or words.beside.search(text):
        return
    ahead = [y for y in reading.mentions.years if y.value > reading.report_year]
    due = [y for y in ahead if y.role == "target"]
    if not due and (TARGET_NOUN.search(text) or _NO_LONGER.search(text)):
        due = ahead[-1:]
    if due:
        solid = _SOLID.search(text) or reading.mentions.quantities or words.list_verbs.search(text)
        if not solid or not reading.is_aim() or not is_own(text, due[0].start):
            return
    elif not _is_bare_item(reading):
        return
    yield Found(
        reading.statement,
        kind,
        target_year=due[0].value if due else None,
        status=reading.status(),
        right=len(text),
        weight=reading.weight() - 1.0,
    )


def _is_bare_item(reading: Reading) -> bool:
    """An item of a list of goals that names neither year nor value ("Increase the share of …")."""
    if not reading.in_list or reading.statement.sentence or "%" in reading.text:
        return False
    return len(reading.text) <= _LONGEST_ITEM and bool(_BARE.match(reading.item))


def _science_based(statement: Statement) -> Iterator[Found]:
    """Where the company's targets stand with the Science Based Targets initiative."""
    words = wording()
    text = statement.text
    if words.sbti_not.search(text) or words.partners.search(text):
        return
    named = bool(words.sbti.search(text))
    for rank, pattern in enumerate(words.sbti_status if named else words.sbti_status[:1]):
        match = pattern.search(text)
        if match is None or not _is_status(statement, match, rank, named=named):
            continue
        own = rank <= _ACTED[0] or bool(OWN.search(text))
        yield Found(
            statement,
            "sbti_status",
            status=match.group().strip(),
            right=len(text),
            weight=3.0 - rank + 0.5 * named + 0.5 * own,
        )
        return


def _is_status(statement: Statement, match: re.Match[str], rank: int, *, named: bool) -> bool:
    """The words tell what is, not what is hoped for, and of the company's targets."""
    text = statement.text
    if rank in _ACTED and _HOPED.search(text[: match.start()]):
        return False
    if not named:
        return bool(_OF_TARGETS.search(match.group()))
    return rank <= _ACTED[0] or bool(OWN.search(text) or TARGET_NOUN.search(text))
