"""Which pages are a framework's content index."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.evidence.coverage_data import Framework, wording
from tools.pdf.page import PageRecord

_HEADED, _IN_COLUMNS, _UNHEADED = 4, 5, 8
"""Disclosures a page needs to be an index: under a heading; under a row of column heads, and
as many rows that begin with a code without either."""
_BESIDE, _CONTINUED = 2, 2
"""Rows that begin with a code: beside another index on the page, and on the page after one."""
_HEADING_LENGTH = 90
_COLUMN = re.compile(
    r"\b(?:page|location|seite|omission|remark|comment|note|reference|disclosure|status|title|"
    r"fundstelle|angabe|anmerkung|kommentar)s?(?:en)?\b"
)
_COLUMN_ROW_LENGTH = 110
_LEAST_COLUMNS = 2
_PLACE = re.compile(r"\s\d{1,3}(?:[\s,;–-]|$)|\s[–-](?:\s|$)")
_MENU_END = re.compile(r"\d{1,3}$")


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LEAST_YEARS = 2


@dataclass(frozen=True, slots=True)
class ContentIndex:
    """The index of one framework, on pages that follow each other."""

    framework: str
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """What is looked at of a page: its text and its visual lines."""

    number: int
    text: str
    lines: tuple[str, ...]

    @property
    def has_columns(self) -> bool:
        """A short line names columns of an index ("Disclosure | Page | Remarks")."""
        return any(
            len(line) <= _COLUMN_ROW_LENGTH
            and len(set(_COLUMN.findall(line.lower()))) >= _LEAST_COLUMNS
            and not line.endswith(".")
            for line in self.lines
        )

    def reference_columns(self, framework: str) -> int:
        """How many frameworks have a column for their codes in the head that names this one."""
        return max(
            (len(names) for names in _reference_heads(self.lines) if framework in names), default=0
        )


def has_reference_column(page: PageRecord, framework: str) -> bool:
    """A head of years has a column for the framework's codes ("Unit 2023 2022 SASB GRI")."""
    return any(framework in names for names in _reference_heads([row.text for row in page.rows]))


def _reference_heads(lines: Sequence[str]) -> Iterator[set[str]]:
    """The frameworks that the heads of years among the lines have columns for."""
    known = {framework.name for framework in wording().frameworks}
    for line in lines:
        if len(line) <= _COLUMN_ROW_LENGTH and len(set(_YEAR.findall(line))) >= _LEAST_YEARS:
            yield known & set(line.split())


def find_indexes(pages: Sequence[PageRecord]) -> tuple[ContentIndex, ...]:
    """The content indexes of a report by framework; a page that cites a few codes is none."""
    frameworks = wording().frameworks
    found: dict[str, list[int]] = {framework.name: [] for framework in frameworks}
    for page in pages:
        lowered = page.text.lower()
        names = {f.name for f in frameworks if _may_be(f, page.number, lowered, found[f.name])}
        if not names:
            continue
        seen = _Page(page.number, page.text, tuple(row.text for row in page.rows))
        here = [f for f in frameworks if f.name in names and _is_index(f, seen, found[f.name])]
        new = [f for f in here if not _goes_on(seen.number, found[f.name])]
        if new:
            here = [f for f in here if f in new or not f.phrases or _headed(f, seen)]
        beside = [f for f in frameworks if here and f not in here and f.name in names]
        here += [f for f in beside if _leading_rows(f, seen, bare=False) >= _BESIDE]
        for framework in here:
            found[framework.name].append(page.number)
    indexes = [ContentIndex(name, run) for name, numbers in found.items() for run in _runs(numbers)]
    return tuple(sorted(indexes, key=lambda index: index.pages))


def _runs(numbers: Sequence[int]) -> list[tuple[int, ...]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [tuple(run) for run in runs]


def _goes_on(number: int, before: Sequence[int]) -> bool:
    """Whether the page before was the index."""
    return bool(before) and before[-1] == number - 1


def _may_be(framework: Framework, number: int, lowered: str, before: Sequence[int]) -> bool:
    """A quick look: the framework is named on the page, or its index may go on there."""
    if _goes_on(number, before):
        return True
    return any(hint in lowered for hint in framework.hints)


def _is_index(framework: Framework, page: _Page, before: Sequence[int]) -> bool:
    columns = page.reference_columns(framework.name)
    if columns and _references(framework, page) >= (1 if columns > 1 else _HEADED):
        return True
    if _goes_on(page.number, before):
        count = _count(framework, page.text)
        if framework.phrases and not framework.bare:
            return count >= 1 or (page.has_columns and framework.code is None)
        return _leading_rows(framework, page, bare=True) >= _CONTINUED
    if _headed(framework, page):
        count = _count(framework, page.text)
        bare = len(set(framework.bare.findall(page.text))) if framework.bare else 0
        return count + bare >= (1 if framework.phrases else _HEADED)
    if framework.phrases:
        return False
    leading = _leading_rows(framework, page, bare=False, placed=True)
    return leading >= (_IN_COLUMNS if page.has_columns else _UNHEADED)


def _references(framework: Framework, page: _Page) -> int:
    """Codes of the framework anywhere on the page, with or without its name."""
    patterns = [p for p in (framework.code, framework.bare) if p]
    return len({code for pattern in patterns for code in pattern.findall(page.text)})


def _count(framework: Framework, text: str) -> int:
    codes = len(set(framework.code.findall(text))) if framework.code else 0
    return codes + sum(len(phrase.findall(text)) for phrase in framework.phrases.values())


def _leading_rows(framework: Framework, page: _Page, *, bare: bool, placed: bool = False) -> int:
    """Lines that begin with a code, each code counted once; `placed`: and name a page after it."""
    patterns = [p for p in (framework.code, framework.bare if bare else None) if p]
    return len(
        {
            match.group()
            for line in page.lines
            for pattern in patterns
            if (match := pattern.match(line)) and (not placed or _PLACE.search(line, match.end()))
        }
    )


def _headed(framework: Framework, page: _Page) -> bool:
    """A short line names the framework's index, and it is no line of a table of contents."""
    return any(
        len(line) <= _HEADING_LENGTH
        and framework.heading.search(line)
        and not _MENU_END.search(line.strip())
        for line in page.lines
    )
