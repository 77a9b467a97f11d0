"""Which Claude judges on Bedrock, and the inference profile that reaches it from a region."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FILE = Path(__file__).with_name("bedrock.yaml")


class BedrockJudges(BaseModel):
    """What `bedrock.yaml` says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    models: list[str] = Field(min_length=1)
    profiles: dict[str, list[str]]
    otherwise: str

    def profile(self, model: str, region: str) -> str:
        """The id by which a model is called from a region."""
        found = (name for name, regions in self.profiles.items() if region in regions)
        return f"{next(found, self.otherwise)}.{model}"

    def model_of(self, name: str) -> str:
        """The model behind an id, whichever profile or region reaches it."""
        last = name.rpartition("/")[2]
        prefix, _, model = last.partition(".")
        return model if prefix in {*self.profiles, self.otherwise, "apac"} else last


@cache
def bedrock_judges() -> BedrockJudges:
    """The file, read once. Raises pydantic's ValidationError where it is not what it should be."""
    return BedrockJudges.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))
