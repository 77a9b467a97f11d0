"""Ranks addresses found on the web, in code only, and says why."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from agent.domain import Company, ReportChoice
from agent.prompts.hygiene import plain_name
from tools.search.known import name_key
from tools.search.provider import Hit
from tools.search.words import plain, ranking_words
from tools.web.domains import host_of, on_domains, registrable

THRESHOLD = 60
"""From this score on a document is fetched without asking; below it the user chooses."""

_OLDEST = 2005
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:\s?[-–/_]\s?(20)?(\d\d))?(?!\d)")
_SHORT_YEAR = re.compile(r"\bfy[\s_-]?(\d\d)(?:[-/_](\d\d))?(?!\d)")
_ENGLISH = re.compile(r"(?<![a-z])(?:en|eng|english)(?![a-z])")
_OTHER_LANGUAGE = re.compile(
    r"(?<![a-z])(?:de|deutsch|german|fr|francais|french|es|espanol|spanish|it|italiano|pt|zh|cn|"
    r"chinese|jp|ja|japanese|ko|nl|sv|fi|no|da|pl)(?![a-z])"
)


class _Score:
    def __init__(self) -> None:
        self.value = 0.0
        self.reasons: list[str] = []
        self.warnings: list[str] = []

    def add(self, points: float, reason: str) -> None:
        self.value += points
        self.reasons.append(f"{reason} ({points:+.0f})")


def rank(
    hits: Iterable[Hit], company: Company, year: int | None, this_year: int
) -> tuple[ReportChoice, ...]:
    """The hits as choices, best first, each address once; hopeless ones are left out."""
    best: dict[str, ReportChoice] = {}
    for hit in hits:
        choice = score(hit, company, year, this_year)
        known = best.get(choice.url)
        if choice.score > 0 and (known is None or choice.score > known.score):
            best[choice.url] = choice
    return tuple(sorted(best.values(), key=lambda item: (-item.score, item.url)))


def score(hit: Hit, company: Company, year: int | None, this_year: int) -> ReportChoice:
    """One hit with its score and the reasons for it."""
    result = _Score()
    official = _host(hit, company, result)
    title, name = plain(hit.title), plain(_file_name(hit.url))
    _kind(hit, title, name, result)
    found = years(title, this_year) or years(name, this_year)
    _year(found, year, this_year, result)
    text = f"{title} {plain(unquote(hit.url))}"
    if not official and not _names(company, text):
        result.add(-40, "does not name the company")
    language = f"{title} {name}"
    if _ENGLISH.search(language):
        result.add(3, "in English")
    elif _OTHER_LANGUAGE.search(language):
        result.add(-2, "in another language")
    return ReportChoice(
        url=hit.url,
        title=plain_name(hit.title) or _file_name(hit.url),
        host=host_of(hit.url),
        provider=hit.provider,
        linked_from=hit.linked_from,
        official=official,
        year=max(found, default=None),
        score=result.value,
        reasons=tuple(result.reasons),
        warnings=tuple(result.warnings),
    )


def years(text: str, this_year: int) -> tuple[int, ...]:
    """Years a title or file name gives; "2024/25" gives both. Later ones than now are targets."""
    found: list[int] = []
    for match in _YEAR.finditer(text):
        found.append(int(match[1]))
        if match[3] and int(match[3]) == int(match[1]) % 100 + 1:
            found.append(2000 + int(match[3]))
    for match in _SHORT_YEAR.finditer(text):
        found += (2000 + int(digits) for digits in match.groups() if digits)
    return tuple(year for year in dict.fromkeys(found) if _OLDEST <= year <= this_year)


def _host(hit: Hit, company: Company, result: _Score) -> bool:
    """Whether the address is the company's own, or stands on a page of its own."""
    host = host_of(hit.url)
    if registrable(host) in ranking_words().aggregators:
        result.add(-50, f"{host} copies reports of many companies")
        result.warnings.append(f"{host} is not the company's own site.")
        return False
    if company.domains and on_domains(hit.url, company.domains):
        sure = "" if company.domains_confirmed else ", as far as the directory knows"
        result.add(40, f"on the company's own site {host}{sure}")
        return True
    if hit.linked_from and on_domains(hit.linked_from, company.domains):
        result.add(30, f"linked from the company's own page at {host_of(hit.linked_from)}")
        return True
    result.warnings.append(f"{host} is not known as the company's own site.")
    brand = "".join(name_key(company.name))
    label = registrable(host).partition(".")[0].replace("-", "")
    if not company.domains and len(brand) >= 3 and label.startswith(brand):
        result.add(15, f"{host} bears the company's name")
    return False


def _kind(hit: Hit, title: str, name: str, result: _Score) -> None:
    words = ranking_words()
    if hit.pdf or urlsplit(hit.url).path.lower().endswith(".pdf"):
        result.add(10, "a PDF")
    if words.sustainability.search(title):
        result.add(20, "titled as a sustainability report")
    elif words.sustainability.search(name):
        result.add(15, "named as a sustainability report")
    elif words.annual.search(f"{title} {name}"):
        result.add(8, "an annual report, which may hold the sustainability statement")
    reports = (words.report, words.annual)
    if any(pattern.search(text) for pattern in reports for text in (title, name)):
        result.add(5, "calls itself a report")
    else:
        result.add(-15, "does not call itself a report")
    other = words.other.search(title) or words.other.search(name)
    if other:
        result.add(-45, f"looks like another document: {other.group()}")


def _year(found: tuple[int, ...], asked: int | None, this_year: int, result: _Score) -> None:
    if not found:
        return
    newest = max(found)
    if asked is not None:
        if asked in found:
            result.add(20, f"for {asked}")
        else:
            result.add(-40, f"for {newest}, not {asked}")
            result.warnings.append(f"Asked for {asked}; this one is for {newest}.")
        return
    age = this_year - newest
    points = {0: 21, 1: 20, 2: 12, 3: 5}.get(age, -5 * (age - 3))
    result.add(points, f"for {newest}")


def _names(company: Company, text: str) -> bool:
    """Whether the company's name stands in a title or address, whole or as its first word."""
    squeezed = re.sub(r"[^a-z0-9]", "", text)
    for name in (company.name, *company.aliases):
        key = name_key(name)
        if key and ("".join(key) in squeezed or (len(key[0]) >= 5 and key[0] in squeezed)):
            return True
    return False


def _file_name(url: str) -> str:
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
