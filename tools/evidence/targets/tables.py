"""Targets in tables whose columns are the target years ("2025 | 2030 | 2045")."""

import re
from collections.abc import Iterator

from tools.evidence.targets.aims import is_intensity
from tools.evidence.targets.data import wording
from tools.evidence.targets.found import Found
from tools.evidence.targets.places import scopes_of
from tools.evidence.targets.statements import Statement
from tools.evidence.verify.mentions import read_mentions
from tools.pdf.page import PageRecord, Row

_YEAR = re.compile(r"^(?:FY)?(20\d\d)$")
_HEAD = re.compile(r"\btarget|\bgoal|\bziel", re.IGNORECASE)
_DOWN = re.compile(r"\(?\s?[–−-]\s?(\d{1,3}(?:[.,]\d+)?)\s?%\)?")
_ABOVE, _BELOW, _LABEL = 5, 14, 2
_ASIDE = 45.0
"""Points that a value may stand beside the middle of its column."""


def table_targets(page: PageRecord, report_year: int) -> Iterator[Found]:
    """Reductions in rows under a header of target years, "(-35%)" under 2025 and so on."""
    if not _DOWN.search(page.text) or not _HEAD.search(page.text):
        return
    for index, row in enumerate(page.rows):
        years = _target_years(row, report_year)
        above = page.rows[max(0, index - _ABOVE) : index]
        if not years or not any(_HEAD.search(r.text) for r in above):
            continue
        base = _base(page.rows[max(0, index - 1) : index + 1], report_year)
        for at in range(index + 1, min(len(page.rows), index + 1 + _BELOW)):
            yield from _row_targets(page, at, years, base)
        return


def _target_years(row: Row, report_year: int) -> list[tuple[int, float]]:
    """The years of a header row with the middle of their column, when they are all to come."""
    found = [
        (int(m.group(1)), (word.x0 + word.x1) / 2)
        for word in row.words
        if (m := _YEAR.match(word.text))
    ]
    ahead = [one for one in found if one[0] > report_year]
    return ahead if ahead and len(found) - len(ahead) <= 1 else []


def _base(rows: tuple[Row, ...], report_year: int) -> int | None:
    text = " ".join(row.text for row in rows)
    if "base" not in text.lower():
        return None
    past = [int(y) for y in re.findall(r"\b(20[012]\d)\b", text) if int(y) <= report_year]
    return past[0] if past else None


def _aligned(row: Row, shares: list[str], years: list[tuple[int, float]]) -> bool:
    """Whether each share stands in the column of its year."""
    return all(
        any(
            share in word.text and abs((word.x0 + word.x1) / 2 - middle) < _ASIDE
            for word in row.words
        )
        for share, (_, middle) in zip(shares, years, strict=True)
    )


def _row_targets(
    page: PageRecord, at: int, years: list[tuple[int, float]], base: int | None
) -> Iterator[Found]:
    line = page.rows[at].text
    shares = _DOWN.findall(line)
    if len(shares) != len(years) or not _aligned(page.rows[at], shares, years):
        return
    around = " ".join(r.text for r in page.rows[max(0, at - 1) : at + _LABEL])
    lowered = around.lower()
    kind = wording().kind_of(lowered)
    if kind not in {"reduction_absolute", "reduction_intensity"}:
        return
    if is_intensity(lowered) or re.search(r"/\s?(?:eur|€|unit|t\b|fte)", lowered):
        kind = "reduction_intensity"
    statement = Statement(page.number, line, line.lower(), -1, -1, "", sentence=False)
    scopes = scopes_of(line.lower(), read_mentions(around), None)
    for (year, _), share in zip(years, shares, strict=True):
        yield Found(
            statement,
            kind,
            scopes=scopes,
            base_year=base,
            target_year=year,
            percent=float(share.replace(",", ".")),
            right=len(line),
            weight=1.0,
        )
