"""The targets a report states: what by when against what, each with its page and quote."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from agent.domain import Evidence, Target
from tools.evidence.identity import own_names
from tools.evidence.identity.lines import head_lines
from tools.evidence.identity.years import fiscal_year
from tools.evidence.targets.extract import Finder, Found, may_state_target
from tools.evidence.targets.statements import page_statements
from tools.pdf.page import PageRecord

__all__ = ["extract_targets"]

_LONGEST_QUOTE = 420


def extract_targets(pages: Sequence[PageRecord], *, report: str) -> tuple[Target, ...]:
    """Climate, energy and environment targets of one report, each stated once.

    `report` is the sha256 of the PDF. A target that is stated several times is given with its
    most complete statement.
    """
    year = fiscal_year(pages, head_lines(pages), {}, "").year or 2020
    finder = Finder(year, own_names(pages, {}))
    found = [
        one
        for page in pages
        if may_state_target(page.text)
        for statement in page_statements(page)
        for one in finder.targets(statement)
    ]
    ordered = sorted(
        _once(_weighed(found, len(pages))),
        key=lambda f: (f.statement.page, f.statement.start, f.start),
    )
    return tuple(_target(one, report) for one in ordered)


def _weighed(found: list[Found], pages: int) -> list[Found]:
    """The best first: complete statements, on pages with several targets, early in the report."""
    density = Counter(one.statement.page for one in found)

    def weight(one: Found) -> float:
        page = one.statement.page
        return one.weight + min(2.0, 0.4 * density[page]) - 2.0 * page / max(1, pages)

    return sorted(found, key=lambda one: (-weight(one), one.statement.page, one.statement.start))


def _once(found: list[Found]) -> list[Found]:
    """Each target once; what a shorter statement of it leaves open is filled in from another."""
    kept: list[Found] = []
    for one in found:
        for index, best in enumerate(kept):
            if _same(best, one):
                kept[index] = replace(
                    best,
                    scopes=best.scopes or one.scopes,
                    base_year=best.base_year or one.base_year,
                    target_year=best.target_year or one.target_year,
                )
                break
        else:
            kept.append(one)
    return kept


def _same(one: Found, other: Found) -> bool:
    """Whether two statements state one target: nothing that both say differs."""
    if one.kind == other.kind == "sbti_status":
        return True
    reductions = {"reduction_absolute", "reduction_intensity"}
    kinds = one.kind == other.kind or (
        {one.kind, other.kind} == reductions and None in (one.scopes, other.scopes)
    )
    if not kinds or (one.percent, one.per_year) != (other.percent, other.per_year):
        return False
    if one.kind == "other" and one.topic != other.topic:
        return False
    if one.kind == "net_zero" and None in (one.target_year, other.target_year):
        return True
    pairs = ((one.scopes, other.scopes), (one.base_year, other.base_year))
    if any(a is not None and b is not None and a != b for a, b in pairs):
        return False
    return one.target_year == other.target_year


def _target(found: Found, report: str) -> Target:
    statement = found.statement
    quote, start = statement.text, statement.start
    if len(quote) > _LONGEST_QUOTE:
        quote = _cut(quote, found)
        start = -1
    parts = (report, statement.page, found.kind, found.target_year, found.percent, found.scopes)
    key = "|".join(map(str, (*parts, quote)))
    return Target(
        id="t-" + hashlib.sha256(key.encode()).hexdigest()[:12],
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
            end=statement.end if start >= 0 else None,
        ),
    )


def _cut(text: str, found: Found) -> str:
    """The part of a long statement that holds the target, cut at words."""
    middle = (found.start + min(found.end, len(text))) // 2
    left = max(0, min(found.start, middle - _LONGEST_QUOTE // 2))
    right = min(len(text), left + _LONGEST_QUOTE)
    left = text.rfind(" ", 0, left) + 1 if left else 0
    right = text.rfind(" ", 0, right) if right < len(text) else right
    return text[left:right]
