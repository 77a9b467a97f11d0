"""The targets a report states: what by when against what, each with its page and quote."""

import hashlib
from collections.abc import Sequence

from agent.domain import Evidence, Target
from tools.evidence.identity import own_names
from tools.evidence.identity.lines import head_lines
from tools.evidence.identity.years import fiscal_year
from tools.evidence.targets.extract import Finder, Found
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
    kept: dict[tuple[object, ...], Found] = {}
    for page in pages:
        for statement in page_statements(page):
            for found in finder.targets(statement):
                key = _key(found)
                if key not in kept or found.weight > kept[key].weight:
                    kept[key] = found
    merged = _merged(list(kept.values()))
    ordered = sorted(merged, key=lambda f: (f.statement.page, f.statement.start, f.start))
    return tuple(_target(found, report) for found in ordered)


def _key(found: Found) -> tuple[object, ...]:
    if found.kind == "sbti_status":
        return (found.kind,)
    about = found.topic if found.kind == "other" else ""
    return (found.kind, found.target_year, found.percent, found.scopes, found.per_year, about)


def _merged(found: list[Found]) -> list[Found]:
    """Leave out what is said again with less: the same target without its scopes or year."""

    def covers(wide: Found, narrow: Found) -> bool:
        same = (wide.kind, wide.percent, wide.per_year) == (narrow.kind, narrow.percent, narrow.per_year)
        years = wide.target_year == narrow.target_year or narrow.target_year is None
        scopes = wide.scopes == narrow.scopes or (
            narrow.scopes is None and (wide.kind != "net_zero" or wide.scopes == "1+2+3")
        )
        return same and years and scopes and (wide.target_year, wide.scopes) != (
            narrow.target_year,
            narrow.scopes,
        )

    return [one for one in found if not any(covers(other, one) for other in found if other is not one)]


def _target(found: Found, report: str) -> Target:
    statement = found.statement
    quote, start = statement.text, statement.start
    if len(quote) > _LONGEST_QUOTE:
        quote = _cut(quote, found)
        start = -1
    key = f"{report}|{statement.page}|{found.kind}|{found.target_year}|{found.percent}|{found.scopes}|{quote}"
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
