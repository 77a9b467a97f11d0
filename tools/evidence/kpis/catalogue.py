"""The catalogue of KPIs and the vocabulary of labels, read from YAML and validated."""

import re
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from agent.errors import ConfigurationError
from tools.evidence.units import Dimension

_PACKAGE = "tools.evidence.kpis"
_Model = TypeVar("_Model", bound=BaseModel)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kpi(_Entry):
    """One entry of the catalogue; see the head of catalogue.yaml for the meaning of fields."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    dimension: Dimension
    also_dimensions: tuple[Dimension, ...] = ()
    numerator: Dimension | None = None
    basis: bool = False
    range: tuple[float, float]
    unit: str = ""
    context: str = ""
    labels: tuple[str, ...] = Field(min_length=1)
    words: frozenset[str] = frozenset()
    not_: frozenset[str] = Field(default=frozenset(), alias="not")
    loose: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    pairs: tuple[tuple[str, str], ...] = ()
    variants: dict[str, tuple[str, ...]] = {}
    datapoints: dict[Literal["gri", "esrs", "ifrs"], str] = {}

    @field_validator("range")
    @classmethod
    def _ordered(cls, value: tuple[float, float]) -> tuple[float, float]:
        if value[0] > value[1]:
            raise ValueError("the lower end of the range is above the upper end")
        return value

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """Dimensions a value of this KPI may be printed in."""
        return frozenset({self.dimension, *self.also_dimensions})


class Catalogue(_Entry):
    """All KPIs, with the macros their labels use."""

    macros: dict[str, str]
    kpis: tuple[Kpi, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "Catalogue":
        ids = [kpi.id for kpi in self.kpis]
        doubled = {kpi for kpi in ids if ids.count(kpi) > 1}
        if doubled:
            raise ValueError(f"entered twice: {', '.join(sorted(doubled))}")
        for kpi in self.kpis:
            if kpi.context and kpi.context not in ids:
                raise ValueError(f"{kpi.id}: context {kpi.context} is no entry")
            for label in kpi.labels:
                label_pattern(label, self.macros)
        return self

    def get(self, kpi: str) -> Kpi:
        """The entry of an id. Raises KeyError for an unknown one."""
        return self.by_id[kpi]

    @property
    def by_id(self) -> dict[str, Kpi]:
        return {kpi.id: kpi for kpi in self.kpis}


class Vocabulary(_Entry):
    """Words of labels, headings and columns; see vocabulary.yaml."""

    neutral: frozenset[str]
    parts: frozenset[str]
    places: frozenset[str]
    topics: frozenset[str]
    boundaries: dict[str, tuple[str, ...]]
    market: tuple[str, ...]
    location: tuple[str, ...]
    target_columns: frozenset[str]
    change_columns: frozenset[str]
    total_columns: frozenset[str]
    base_columns: frozenset[str]
    restated: frozenset[str]
    triggers: tuple[str, ...]


def label_pattern(label: str, macros: dict[str, str]) -> re.Pattern[str]:
    """The regular expression of a catalogue label. Raises ValueError for an unknown macro."""
    unknown = [name for name in re.findall(r"\{(\w+)\}", label) if name not in macros]
    if unknown:
        raise ValueError(f"label {label!r} uses the unknown macro {unknown[0]!r}")
    text = re.sub(r"\{(\w+)\}", lambda m: macros.get(m[1], m[0]), label)
    text = text.replace(" ?", "[\t-]?").replace(" ", r"[\s-]+").replace("\t", r"\s")
    return re.compile(rf"(?<![\w-])(?:{text})(?![\w])")


@cache
def catalogue() -> Catalogue:
    """The catalogue. Raises ConfigurationError where the file does not hold."""
    return _load("catalogue.yaml", Catalogue)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary. Raises ConfigurationError where the file does not hold."""
    return _load("vocabulary.yaml", Vocabulary)


def _load(name: str, model: type[_Model]) -> _Model:
    try:
        data: Any = yaml.safe_load(resources.files(_PACKAGE).joinpath(name).read_text("utf-8"))
        return model.model_validate(data)
    except (ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"The KPI file {name} does not hold: {error}", "Correct the entry it names."
        ) from error
