"""Reads the directory's data files."""

import csv
import io
from collections.abc import Iterable, Set
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from agent.domain import Company, Industry
from agent.errors import ConfigurationError

DATA = files("tools.directory") / "data"
COLUMNS = (
    "id",
    "name",
    "aliases",
    "industries",
    "country",
    "scale",
    "isin",
    "lei",
    "domains",
    "domains_confirmed_by",
    "report_page",
    "source",
    "checked_on",
)
_LISTS = ("aliases", "industries", "domains", "domains_confirmed_by", "source")
_Shape = TypeVar("_Shape")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _comma_separated(value: object) -> object:
    """The parts of a text with commas between them."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


WordList = Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_comma_separated)]
"""Several words, written with commas between them: quicker to read and to edit than a list."""


class DataFile(BaseModel):
    """Base of the shapes of data files: frozen, no unknown keys, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class IndustryRow(DataFile):
    """An industry of industries.yaml with its classes in three official systems."""

    name: str = Field(min_length=1)
    isic: list[str] = Field(min_length=1)
    nace: list[str] = Field(min_length=1)
    naics: list[str] = Field(min_length=1)


class Words(DataFile):
    """The words that mean an industry."""

    terms: WordList = []
    topics: WordList = []


class Synonyms(DataFile):
    """synonyms.yaml."""

    industries: dict[str, Words]
    broad: dict[str, WordList]
    broad_topics: dict[str, WordList]
    actors: WordList
    endings: WordList
    filler: WordList


class Region(DataFile):
    """A group of countries."""

    countries: WordList
    words: WordList = []


class Country(DataFile):
    """A country and how texts name it."""

    name: str
    words: WordList = []


class Regions(DataFile):
    """regions.yaml."""

    regions: dict[str, Region]
    countries: dict[str, Country]


@dataclass(frozen=True, slots=True)
class Listed:
    """A company with what only the directory keeps of it.

    `industries` are ids, the main one first; `scale` is a coarse band of annual revenue, no
    ranking; `source` names where the facts come from, `checked_on` the day they were looked at.
    """

    company: Company
    industries: tuple[str, ...]
    scale: str = ""
    source: tuple[str, ...] = ()
    checked_on: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the data files say."""

    industries: tuple[Industry, ...]
    codes: dict[str, IndustryRow]
    listed: tuple[Listed, ...]
    synonyms: Synonyms
    regions: Regions


def read_catalogue() -> Catalogue:
    """The project's own industries and companies, then the fictional ones where present.

    Raises:
        ConfigurationError: a file cannot be read as what it should be.
    """
    codes = read_shape(DATA / "industries.yaml", dict[str, IndustryRow])
    listed = _listed(read_rows(DATA / "companies.csv"))
    synonyms = read_shape(DATA / "synonyms.yaml", Synonyms)
    _all_known(codes.keys(), listed, synonyms)
    fictional = _fictional()
    industries = [Industry(id=key, name=row.name) for key, row in codes.items()]
    names = dict.fromkeys(entry.industries[0] for entry in fictional)
    industries += [
        Industry(id=key, name=f"{key.replace('-', ' ').capitalize()} industry", fictional=True)
        for key in names
    ]
    return Catalogue(
        industries=tuple(industries),
        codes=codes,
        listed=(*listed, *fictional),
        synonyms=synonyms,
        regions=read_shape(DATA / "regions.yaml", Regions),
    )


def _all_known(industries: Set[str], listed: list[Listed], synonyms: Synonyms) -> None:
    """Raise where a file names an industry that industries.yaml does not hold."""
    named = {industry: entry.company.id for entry in listed for industry in entry.industries}
    for words in (synonyms.broad, synonyms.broad_topics):
        named |= {
            industry: term for term, industries_of in words.items() for industry in industries_of
        }
    for industry in sorted(named.keys() - industries):
        raise ConfigurationError(
            f"“{named[industry]}” is put under “{industry}”, which is not in industries.yaml.",
            "Run isra directory check.",
        )


def read_rows(file: Traversable) -> list[dict[str, str]]:
    """The rows of companies.csv as they stand there.

    Raises:
        ConfigurationError: the columns are not the ones they should be.
    """
    reader = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ConfigurationError(
            f"{file.name} has other columns than expected.", f"They are: {', '.join(COLUMNS)}."
        )
    rows = list(reader)
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise ConfigurationError(
                f"Line {number} of {file.name} has not {len(COLUMNS)} cells.",
                "Put a text that holds a comma between quotation marks.",
            )
    return rows


def cells(row: dict[str, str]) -> dict[str, Any]:
    """A row with the cells that hold several values taken apart at ";"."""
    return {
        name: [part.strip() for part in value.split(";") if part.strip()]
        if name in _LISTS
        else value
        for name, value in row.items()
    }


def read_yaml(file: Traversable) -> Any:
    """Parse a YAML file.

    Raises:
        ConfigurationError: it is not valid YAML.
    """
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - safe
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{file.name} is not valid YAML.", "Correct it.") from error


def read_shape(file: Traversable, shape: type[_Shape]) -> _Shape:
    """Parse a YAML file as a shape.

    Raises:
        ConfigurationError: it is not valid YAML or has another shape.
    """
    try:
        return TypeAdapter(shape).validate_python(read_yaml(file))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"{file.name} is wrong at {place}: {first['msg']}.", "Correct it."
        ) from error


def _listed(rows: Iterable[dict[str, str]]) -> list[Listed]:
    listed: list[Listed] = []
    for row in map(cells, rows):
        company = Company(
            id=row["id"],
            name=row["name"],
            aliases=tuple(row["aliases"]),
            country=row["country"],
            isin=row["isin"],
            lei=row["lei"],
            domains=tuple(row["domains"]),
            domains_confirmed=bool(row["domains_confirmed_by"] or not row["domains"]),
            report_page=row["report_page"],
        )
        listed.append(
            Listed(
                company,
                tuple(row["industries"]),
                row["scale"],
                tuple(row["source"]),
                row["checked_on"],
            )
        )
    return listed


def _fictional() -> list[Listed]:
    """The companies of the sample reports, which are kept beside those reports."""
    file = files("tools.library") / "samples" / "companies.yaml"
    if not file.is_file():
        return []
    return [
        Listed(
            Company(
                id=row["id"],
                name=row["name"],
                aliases=tuple(row["aliases"]),
                country=row["country"],
                fictional=True,
            ),
            (row["industry"],),
        )
        for row in read_yaml(file)["companies"]
    ]
