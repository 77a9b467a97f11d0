"""Which pages of a report are its content indexes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from tools.evidence.coverage.data import Framework, frameworks
from tools.evidence.identity.lines import head_lines, page_lines
from tools.pdf.page import PageRecord

_HEADING_WITHIN = 14
"""A heading stands among the first lines of its page; below it may be further ones."""
_LONGEST_HEADING = 110
_LEAST_CODES = 4
_MANY_CODES = 9
_LONGEST_CHAPTER = 16
_LINES_BEGUN = 6
_YEARS = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NUMBERED = re.compile(r"\d+(?:\.\d+)+\.?(?:\s|$)")


@dataclass(frozen=True, slots=True)
class IndexSection:
    """The pages of one framework's index, in order; `columns` where the references stand in
    columns beside the figures."""

    framework: str
    pages: tuple[int, ...]
    columns: bool = False


def index_sections(pages: Sequence[PageRecord]) -> tuple[IndexSection, ...]:
    """Find every content index of a report."""
    running = {_plain(line) for line in head_lines(pages).running}
    lines = {
        page.number: [line for line in page_lines(page) if _plain(line) not in running]
        for page in pages
    }
    found: list[IndexSection] = []
    for framework in frameworks().frameworks:
        numbers = _indexed(framework, pages, lines)
        if numbers:
            found.append(IndexSection(framework.name, tuple(numbers)))
    found = _with_shared_tables(found, lines)
    taken = {number for section in found for number in section.pages}
    found += _column_sections(pages, lines, taken)
    return tuple(found)


def _with_shared_tables(
    found: list[IndexSection], lines: dict[int, list[str]]
) -> list[IndexSection]:
    """Add frameworks whose entries stand in another one's table, each line led by its name."""
    pages = {number for section in found for number in section.pages}
    by_name = {section.framework: set(section.pages) for section in found}
    for framework in frameworks().frameworks:
        names = "|".join(framework.entries)
        lead = re.compile(rf"{re.escape(framework.columns)}\s+(?:{names})", re.IGNORECASE)
        if framework.code is not None:
            lead = re.compile(rf"(?={re.escape(framework.columns)}\s+\S)(?:{framework.code.pattern})")
        for number in pages:
            led = {match.group() for line in lines[number] if (match := lead.match(line))}
            if len(led) >= 2:
                by_name.setdefault(framework.name, set()).add(number)
    return [IndexSection(name, tuple(sorted(numbers))) for name, numbers in by_name.items()]


def _plain(line: str) -> str:
    return re.sub(r"\d+", "#", line).casefold()


def _indexed(
    framework: Framework, pages: Sequence[PageRecord], lines: dict[int, list[str]]
) -> list[int]:
    numbers: list[int] = []
    head: str | None = None
    numbered = False
    for page in pages:
        texts = lines[page.number]
        opens = _opening(framework, texts)
        if opens is not None and _is_index(framework, texts, opens):
            numbers.append(page.number)
            head = _head_line(texts) or head
            numbered = bool(texts) and bool(_NUMBERED.match(texts[0]))
            continue
        going_on = bool(numbers) and numbers[-1] == page.number - 1
        if going_on and _goes_on(framework, texts, head, numbered=numbered, so_far=len(numbers)):
            numbers.append(page.number)
        elif _reads_as_index(framework, texts):
            numbers.append(page.number)
            head = _head_line(texts)
    return numbers


def _reads_as_index(framework: Framework, lines: Sequence[str]) -> bool:
    """An index without a heading: a line of heads over many codes, or line after line that
    begins with a code. A table of figures that names codes has years in its head."""
    if framework.code is None or any(len(_YEARS.findall(line)) >= 2 for line in lines[:25]):
        return False
    matches = [framework.code.match(line) for line in lines]
    begun = sum(bool(m and re.search(r"\d-\d|[A-Z]\d?-|\.", m.group(1) or "")) for m in matches)
    if begun >= _LINES_BEGUN:
        return True
    return _codes(framework, lines) >= _MANY_CODES and _head_line(lines) is not None


def _opening(framework: Framework, lines: Sequence[str]) -> int | None:
    """Where a heading of the framework's index stands: among the first lines, or further down
    where it says "index" or a line of column heads follows it."""
    for at, line in enumerate(lines):
        low = at >= _HEADING_WITHIN
        if low and "index" not in line.casefold() and not _head_line(lines[at + 1 : at + 4]):
            continue
        for text in (line, f"{line} {lines[at + 1]}" if at + 1 < len(lines) else line):
            if len(text) <= _LONGEST_HEADING and framework.heading.fullmatch(text.strip(" :|")):
                return at
    return None


def _is_index(framework: Framework, lines: Sequence[str], at: int) -> bool:
    """Whether what follows a heading is an index: a head line, codes, or named entries."""
    below = lines[at:]
    if framework.code is not None:
        least = _LEAST_CODES if _head_line(below) else 2 * _LEAST_CODES
        return _codes(framework, below) >= least
    named = _entries(framework, below)
    if _head_line(below) and named >= 1:
        return True
    return framework.prose and at <= 3 and named >= 1 and len(lines) > 12


def _goes_on(
    framework: Framework,
    lines: Sequence[str],
    head: str | None,
    *,
    numbered: bool,
    so_far: int,
) -> bool:
    """Whether the next page still belongs to the index that began before it."""
    if not lines or _other_opening(framework, lines):
        return False
    own = _head_line(lines)
    same_head = head is not None and own is not None and fuzz.ratio(head, own) >= 80
    if framework.code is not None:
        return _codes(framework, lines) >= _LEAST_CODES or (
            same_head and _codes(framework, lines) >= 1
        )
    if same_head:
        return True
    if not framework.prose or so_far >= _LONGEST_CHAPTER:
        return False
    if numbered:
        return not _NUMBERED.match(lines[0])
    return bool(re.search(r"\bpages?\s\d", " ".join(lines), re.IGNORECASE))


def _other_opening(framework: Framework, lines: Sequence[str]) -> bool:
    return any(
        other.name != framework.name
        and (at := _opening(other, lines)) is not None
        and at <= 3
        and _is_index(other, lines, at)
        for other in frameworks().frameworks
    )


def _head_line(lines: Sequence[str]) -> str | None:
    """A line of column heads: short, and mostly of words that head an index's columns."""
    known = frameworks().head_words
    for line in lines[:_HEADING_WITHIN]:
        words = [w.strip("():/,").casefold() for w in re.split(r"[\s/]+", line)]
        words = [w for w in words if w]
        hits = sum(w in known for w in words)
        if hits >= 2 and len(words) <= 14 and hits >= 0.3 * len(words):
            return line.casefold()
    return None


def _codes(framework: Framework, lines: Sequence[str]) -> int:
    """Different codes at or near the beginning of lines."""
    if framework.code is None:
        return 0
    found = set()
    for line in lines:
        for match in framework.code.finditer(line[:70]):
            found.add(next(group for group in match.groups() if group))
    return len(found)


def _entries(framework: Framework, lines: Sequence[str]) -> int:
    """Different named disclosures: at the beginning of lines, in tables anywhere."""
    names = [re.compile(name, re.IGNORECASE) for name in framework.entries]
    if not framework.prose:
        text = " ".join(lines)
        return sum(bool(name.search(text)) for name in names)
    return sum(any(name.match(line) for line in lines) for name in names)


def _column_sections(
    pages: Sequence[PageRecord], lines: dict[int, list[str]], taken: set[int]
) -> list[IndexSection]:
    """Data tables with reference columns: a head line names two frameworks or more."""
    by_framework: dict[str, list[int]] = {}
    for page in pages:
        if page.number in taken:
            continue
        for framework in frameworks().frameworks:
            if any(_names_columns(framework, line) for line in lines[page.number]):
                by_framework.setdefault(framework.name, []).append(page.number)
    return [
        IndexSection(name, tuple(numbers), columns=True)
        for name, numbers in by_framework.items()
        if len(numbers) >= 2
    ]


def _names_columns(framework: Framework, line: str) -> bool:
    words = set(re.split(r"[\s/|,()]+", line))
    named = [f.columns for f in frameworks().frameworks if set(f.columns.split()) <= words]
    years = re.findall(r"20\d\d", line)
    return framework.columns in named and len(named) >= 2 and len(years) >= 2
