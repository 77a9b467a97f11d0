"""One sighting of a KPI value on a page, before sightings are weighed against each other."""

from dataclasses import dataclass, replace
from typing import Literal

from tools.evidence.kpis.labels import Basis
from tools.evidence.units import Unit

Way = Literal["table", "year rows", "row", "text", "lines", "prose"]
"""How the value was read: word boxes under a year header, rows that are years, a single visual
row, the text of a page that has no boxes, the text beside the boxes (confirms only), a sentence."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A value with everything that was read beside it. `page` is the 1-based PDF page."""

    kpi: str
    year: int
    value: float
    printed: str
    decimals: int
    unit: Unit | None
    unit_printed: str
    page: int
    way: Way
    label: str
    exact: bool
    """The label names the KPI and nothing else."""
    clean: bool = True
    """Headings and columns name the group or nothing, not a part of it."""
    section: str = ""
    caption: str = ""
    row: int = -1
    sentence: str = ""
    """For prose and lines: the stretch of text it was read from."""
    basis: Basis | None = None
    boundary: str = ""
    variant: str = ""
    unit_stated: bool = True
    """The unit is printed in the row, column, heading or caption; else it was inferred."""
    year_stated: bool = True
    """The year is printed with the value or over its column; else it was inferred."""
    total: bool = False
    """The label, column or heading says that it is the total of the group."""
    limit: bool = False
    checks: tuple[str, ...] = ()
    """What the table itself bears out, in words ("change of -2.1 % printed beside it")."""
    flags: tuple[str, ...] = ()
    table: int = -1
    """Number of the table on its page."""

    @property
    def base(self) -> float:
        """The value in the base unit of its dimension."""
        return self.value * self.unit.factor if self.unit is not None else self.value

    @property
    def precision(self) -> float:
        """Half a unit of the last printed place, in the base unit."""
        factor = self.unit.factor if self.unit is not None else 1.0
        return 0.5 * 10.0 ** (-self.decimals) * factor

    def agrees(self, other: "Observation") -> bool:
        """The same quantity up to the rounding of the coarser of the two."""
        tolerance = max(self.precision, other.precision) * 1.02
        scale = max(abs(self.base), abs(other.base))
        return abs(self.base - other.base) <= max(tolerance, 1e-9 * scale)

    def with_check(self, check: str) -> "Observation":
        return self if check in self.checks else replace(self, checks=(*self.checks, check))
