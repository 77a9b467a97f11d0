"""Reads the directory's data files."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from agent.domain import Company, Industry
from agent.errors import ConfigurationError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LIST = ";"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the data files say, parsed."""

    industries: tuple[Industry, ...]
    terms: dict[str, tuple[str, ...]]
    """Names and synonyms by industry id."""
    companies: dict[str, tuple[Company, ...]]
    """Companies by industry id, in the order of the file."""


@cache
def read_catalogue() -> Catalogue:
    """The project's own industries and companies, then the fictional ones where present.

    Raises:
        ConfigurationError: a file cannot be parsed.
    """
    data = files("tools.directory") / "data"
    names: dict[str, Any] = read_yaml(data / "industries.yaml")
    synonyms: dict[str, list[str]] = read_yaml(data / "synonyms.yaml")
    industries = [Industry(id=key, name=value["name"]) for key, value in names.items()]
    companies: dict[str, list[Company]] = {industry.id: [] for industry in industries}
    for row in csv.DictReader((data / "companies.csv").read_text(encoding="utf-8").splitlines()):
        company = Company(
            id=row["id"],
            name=row["name"],
            aliases=split_list(row["aliases"]),
            country=row["country"],
        )
        for industry_id in split_list(row["industries"]):
            companies[industry_id].append(company)
    for company, industry_id in fictional_companies():
        if industry_id not in companies:
            name = industry_id.replace("-", " ").capitalize()
            industries.append(Industry(id=industry_id, name=name, fictional=True))
            companies[industry_id] = []
        companies[industry_id].append(company)
    return Catalogue(
        industries=tuple(industries),
        terms={item.id: (item.name, *synonyms.get(item.id, ())) for item in industries},
        companies={key: tuple(value) for key, value in companies.items()},
    )


def fictional_companies() -> list[tuple[Company, str]]:
    """The companies of the sample reports, each with its industry id."""
    file = files("tools.library") / "samples" / "companies.yaml"
    if not file.is_file():
        return []
    return [
        (
            Company(
                id=row["id"],
                name=row["name"],
                aliases=tuple(row.get("aliases", ())),
                country=row.get("country", ""),
                fictional=True,
            ),
            row["industry"],
        )
        for row in read_yaml(file)["companies"]
    ]


def read_yaml(file: Traversable) -> Any:
    """Parse a YAML file.

    Raises:
        ConfigurationError: it is not valid YAML.
    """
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - safe loader
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{file.name} is not valid YAML.", "Correct the file.") from error


def split_list(cell: str) -> tuple[str, ...]:
    """The values of a cell that holds several."""
    return tuple(part.strip() for part in cell.split(_LIST) if part.strip())
