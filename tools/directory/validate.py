"""Checks the directory's data files, so that a wrong row never reaches an analysis."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import pycountry
from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from stdnum import isin, lei

from tools.directory.files import (
    DATA,
    DataFile,
    IndustryRow,
    Regions,
    Synonyms,
    cells,
    read_rows,
    read_shape,
)
from tools.directory.words import key

Scale = Literal["very large", "large", "medium", "small"]
"""Annual revenue in USD: from 50 billion, from 10 billion, from 2 billion, below."""
Source = Literal["editor", "pytickersymbols", "eu_report_sources", "sp500_constituents"]
DomainSource = Literal["eu_report_sources"]
"""Sources that give addresses of companies' own reports; the others give no address."""
_FEWEST_COMPANIES = 10
_CODES = {"isic": r"\d{4}", "nace": r"\d\d\.\d\d", "naics": r"\d{6}"}
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a data file: the row or entry, and what is wrong with it."""

    where: str
    what: str


def _country(code: str) -> str:
    if pycountry.countries.get(alpha_2=code) is None or not code.isupper():
        raise ValueError(f"{code!r} is no ISO 3166 alpha-2 code")
    return code


def _isin(number: str) -> str:
    if number and (not isin.is_valid(number) or isin.compact(number) != number):
        raise ValueError(f"{number!r} is no ISIN (form, country or check digit)")
    return number


def _lei(number: str) -> str:
    if number and (not lei.is_valid(number) or lei.compact(number) != number):
        raise ValueError(f"{number!r} is no LEI (form or check digits)")
    return number


def _domain(name: str) -> str:
    if not _DOMAIN.fullmatch(name) or name.startswith("www."):
        raise ValueError(f"{name!r} is no bare domain such as example.com")
    return name


def _past(day: str) -> str:
    if date.fromisoformat(day) > date.today():
        raise ValueError(f"{day} lies in the future")
    return day


class CompanyRow(DataFile):
    """A row of companies.csv; what is not known is empty."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=2, pattern=r"^\S(.*\S)?$")]
    aliases: list[str]
    industries: Annotated[list[str], Field(min_length=1)]
    country: Annotated[str, AfterValidator(_country)]
    scale: Scale
    isin: Annotated[str, AfterValidator(_isin)]
    lei: Annotated[str, AfterValidator(_lei)]
    domains: list[Annotated[str, AfterValidator(_domain)]]
    domains_confirmed_by: list[DomainSource]
    report_page: str
    source: Annotated[list[Source], Field(min_length=1)]
    checked_on: Annotated[str, AfterValidator(_past)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [name.casefold() for name in (self.name, *self.aliases)]
        for field, values in (
            ("aliases", names),
            ("industries", self.industries),
            ("domains", self.domains),
        ):
            if len(set(values)) < len(values):
                raise ValueError(f"{field} says the same twice")
        if self.domains_confirmed_by and not self.domains:
            raise ValueError("domains_confirmed_by is filled, but domains is empty")
        if self.report_page:
            page = urlsplit(self.report_page)
            host = page.hostname or ""
            own = any(host == d or host.endswith(f".{d}") for d in self.domains)
            if page.scheme != "https" or not own:
                raise ValueError("report_page is not an https address of the company's domains")
        return self


def check(data: Traversable = DATA) -> list[Problem]:
    """Every problem of the data files; empty when all is well.

    Raises:
        ConfigurationError: a file cannot be read as what it should be.
    """
    industries = read_shape(data / "industries.yaml", dict[str, IndustryRow])
    synonyms = read_shape(data / "synonyms.yaml", Synonyms)
    regions = read_shape(data / "regions.yaml", Regions)
    raw = read_rows(data / "companies.csv")
    rows: list[CompanyRow] = []
    problems: list[Problem] = []
    for number, row in enumerate(raw, 2):
        found, parsed = _check_row(cells(row), row["id"] or f"line {number}")
        problems += found
        rows += parsed
    return [
        *problems,
        *_companies(rows, industries, regions),
        *_dead_columns(raw),
        *_industries(industries, rows),
        *_synonyms(synonyms, industries),
        *_regions(regions),
    ]


def _check_row(row: dict[str, Any], where: str) -> tuple[list[Problem], list[CompanyRow]]:
    """The problems of one row alone, and the row where it has none."""
    try:
        return [], [CompanyRow.model_validate(row)]
    except ValidationError as error:
        return [
            Problem(where, ": ".join((*(str(part) for part in item["loc"]), _reason(item))))
            for item in error.errors()
        ], []


def _reason(item: ErrorDetails) -> str:
    """What is wrong, in the words of the check that found it."""
    return item["msg"].removeprefix("Value error, ")


def _companies(
    rows: list[CompanyRow], industries: dict[str, IndustryRow], regions: Regions
) -> Iterator[Problem]:
    yield from _twice("id", ((row.id, row.id) for row in rows))
    yield from _twice("ISIN", ((row.isin, row.id) for row in rows if row.isin))
    yield from _twice("LEI", ((row.lei, row.id) for row in rows if row.lei))
    yield from _twice("domain", ((name, row.id) for row in rows for name in row.domains))
    yield from _twice(
        "name", ((n.casefold(), row.id) for row in rows for n in (row.name, *row.aliases))
    )
    for row in rows:
        for industry in row.industries:
            if industry not in industries:
                yield Problem(row.id, f"industry {industry!r} is not in industries.yaml")
        if row.country not in regions.countries:
            yield Problem(row.id, f"country {row.country} is not in regions.yaml")


def _twice(what: str, values: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    owners: dict[str, list[str]] = {}
    for value, owner in values:
        owners.setdefault(value, []).append(owner)
    for value, holding in owners.items():
        if len(holding) > 1:
            yield Problem(" and ".join(holding), f"share the {what} {value!r}")


def _dead_columns(raw: list[dict[str, str]]) -> Iterator[Problem]:
    for column in raw[0] if raw else ():
        if not any(row[column] for row in raw):
            yield Problem("companies.csv", f"no row fills the column {column!r}")


def _industries(industries: dict[str, IndustryRow], rows: list[CompanyRow]) -> Iterator[Problem]:
    sizes = Counter(industry for row in rows for industry in row.industries)
    for industry_id, row in industries.items():
        if sizes[industry_id] < _FEWEST_COMPANIES:
            yield Problem(industry_id, f"has {sizes[industry_id]} companies, fewer than 10")
        for system, form in _CODES.items():
            for code in getattr(row, system):
                if not re.fullmatch(form, code):
                    yield Problem(industry_id, f"{code!r} has not the form of {system.upper()}")


def _synonyms(synonyms: Synonyms, industries: dict[str, IndustryRow]) -> Iterator[Problem]:
    terms: dict[tuple[str, ...], list[str]] = {}
    for industry_id, words in synonyms.industries.items():
        if industry_id not in industries:
            yield Problem(industry_id, "has synonyms and is not in industries.yaml")
        for term in (*words.terms, *words.topics):
            terms.setdefault(key(term), []).append(industry_id)
    for term, meant in (*synonyms.broad.items(), *synonyms.broad_topics.items()):
        terms.setdefault(key(term), []).append("broad")
        unknown = [industry for industry in meant if industry not in industries]
        if unknown or len(meant) < 2:
            yield Problem(term, "a broad word means at least two industries of industries.yaml")
    for words_of, owners in terms.items():
        if len(owners) > 1:
            yield Problem(" ".join(words_of), f"stands more than once: {', '.join(owners)}")
        if not words_of:
            yield Problem(", ".join(owners), "has a term without letters")
    for industry_id in industries.keys() - synonyms.industries.keys():
        yield Problem(industry_id, "has no synonyms")


def _regions(regions: Regions) -> Iterator[Problem]:
    for code in regions.countries:
        if pycountry.countries.get(alpha_2=code) is None:
            yield Problem(code, "is no ISO 3166 alpha-2 code")
    places = {name: region.words for name, region in regions.regions.items()} | {
        country.name: country.words for country in regions.countries.values()
    }
    yield from _twice("word", ((w, name) for name, words in places.items() for w in words))
    for name, region in regions.regions.items():
        unknown = set(region.countries) - regions.countries.keys()
        if unknown:
            yield Problem(name, f"holds countries without an entry: {', '.join(sorted(unknown))}")
