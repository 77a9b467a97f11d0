"""Net-zero and neutrality targets of the company."""

import re
from collections.abc import Iterator, Sequence

from tools.evidence.targets.aims import OWN, Reading, is_own
from tools.evidence.targets.data import wording
from tools.evidence.targets.found import Found
from tools.evidence.targets.places import scopes_of
from tools.evidence.verify.mentions import Year

_STRONG = re.compile(
    r"\b(?:to become|to be|target of|goal of|aim\w* (?:to|for|at)|achiev\w+|reach\w*|becom\w+|"
    r"committed to)\b[^.]{0,60}$"
)
_WHO = re.compile(r"value chain|target|goal|ziel")
_IN_YEAR = re.compile(
    r"(?:\b(?:in|in the year|im jahr|bis|fiscal|before|beyond)|[(\[])\s*(?:fy ?)?$"
)
_ATTRIBUTE, _BESIDE, _LEAD = 6, 2, 22


def neutrality_targets(reading: Reading) -> Iterator[Found]:
    """The net-zero target of a statement; without a year only where it is plainly set."""
    words = wording()
    text = words.neutrality_not.sub(lambda m: " " * len(m.group()), reading.text)
    if words.partners.search(text) or not reading.is_aim():
        return
    for anchor in words.neutrality.finditer(text):
        ahead = [
            y for y in reading.mentions.years if y.value > reading.report_year and y.role != "base"
        ]
        own = [y for y in ahead if is_own(text, y.start)]
        if ahead and not own:
            continue
        due = _due([y for y in own if _belongs(y, anchor, text)], anchor)
        if not is_own(text, max(anchor.start(), due.start) if due else anchor.start()):
            continue
        strong = bool(_STRONG.search(text[: anchor.start()]))
        if due is None and not (strong and _plain(text, ahead)):
            continue
        yield Found(
            reading.statement,
            "net_zero",
            scopes=scopes_of(reading.text, reading.mentions, None),
            target_year=due.value if due else None,
            status=reading.status(),
            right=len(text),
            weight=reading.weight() + 2.0 * strong + 2.0 * (due is not None),
        )
        return


def _belongs(year: Year, anchor: re.Match[str], text: str) -> bool:
    """Whether a year is the neutrality's, not that of a per cent between them or of a plan."""
    left, right = sorted((year.start, anchor.start()))
    if "%" in text[left:right]:
        return False
    lead = text[max(0, year.start - _LEAD) : year.start]
    before = 0 <= anchor.start() - year.start <= _ATTRIBUTE
    return year.role == "target" or bool(_IN_YEAR.search(lead)) or before


def _due(years: Sequence[Year], anchor: re.Match[str]) -> Year | None:
    """The year right before ("2050 net-zero target"), the next one after, any other."""
    attribute = [y for y in years if 0 <= anchor.start() - y.end <= _BESIDE]
    after = [y for y in years if y.start >= anchor.start()]
    named = [y for y in after if y.role == "target"]
    return next(iter([*attribute, *named, *after, *years]), None)


def _plain(text: str, ahead: Sequence[Year]) -> bool:
    """An aim of the company's own, with no year that belongs to another target."""
    if any(y.role == "target" for y in ahead):
        return False
    return bool(wording().aims.search(text) and (OWN.search(text) or _WHO.search(text)))
