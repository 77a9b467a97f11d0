"""The analysis as one JSON document that can be read back and shown again."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.domain import Analysis
from agent.errors import InputError


class Bundle(BaseModel):
    """A published analysis with the form it is written in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["isra-analysis"] = "isra-analysis"
    version: Literal[1] = 1
    analysis: Analysis


def to_bundle(analysis: Analysis) -> str:
    """The analysis with every record, claim, quote and report digest, as indented JSON."""
    return Bundle(analysis=analysis).model_dump_json(indent=2) + "\n"


def from_bundle(text: str | bytes) -> Analysis:
    """The analysis of a bundle. Raises InputError where the text is not one."""
    try:
        return Bundle.model_validate_json(text).analysis
    except ValidationError as error:
        raise InputError(
            "The file is not an exported analysis of this version.",
            "Export the analysis again as a JSON bundle.",
        ) from error
