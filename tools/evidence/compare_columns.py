"""The columns of the industry table, from `columns.yaml`."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from agent.errors import ConfigurationError

_FILE = Path(__file__).with_name("columns.yaml")
REPORTED = "reported"
"""The unit of a column whose cells keep their own unit."""


class ColumnSpec(BaseModel):
    """One column: which KPI on which basis, and the unit its cells are brought to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kpi: str
    title: str
    unit: str
    basis: Literal["market", "location"] | None = None
    of: str = ""
    """What a share is of ("electricity"), where that splits the KPI; see `wording.qualifier`."""
    always: bool = False


@cache
def table_columns() -> tuple[ColumnSpec, ...]:
    """The columns in order. Raises ConfigurationError where the file is not valid."""
    try:
        entries = yaml.safe_load(_FILE.read_text("utf-8"))
        return tuple(TypeAdapter(list[ColumnSpec]).validate_python(entries))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"{_FILE.name} is not valid: {error}", "Correct the file."
        ) from error
