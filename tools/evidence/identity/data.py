"""The editable knowledge of the identity check, read once and validated."""

import re
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(_Strict):
    """A kind of document and how it is recognised (see the head of `kinds` in the file)."""

    name: str = Field(min_length=1)
    accepted: bool
    title: tuple[re.Pattern[str], ...] = ()
    body: tuple[re.Pattern[str], ...] = ()
    least: int = Field(default=1, ge=1)
    most_pages: int | None = Field(default=None, ge=1)

    @field_validator("title", "body", mode="before")
    @classmethod
    def _compiled(cls, value: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in value)


class IdentityData(_Strict):
    """Names, kinds and languages as the file `identity.yaml` gives them."""

    legal_forms: tuple[str, ...]
    weak_forms: frozenset[str]
    kept_forms: dict[str, str]
    prefix_forms: tuple[str, ...]
    generic_words: frozenset[str]
    other_bodies: frozenset[str]
    third_parties: tuple[str, ...]
    not_names: frozenset[str]
    kinds: tuple[Kind, ...]
    languages: dict[str, frozenset[str]]

    @property
    def small_words(self) -> frozenset[str]:
        """The commonest small words of all languages."""
        return frozenset().union(*self.languages.values())


@lru_cache(maxsize=1)
def identity_data() -> IdentityData:
    """Read and check `identity.yaml`; a mistake in it raises pydantic's ValidationError."""
    text = files(__package__).joinpath("identity.yaml").read_text(encoding="utf-8")
    return IdentityData.model_validate(yaml.safe_load(text))
