"""Which pages are a framework's content index."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.evidence.coverage_data import Framework, wording
from tools.pdf.page import PageRecord

_HEADED, _UNHEADED, _CONTINUED = 4, 9, 3
"""Different disclosures a page needs to be an index: under a heading, without, after another."""
_HEADING_LENGTH = 90
_COLUMNS = re.compile(
    r"\b(?:page|pages|location|seite|omission|remarks?|comments?|notes?|reference|disclosure|status)s?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ContentIndex:
    """The index of one framework. `headed` tells that a heading names it."""

    framework: str
    pages: tuple[int, ...]
    headed: bool = True


@dataclass(slots=True)
class _Signs:
    headed: bool
    disclosures: int


def find_indexes(pages: Sequence[PageRecord]) -> tuple[ContentIndex, ...]:
    """The content indexes of a report by framework; a page that cites a few codes is none."""
    found: list[ContentIndex] = []
    for framework in wording().frameworks:
        found.extend(_indexes(framework, pages))
    return tuple(sorted(found, key=lambda index: index.pages))


def _indexes(framework: Framework, pages: Sequence[PageRecord]) -> list[ContentIndex]:
    found: list[ContentIndex] = []
    run: list[int] = []
    for page in pages:
        if _is_index(framework, page, after_index=bool(run) and run[-1] == page.number - 1):
            run.append(page.number)
        elif run:
            found.append(ContentIndex(framework.name, tuple(run)))
            run = []
    if run:
        found.append(ContentIndex(framework.name, tuple(run)))
    return found


def _is_index(framework: Framework, page: PageRecord, *, after_index: bool) -> bool:
    signs = _signs(framework, page, bare=after_index)
    if after_index:
        return signs.disclosures >= (1 if framework.phrases else _CONTINUED)
    if signs.headed:
        least = 2 if framework.phrases else _HEADED
        return signs.disclosures >= least
    return signs.disclosures >= _UNHEADED and bool(_COLUMNS.search(page.text))


def _signs(framework: Framework, page: PageRecord, *, bare: bool) -> _Signs:
    text = page.text
    codes: set[str] = set(framework.code.findall(text)) if framework.code else set()
    phrases = sum(bool(phrase.search(text)) for phrase in framework.phrases.values())
    may_bare = framework.bare is not None and len(framework.bare.findall(text)) >= _HEADED
    if not (bare or may_bare or len(codes) + phrases >= min(2, _HEADED)):
        return _Signs(headed=False, disclosures=len(codes) + phrases)
    headed = has_heading(framework, page)
    if framework.bare and (headed or bare):
        codes |= set(framework.bare.findall(text))
    return _Signs(headed=headed, disclosures=len(codes) + phrases)


def has_heading(framework: Framework, page: PageRecord) -> bool:
    """A short line of the page names the framework's index, and it is no line of a menu."""
    return any(
        framework.heading.search(row.text)
        and len(row.text) <= _HEADING_LENGTH
        and not re.search(r"\d{1,3}$", row.text.strip())
        for row in page.rows
    )
