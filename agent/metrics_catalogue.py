"""The catalogue of metrics: read from `metrics.yaml` and checked."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Kind = Literal["count", "distribution", "gauge"]
Unit = Literal["Seconds", "Count", "Percent", "None"]
ENVIRONMENT = "Environment"
"""The dimension every metric has."""
_VALUE = re.compile(r"[\w.:-]{1,64}")


class Metric(BaseModel):
    """One metric as the catalogue describes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Z][A-Za-z]+$", max_length=64)
    kind: Kind
    unit: Unit
    dimensions: tuple[str, ...] = Field(max_length=2)
    ids: tuple[str, ...] = ()
    meaning: str = Field(min_length=10)

    @field_validator("unit", mode="before")
    @classmethod
    def _no_unit(cls, value: object) -> object:
        # YAML reads the word as text, but an empty value means the same.
        return "None" if value is None else value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.name.endswith("Seconds") != (self.unit == "Seconds"):
            raise ValueError(f"{self.name}: a name ends in Seconds where that is its unit")
        for dimension in self.dimensions:
            if not re.fullmatch(r"[A-Z][A-Za-z]+", dimension) or dimension == ENVIRONMENT:
                raise ValueError(f"{self.name}: {dimension} cannot be a dimension of its own")
        if any(not re.fullmatch(r"[a-z_]+", name) for name in self.ids):
            raise ValueError(f"{self.name}: ids are written small")
        return self

    def check(self, kind: Kind, dimensions: Mapping[str, str], ids: Mapping[str, str]) -> None:
        """Whether it may be recorded like this.

        Raises ValueError where kind, dimensions or ids are not those of the catalogue, or the
        value of a dimension is none that a dashboard could name.
        """
        if kind != self.kind:
            raise ValueError(f"{self.name} is a {self.kind}, not a {kind}")
        if tuple(sorted(dimensions)) != tuple(sorted(self.dimensions)):
            raise ValueError(
                f"{self.name} has the dimensions {list(self.dimensions)}, not {list(dimensions)}"
            )
        if unknown := set(ids) - set(self.ids):
            raise ValueError(f"{self.name} has no field {', '.join(sorted(unknown))}")
        for name, value in dimensions.items():
            if not _VALUE.fullmatch(value):
                raise ValueError(f"{self.name}: the value of {name} is no short plain word")


class Catalogue(BaseModel):
    """All metrics, and the namespace they are in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    namespace: str = Field(pattern=r"^[A-Za-z]+$")
    metrics: tuple[Metric, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = Counter(metric.name for metric in self.metrics)
        if twice := [name for name, times in names.items() if times > 1]:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self

    def get(self, name: str) -> Metric:
        """One metric. Raises ValueError where there is none of this name."""
        for metric in self.metrics:
            if metric.name == name:
                return metric
        raise ValueError(f"there is no metric {name} in agent/metrics.yaml")


@cache
def load_catalogue() -> Catalogue:
    """The catalogue delivered with the code. Raises ValueError where the file is not valid."""
    text = files("agent").joinpath("metrics.yaml").read_text("utf-8")
    return Catalogue.model_validate(yaml.safe_load(text))
