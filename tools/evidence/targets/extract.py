"""Finding the targets that a statement states."""

import re
from collections.abc import Iterator, Sequence

from tools.evidence.targets.data import Kind, wording
from tools.evidence.targets.found import Found
from tools.evidence.targets.places import base_year, scopes_of, target_year
from tools.evidence.targets.statements import Statement
from tools.evidence.verify.mentions import Mentions, Quantity, read_mentions

_DOWN = re.compile(
    r"\b(?:reduc|decreas|cut|lower|less|fewer|halv|minus|saving|save|declin|fall|senk|reduzier|"
    r"verringer|minus)\w*"
)
_UP = re.compile(r"\b(?:increas|rais|grow|expand|higher|improv|steiger|erhöh)\w*")
_PER_YEAR = re.compile(
    r"\b(?:per year|a year|annually|each year|every year|per annum|p\.a\.|pro jahr|jährlich|"
    r"compared (?:to|with) the previous year)"
)
_OWN = re.compile(
    r"\band (?:will|aims?|wants?|plans?)\b|\b(?:we|our|us|ourselves|itself|group|wir|uns|unsere?[rsnm]?)\b|\bthe company\b"
)
_LIST_HEAD = re.compile(
    r"\b(?:targets?|goals?|objectives?|ambitions?|commitments?|roadmap|milestones?|ziele?)\b"
)
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%\s?)?(?:-|–|to)\s?$")
_PAST_AIM = re.compile(r"\b(?:target|goal|ambition|objective|ziel)s?\b")
_IN_YEAR = re.compile(
    r"(?:\b(?:in|in the year|im jahr|bis|fiscal|before|beyond)|[(\[])\s*(?:fy ?)?$"
)
_STRONG = re.compile(
    r"\b(?:to become|to be|target of|goal of|aim\w* (?:to|for|at)|achiev\w+|reach\w*|becom\w+|"
    r"committed to)\b[^.]{0,60}$"
)
_SOLID = re.compile(r"\b(?:all|entire|complete\w*|100 ?%|eliminat\w+|phase|no longer|own|lease)\b")
_ITEM = re.compile(r"[\d>≥<]|scopes? \d|(?:\w+ ){1,3}(?:division|segment|group): ")
_BEFORE = re.compile(r"\b(?:previously|formerly|originally|instead of|bisher)\s*[:–-]?\s*[–-]?\s*$")
_CUTS_EMISSIONS = re.compile(r"\b(?:reduc|cut|lower|decreas)\w*\b.*\bemissions?\b.*\bby\s*$")
_GASES = re.compile(r"refrigerant|methane|fuel|diesel")
_NEUTRAL_WHO = re.compile(r"value chain|target|goal|ziel")
_BRACKET = re.compile(r"[(\[](?:before |by |until )?20[2-9]\d[)\]]")
_PART_OF = re.compile(r"\s*of\b(?!.{0,30}(?:emission|ghg|co2|greenhouse))")
_BARE = re.compile(
    r"(?:(?:further |continu?ously |continuous )?(?:increas|rais|grow)\w+ .{0,20}(?:share|proportion|use)\b"
    r"|continu?ously (?:decreas|reduc|lower)\w+ )"
)
_HEAD = 170
_OTHER_TOPIC: Kind = "other"


def targets_of(statement: Statement, report_year: int, *, in_list: bool) -> Iterator[Found]:
    """All targets of a statement.

    `report_year` is about the year the report is on: a target year lies after it. `in_list`
    tells that the page holds a list of targets, whose items need no word of aiming.
    """
    words = wording()
    text = statement.text
    if words.sbti.search(text) or words.sbti.search(statement.before[-260:]):
        yield from _science_based(statement)
    if not re.search(r"\d", text) and not in_list and not words.neutrality.search(text):
        return
    mentions = read_mentions(statement.printed)
    if words.neutrality.search(text):
        yield from _neutrality(statement, mentions, report_year, in_list=in_list)
    percents = [q for q in mentions.quantities if q.unit and q.unit.name == "%" and not q.points]
    seen = False
    for index in range(len(percents)):
        found = _percent(statement, mentions, percents, index, report_year, in_list=in_list)
        if found is not None:
            seen = True
            yield found
    if not seen:
        yield from _without_share(statement, mentions, percents, report_year, in_list=in_list)


def _own(text: str, at: int) -> bool:
    """Whether what is said at `at` is the company's own, not of the law or of others."""
    foreign = [match for match in wording().foreign.finditer(text, 0, at)]
    if not foreign:
        return True
    last = foreign[-1]
    return bool(_OWN.search(text, last.end(), at)) and not re.search(r"scenario|law|would", last[0])


def _is_aim(statement: Statement, *, in_list: bool) -> bool:
    words = wording()
    text = statement.text
    if words.aims.search(text):
        return True
    item = text.lstrip("–-•> ")
    headed = in_list or bool(_LIST_HEAD.search(statement.before[-_HEAD:]))
    if headed and not statement.sentence and _BRACKET.search(text):
        return True
    return headed and bool(words.list_verbs.match(item) or _ITEM.match(item))


def _kind(statement: Statement, left: int, right: int) -> Kind | None:
    """By topic: of the clause, then of the sentence, then of the words before it."""
    words = wording()
    text = statement.text
    for part in (text[left:right], text):
        kind = words.kind_of(part)
        if kind == "reduction_absolute" and is_intensity(text):
            return "reduction_intensity"
        if kind is not None:
            return kind
    if words.beside.search(text):
        return None
    before = statement.before[-_HEAD:]
    kind = words.kind_of(before)
    if kind == _OTHER_TOPIC:
        return None
    return "reduction_intensity" if kind == "reduction_absolute" and is_intensity(before) else kind


def is_intensity(text: str) -> bool:
    intensity = next(t for t in wording().topics if t.kind == "reduction_intensity")
    return bool(intensity.words.search(text)) and "absolute" not in text


def _percent(
    statement: Statement,
    mentions: Mentions,
    percents: Sequence[Quantity],
    index: int,
    report_year: int,
    *,
    in_list: bool,
) -> Found | None:
    text = statement.text
    percent = percents[index]
    left = percents[index - 1].end if index else 0
    right = percents[index + 1].start if index + 1 < len(percents) else len(text)
    kind = _kind(statement, left, right)
    if kind is None or not _own(text, percent.start) or percent.value > 100:
        return None
    lead = text[max(0, percent.start - 120) : percent.start]
    if _BEFORE.search(lead) or wording().results.search(text, left, percent.start):
        return None
    if kind == _OTHER_TOPIC and _CUTS_EMISSIONS.search(lead) and not _GASES.search(lead):
        kind = "reduction_intensity" if is_intensity(text) else "reduction_absolute"
    if kind == _OTHER_TOPIC and wording().beside.search(text[left:right]):
        return None
    year = target_year(statement, mentions, percent.start, percent.end, left, right, report_year)
    yearly = bool(_PER_YEAR.search(text[percent.end : right]))
    past = bool(_PAST_AIM.search(text[max(0, left - 40) : right]) and _achieved(text))
    if not past and not _ahead(statement, year, report_year, yearly=yearly, in_list=in_list):
        return None
    down = _DOWN.search(text[left:right]) or percent.signed == "-"
    down = down or _DOWN.search(text) or _DOWN.search(statement.before[-200:])
    down = down or (_PAST_AIM.search(text[:right]) and not wording().kind_of(text))
    up = _UP.search(text[left:right]) and not _DOWN.search(text[left:right])
    if kind in {"reduction_absolute", "reduction_intensity"}:
        if not down or up or (percent.value == 100 and wording().neutrality.search(text)):
            return None
        if _PART_OF.match(text, percent.end):
            return None
    if kind == "renewable" and percent.value < 10:
        return None
    reduces = kind != "renewable" and bool(down) and not (up and kind == _OTHER_TOPIC)
    low = _low(percent, text)
    return Found(
        statement,
        kind,
        scopes=scopes_of(statement, mentions, percent) if kind.startswith("reduction") else None,
        base_year=base_year(statement, mentions, percent, report_year),
        target_year=year,
        percent=low if reduces else None,
        share=None if reduces else low,
        per_year=yearly,
        status=_status(text),
        past=past,
        left=left,
        right=right,
        weight=_weight(statement, mentions),
    )


def _achieved(text: str) -> bool:
    return bool(wording().achieved.search(text))


def _ahead(
    statement: Statement, year: int | None, report_year: int, *, yearly: bool, in_list: bool
) -> bool:
    """Whether a per cent is still to be reached."""
    words = wording()
    if year is None:
        return yearly and in_list and _is_aim(statement, in_list=in_list)
    if year <= report_year:
        return False
    if words.results.search(statement.text) and not words.aims.search(statement.text):
        return False
    return _is_aim(statement, in_list=in_list)


def _low(percent: Quantity, text: str) -> float:
    """The number itself, or the lower end of a range ("3-4%" is 3)."""
    ranged = _RANGE.search(text[: percent.start])
    return float(ranged.group(1).replace(",", ".")) if ranged else percent.value


def _status(text: str) -> str | None:
    found = wording().status_words.search(text)
    return found.group() if found else None


def _weight(statement: Statement, mentions: Mentions) -> float:
    """Prefer whole sentences that name base year, scopes and aim, and short ones among them."""
    weight = 2.0 * any(y.role == "base" for y in mentions.years) + 1.5 * bool(mentions.scopes)
    weight += 1.0 * bool(wording().aims.search(statement.text)) + 0.5 * statement.sentence
    return weight - len(statement.text) / 300


def _neutrality(
    statement: Statement, mentions: Mentions, report_year: int, *, in_list: bool
) -> Iterator[Found]:
    words = wording()
    blanked = words.neutrality_not.sub(lambda m: " " * len(m.group()), statement.text)
    if words.partners.search(blanked) or not _is_aim(statement, in_list=in_list):
        return
    for anchor in words.neutrality.finditer(blanked):
        ahead = [y for y in mentions.years if y.value > report_year and y.role != "base"]
        own = [y for y in ahead if _own(blanked, y.start)]
        if ahead and not own:
            continue
        own = [y for y in own if _due(y.start, y.role, anchor, blanked)]
        after = [y for y in own if y.start >= anchor.start()]
        due = [y for y in own if 0 <= anchor.start() - y.end <= 2]
        due = due or [y for y in after if y.role == "target"] or after or own
        year = due[0].value if due else None
        if not _own(blanked, due[0].start if after and due else anchor.start()):
            continue
        if year is None and any(y.role == "target" for y in ahead):
            continue
        strong = _STRONG.search(blanked[: anchor.start()])
        who = _OWN.search(blanked) or _NEUTRAL_WHO.search(blanked)
        if year is None and not (strong and who and words.aims.search(blanked)):
            continue
        yield Found(
            statement,
            "net_zero",
            scopes=scopes_of(statement, mentions, None),
            target_year=year,
            status=_status(statement.text),
            right=len(statement.printed),
            weight=_weight(statement, mentions) + 2.0 * bool(strong) + 2.0 * (year is not None),
        )
        return


def _due(start: int, role: str, anchor: re.Match[str], text: str) -> bool:
    """Whether a year is the neutrality's, not that of a per cent between them or of a plan."""
    left, right = sorted((start, anchor.start()))
    between = text[min(left, right) : max(left, right)]
    if "%" in between:
        return False
    lead = text[max(0, start - 22) : start]
    return role == "target" or bool(_IN_YEAR.search(lead)) or 0 <= anchor.start() - start <= 6


def _without_share(
    statement: Statement,
    mentions: Mentions,
    percents: Sequence[Quantity],
    report_year: int,
    *,
    in_list: bool,
) -> Iterator[Found]:
    """Targets with a year and no per cent ("all electricity from renewable sources by 2026"),
    and items of a list of goals with neither."""
    words = wording()
    text = statement.text
    kind = words.kind_of(text)
    if kind not in {"renewable", "other"} or words.beside.search(text):
        return
    if words.neutrality.search(text):
        return
    due = [y for y in mentions.years if y.role == "target" and y.value > report_year]
    if not due and _PAST_AIM.search(text):
        due = [y for y in mentions.years if y.value > report_year][-1:]
    bare_item = in_list and not percents and bool(_BARE.match(text.lstrip("–-•> ")))
    if due:
        solid = _SOLID.search(text) or mentions.quantities or words.list_verbs.search(text)
        if not solid or not _is_aim(statement, in_list=in_list) or not _own(text, due[0].start):
            return
    elif not bare_item or len(text) > 160 or statement.sentence:
        return
    yield Found(
        statement,
        kind,
        target_year=due[0].value if due else None,
        status=_status(text),
        right=len(statement.printed),
        weight=_weight(statement, mentions) - 1.0,
    )


def _science_based(statement: Statement) -> Iterator[Found]:
    words = wording()
    text = statement.text
    if words.sbti_not.search(text) or words.partners.search(text):
        return
    named = bool(words.sbti.search(text))
    for rank, pattern in enumerate(words.sbti_status if named else words.sbti_status[:1]):
        match = pattern.search(text)
        if match is None:
            continue
        hoped = re.search(
            r"\b(?:aim\w*|plan\w*|will|expect\w*|intend\w*|seek\w*|for|to|consider\w*|if)\b[^.]{0,40}$",
            text[: match.start()],
        )
        if hoped and rank in {1, 2}:
            continue
        if not named and not re.search(r"submi|validat|approv", match.group()):
            continue
        own = bool(_OWN.search(text)) or rank < 2
        if not own and not re.search(r"\btargets?\b", text):
            continue
        yield Found(
            statement,
            "sbti_status",
            status=match.group().strip(),
            right=len(statement.printed),
            weight=3.0 - rank + 0.5 * named + 0.5 * own - statement.page / 10_000,
            rank=rank,
        )
        return
