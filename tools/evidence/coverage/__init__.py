"""Framework coverage as the report's own content indexes give it.

Each entry of an index becomes one `FrameworkCoverage`: disclosed, partly disclosed, omitted with
the reason given, or listed without a place (`not_found`), with the index page and its line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from agent.domain import Evidence, FrameworkCoverage
from tools.evidence.coverage.data import Framework, frameworks
from tools.evidence.coverage.sections import IndexSection, index_sections
from tools.pdf.page import PageRecord

__all__ = ["IndexSection", "extract_coverage", "index_sections"]

_LONGEST_ENTRY = 420
_LONGEST_TITLE = 120
_ANSWER_WORDS = 12
"""An entry with more words answers in the index itself."""
_PLACE = re.compile(
    r"(?:\bpp?\.?|\bpages?|\bseiten?|\bs\.)\s*\d+|(?:^|[\s(])\d{1,3}(?:\s?[-–~,f]\s?\d{0,3})*(?:\s|$|\))|"
    r"\b(?:report|website|chapter|section|see|annual|statement|www|https?)\b|●|✓|✔",
    re.IGNORECASE,
)
_PAGES = re.compile(r"(?:^|[\s(])\d{1,3}(?:\s?[-–~,]\s?\d{1,3})*(?=\s|$|\))|●")
_TITLE_END = re.compile(
    r"\s(?:\d{1,3}(?:\s?[-–,]\s?\d{1,3})*(?=\s|$)|[Pp]p?\.\s?\d|[Pp]ages?\s\d|●|○|✓)"
)


def extract_coverage(pages: Sequence[PageRecord], *, report: str) -> tuple[FrameworkCoverage, ...]:
    """All entries of all content indexes of one report; `report` is the PDF's sha256."""
    by_number = {page.number: page for page in pages}
    by_name = {framework.name: framework for framework in frameworks().frameworks}
    found: dict[tuple[str, str], FrameworkCoverage] = {}
    for section in index_sections(pages):
        for number in section.pages:
            entries = _entries(by_name[section.framework], by_number[number].text)
            for code, text in entries:
                entry = _coverage(section, number, code, text, report)
                known = found.get((entry.framework, entry.disclosure))
                if known is None or (known.status == "not_found" != entry.status):
                    found[entry.framework, entry.disclosure] = entry
    return tuple(entry for key, entry in found.items() if not _only_heads(key, found))


def _only_heads(key: tuple[str, str], found: Mapping[tuple[str, str], FrameworkCoverage]) -> bool:
    """ "GRI 302: Energy" stands over 302-1, "GRI 300" over all of them: no disclosures."""
    name, code = key
    if re.fullmatch(r"[2-4]00", code):
        return True
    return any(other.startswith(f"{code}-") for framework, other in found if framework == name)


def _entries(framework: Framework, text: str) -> Iterator[tuple[str, str]]:
    """Codes (or names) of a page with the text that belongs to each."""
    pattern = framework.code or re.compile(
        "|".join(
            rf"^(?:{re.escape(framework.columns)} )?(?:{name})\b" for name in framework.entries
        ),
        re.IGNORECASE | re.MULTILINE,
    )
    matches = list(pattern.finditer(text))
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        end = min(end, match.start() + _LONGEST_ENTRY)
        code = next((group for group in match.groups() if group), match.group())
        yield " ".join(code.split()), text[match.start() : end]


def _coverage(
    section: IndexSection, page: int, code: str, text: str, report: str
) -> FrameworkCoverage:
    flat = " ".join(text.split())
    after = flat[flat.find(code) + len(code) :].strip(" :–-")
    title = _TITLE_END.split(" " + after, maxsplit=1)[0].strip(" :–-●○")
    status, reason = _status(after, columns=section.columns)
    return FrameworkCoverage.model_validate(
        {
            "framework": section.framework,
            "disclosure": code,
            "title": title[:_LONGEST_TITLE],
            "status": status,
            "reason": reason,
            "evidence": Evidence(report=report, page=page, quote=flat),
        }
    )


def _status(text: str, *, columns: bool) -> tuple[str, str]:
    """Status and, where a disclosure is left out or partial, the words that say why."""
    if columns:
        return "disclosed", ""
    placed = _PLACE.search(text)
    for status, pattern in frameworks().status.items():
        match = pattern.search(text)
        if match is not None:
            reason = text[match.start() : match.start() + 160].strip()
            pages = _PAGES.search(text[: match.start()])
            return ("partial" if pages else status), reason
    answered = len(text.split()) > _ANSWER_WORDS
    return ("disclosed" if placed or answered else "not_found"), ""
