"""The common base of domain types."""

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """Frozen, strict about unknown fields, compared by value."""

    model_config = ConfigDict(frozen=True, extra="forbid")
