"""The research settings a user may change in the chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import chainlit as cl
from chainlit.input_widget import InputWidget, MultiSelect, Select, Slider

from agent.analyst.topics import TOPICS
from app.chat.runtime import get_runtime

_ANY_YEAR = "Latest"
_YEARS_BACK = 8
_EXTRACTIVE = "extractive"
LANGUAGES = (
    "English", "Deutsch", "Español", "Français", "Italiano", "Nederlands", "Polski", "Português",
    "中文", "日本語",
)  # fmt: skip
_NO_MODEL = "Rules only, no language model"


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a new analysis asks for where the message leaves it open.

    `year` None is the latest, no `topics` are all, an empty `model` is the one that is set, and
    an empty `language` is English.
    """

    companies: int
    year: int | None = None
    topics: tuple[str, ...] = ()
    model: str = ""
    language: str = ""


def chosen_settings() -> ChatSettings:
    """What the user of this session has chosen."""
    chosen = cl.context.session.chat_settings
    year = str(chosen.get("year") or "")
    topics = tuple(topic for topic in TOPICS if topic in (chosen.get("topics") or ()))
    return ChatSettings(
        companies=int(chosen.get("companies") or get_runtime().settings.companies),
        year=int(year) if year.isdigit() else None,
        topics=() if len(topics) == len(TOPICS) else topics,
        model=_model(str(chosen.get("model") or "")),
        language=next((one for one in LANGUAGES[1:] if one == chosen.get("language")), ""),
    )


async def offer_settings() -> None:
    """Show the settings; sent again at every resume, because the client forgets them."""
    chosen = chosen_settings()
    years = year_choices()
    widgets: list[InputWidget] = [
        Slider(
            id="companies",
            label="Companies to propose",
            initial=chosen.companies,
            min=1,
            max=20,
            step=1,
        ),
        Select(
            id="year",
            label="Fiscal year of the reports",
            values=[_ANY_YEAR, *map(str, years)],
            initial_value=str(chosen.year) if chosen.year else _ANY_YEAR,
        ),
        MultiSelect(
            id="topics",
            label="Topics",
            values=list(TOPICS),
            initial=list(chosen.topics or TOPICS),
            description="What summaries, table and charts go into.",
        ),
    ]
    widgets.append(
        Select(
            id="language",
            label="Language",
            values=list(LANGUAGES),
            initial_value=chosen.language or LANGUAGES[0],
            description="The checked text is English; a language model adds a translation.",
        )
    )
    models = get_runtime().settings.offered_models()
    if len(models) > 1:
        widgets.append(_model_choice(models, chosen.model))
    await cl.ChatSettings(widgets).send()


def year_choices() -> list[int]:
    """The fiscal years that may be asked for, newest first."""
    this_year = datetime.now(UTC).year
    return [this_year - back for back in range(1, _YEARS_BACK + 1)]


def _model_choice(models: Sequence[str], chosen: str) -> InputWidget:
    labels = [_NO_MODEL if name == _EXTRACTIVE else name for name in models]
    at = models.index(chosen) if chosen in models else 0
    return Select(
        id="model",
        label="Language model",
        values=labels,
        initial_value=labels[at],
        description="Every sentence it writes is checked against its page, in English.",
    )


def _model(label: Any) -> str:
    """The model a label stands for; empty where it is the one set, or none that is offered."""
    name = _EXTRACTIVE if label == _NO_MODEL else label
    offered = get_runtime().settings.offered_models()
    return name if name in offered[1:] else ""
