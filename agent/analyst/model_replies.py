"""The shapes a model's replies must have. Bounded, so that no reply can grow without end.

A list that is too long is cut and a text that is too long is left for the checks to refuse:
one bad sentence must not cost the others. What has a default here is still asked for.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_LONGEST_TEXT = 4000


def _cut(length: int) -> BeforeValidator:
    return BeforeValidator(lambda value: value[:length] if isinstance(value, list) else value)


def _short(value: Any) -> Any:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return re.split(r"[,;\s]+", value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_short)]
Cites = Annotated[
    list[Text],
    _cut(8),
    BeforeValidator(_listed),
    Field(max_length=8, description="Ids of items, as K3, P1."),
]


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Draft(_Reply):
    """One sentence and the ids of the items it is taken from."""

    text: Text = Field(description="One sentence, at most 400 characters.")
    topic: Text = ""
    cites: Cites = []


class Redraft(Draft):
    """A sentence in place of a refused one."""

    replaces: Text = Field(description="Number of the refused sentence, as R1.")


class SummaryReply(_Reply):
    """What one report states."""

    claims: Annotated[list[Draft], _cut(20), Field(max_length=20)]
    not_found: Annotated[list[Text], _cut(10), Field(max_length=10)] = []


class SynthesisReply(_Reply):
    """What the reports of several companies state side by side."""

    claims: Annotated[list[Draft], _cut(40), Field(max_length=40)]


class AnswerReply(_Reply):
    """The answer to a question, or that the evidence does not hold it."""

    found: bool
    claims: Annotated[list[Draft], _cut(12), Field(max_length=12)]


class RepairReply(_Reply):
    """Sentences in place of refused ones."""

    claims: Annotated[list[Redraft], _cut(20), Field(max_length=20)]


class Choice(_Reply):
    """A candidate by its id, and why."""

    id: Text
    reason: Text


class Addition(_Reply):
    """A company the candidates lack."""

    name: Text
    country: Text
    reason: Text


class IdentifyReply(_Reply):
    """Companies chosen, left out and added."""

    chosen: Annotated[list[Choice], _cut(50), Field(max_length=50)]
    left_out: Annotated[list[Choice], _cut(60), Field(max_length=60)] = []
    added: Annotated[list[Addition], _cut(20), Field(max_length=20)] = []


class IntentReply(_Reply):
    """What a message asks for."""

    kind: Literal["analysis", "follow_up", "change", "help", "unclear"]
    industry: Text = ""
    companies: Annotated[list[Text], _cut(30), Field(max_length=30)] = []
    year: int | None = None


class TranslatedSentence(_Reply):
    """One sentence in the reader's language."""

    number: int
    text: Text


class TranslationReply(_Reply):
    """Sentences in the reader's language."""

    sentences: Annotated[list[TranslatedSentence], _cut(40), Field(max_length=40)]
