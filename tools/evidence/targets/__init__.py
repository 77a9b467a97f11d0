"""The targets a report states: what by when against what, each with its page and quote."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from agent.domain import Evidence, Target
from tools.evidence.targets.extract import targets_of
from tools.evidence.targets.found import Found, merge
from tools.evidence.targets.statements import page_statements
from tools.evidence.targets.tables import table_targets
from tools.pdf.page import PageRecord

__all__ = ["extract_targets"]

_LONGEST_QUOTE = 460
_YEAR = re.compile(r"\b(?:FY\s?|20)([012]\d)\b")
_LIST_HEAD = re.compile(
    r"^[^\n.]{0,60}\b(?:targets?|goals?|objectives?|ambitions?|commitments?|ziele?)\b[^\n.]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
_FAR = 2030
_NEXT = 0.6
"""Share of mentions from which the year after the most named one is the report's."""


def extract_targets(pages: Sequence[PageRecord], *, report: str) -> tuple[Target, ...]:
    """Climate and energy targets of the reporting company, each once with its best statement.

    `report` is the sha256 of the PDF. A target stated several times is given with its most
    complete statement; one that was reached is given with the words that say so.
    """
    year = _report_year(pages)
    found = merge(one for page in pages for one in _page_targets(page, year))
    return tuple(_target(one, pages, report) for one in _without_vague(found))


def _page_targets(page: PageRecord, year: int) -> Iterator[Found]:
    in_list = len(_LIST_HEAD.findall(page.text)) > 0
    for statement in page_statements(page):
        yield from targets_of(statement, year, in_list=in_list)
    yield from table_targets(page, year)


def _report_year(pages: Sequence[PageRecord]) -> int:
    """The year the report speaks of most; targets lie after it."""
    seen: Counter[int] = Counter()
    for page in pages:
        seen.update(2000 + int(year) for year in _YEAR.findall(page.text))
    past = {year: count for year, count in seen.items() if year < _FAR}
    if not past:
        return _FAR - 10
    most = max(past, key=lambda year: (past[year], year))
    following = past.get(most + 1, 0)
    return most + 1 if following >= _NEXT * past[most] else most


def _without_vague(found: list[Found]) -> list[Found]:
    """Leave out a net-zero aim without a year where one with a year is stated."""
    dated = any(one.kind == "net_zero" and one.target_year for one in found)
    return [one for one in found if one.kind != "net_zero" or one.target_year or not dated]


def _target(found: Found, pages: Sequence[PageRecord], report: str) -> Target:
    statement = found.statement
    quote, start, end = statement.printed, statement.start, statement.end
    if len(quote) > _LONGEST_QUOTE:
        quote = _cut(quote, found)
        start = end = -1
    key = (
        f"{report}|{statement.page}|{found.kind}|{found.target_year}|{found.percent}|{found.scopes}"
    )
    return Target(
        id="t-" + hashlib.sha256(f"{key}|{quote}".encode()).hexdigest()[:12],
        kind=found.kind,
        scopes=found.scopes,
        base_year=found.base_year,
        target_year=found.target_year,
        reduction_pct=found.percent,
        per_year=found.per_year,
        status_words=found.status,
        evidence=Evidence(
            report=report,
            page=statement.page,
            quote=quote,
            start=start if start >= 0 else None,
            end=end if end >= 0 else None,
        ),
    )


def _cut(text: str, found: Found) -> str:
    """The part of a long statement that holds the target, cut at words."""
    middle = (found.left + min(found.right, len(text))) // 2
    left = max(0, middle - _LONGEST_QUOTE // 2)
    right = min(len(text), left + _LONGEST_QUOTE)
    left = text.rfind(" ", 0, left) + 1 if left else 0
    right = text.rfind(" ", 0, right) if right < len(text) else right
    return text[left:right]
