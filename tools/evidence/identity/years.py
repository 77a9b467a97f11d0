"""Which fiscal year a document reports on."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tools.evidence.identity.data import identity_data
from tools.evidence.identity.lines import HeadLines
from tools.pdf.page import PageRecord

_MONTH = r"(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäé]*\.?"
_STATED = re.compile(
    r"(?:(?:financial|fiscal|business|reporting)\s+(?:years?\s+)?(?:20\d\d\s?[/–-]\s?)?|geschäftsjahr\s+"
    r"(?:20\d\d\s?/\s?)?|exercice\s+|ejercicio\s+|esercizio\s+|boekjaar\s+|räkenskapsåret\s+"
    r"|reporting period\W+(?:\w+\W+){0,3}"
    rf"|years? end(?:ed|ing)\s+(?:\d{{1,2}}\.?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}),?\s+"
    rf"|(?:to|until|through|bis|–|-)\s+(?:\d{{1,2}}\.?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}),?\s+)"
    r"(20\d\d|\d\d(?=\b))\b",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\bFY\s?['’]?(20\d\d|\d\d)(?:\s?/\s?(?:20)?(\d\d))?\b")
_YEAR = re.compile(r"(?<![\d.,])(20\d\d)(?![\d.,]?\d)")
_DATE = re.compile(r"D?:?((?:19|20)\d\d)(\d\d)?")


@dataclass(frozen=True, slots=True)
class YearFound:
    """The fiscal year (None where nothing tells it), the year in the title, and why."""

    year: int | None
    title_year: int | None
    reason: str
    stated: bool = True
    """False where the year is only concluded from the date of publication."""


def fiscal_year(
    pages: Sequence[PageRecord], heads: HeadLines, metadata: Mapping[str, str], file_name: str
) -> YearFound:
    """Weigh what is stated, what the title says and what the newest table column is."""
    created, month = _created(metadata)
    latest = created or 2100
    stated = _stated_years(pages, latest)
    newest = _newest_columns(pages, latest)
    title = _title_year(heads, metadata, file_name, latest)
    votes: dict[int, float] = defaultdict(float)
    for counts, weight in ((stated, 5.0), (newest, 4.0)):
        top = max(counts.values(), default=0)
        for year, count in counts.items():
            votes[year] += weight * count / top
    if title:
        votes[_year_meant(title, votes, created, month)] += 5.0
    if not votes:
        return YearFound(None, title, "no fiscal year is stated")
    year = max(votes, key=lambda y: (votes[y], y))
    return YearFound(year, title, _reason(year, stated, newest, title), bool(stated or newest))


def _reason(year: int, stated: Counter[int], newest: Counter[int], title: int | None) -> str:
    grounds = []
    if stated[year]:
        grounds.append(f"“{year}” is stated as the reporting year on {stated[year]} pages")
    if newest[year]:
        grounds.append(f"{year} is the newest column of tables on {newest[year]} pages")
    if title == year:
        grounds.append("the title says so")
    elif title:
        grounds.append(f"the title's {title} is the year of publication")
    return ", ".join(grounds) or "concluded from the date of publication"


def _created(metadata: Mapping[str, str]) -> tuple[int | None, int]:
    for key, value in metadata.items():
        if key.casefold() == "creationdate" and (match := _DATE.search(value)):
            return int(match.group(1)), int(match.group(2) or 12)
    return None, 12


def _stated_years(pages: Sequence[PageRecord], latest: int) -> Counter[int]:
    """Pages that state a reporting year, by year; years after the file was made are outlooks."""
    counts: Counter[int] = Counter()
    for page in pages:
        found = {_full(m) for m in _STATED.findall(page.text)}
        found |= {_full(last or first) for first, last in _SHORT.findall(page.text)}
        counts.update(year for year in found if 2000 <= year <= latest)
    return counts


def _full(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _newest_columns(pages: Sequence[PageRecord], latest: int) -> Counter[int]:
    """The newest year of table headers: rows with neighbouring years and little else."""
    counts: Counter[int] = Counter()
    for page in pages:
        newest = set()
        for row in page.rows:
            text = row.text
            if text.count("20") < 2:
                continue
            years = [int(y) for y in _YEAR.findall(text)]
            run = len(years) >= 2 and all(abs(a - b) == 1 for a, b in pairwise(years))
            if run and max(years) <= latest and sum(c.isalpha() for c in text) < 40:
                newest.add(max(years))
        counts.update(newest)
    return counts


def _title_year(
    heads: HeadLines, metadata: Mapping[str, str], file_name: str, latest: int
) -> int | None:
    title = next((v for k, v in metadata.items() if k.casefold() == "title"), "")
    patterns = [p for kind in identity_data().kinds if kind.accepted for p in kind.title]
    votes: Counter[int] = Counter()
    lines = [(line, 2) for line in heads.cover] + [(line, 3) for line in heads.running]
    lines += [(title, 2)]
    for line, weight in lines:
        years = [int(y) for y in _YEAR.findall(line) if int(y) <= latest + 1]
        if len(set(years)) == 1 and any(p.search(line) for p in patterns):
            votes[years[0]] += weight
    for line in heads.cover[:8]:
        if _YEAR.fullmatch(line.strip()):
            votes[int(line.strip())] += 1
    for year in _YEAR.findall(file_name):
        votes[int(year)] += 1
    return max(votes, key=lambda y: (votes[y], y)) if votes else None


def _year_meant(title: int, votes: dict[int, float], created: int | None, month: int) -> int:
    """A report titled with its year of publication reports on the year before."""
    if votes.get(title - 1, 0.0) > votes.get(title, 0.0):
        return title - 1
    if not votes and created == title and month <= 8:
        return title - 1
    return title
