"""The research settings a user may change in the chat."""

from dataclasses import dataclass
from datetime import UTC, datetime

import chainlit as cl
from chainlit.input_widget import Select, Slider

from app.chat.runtime import get_runtime

_ANY_YEAR = "Latest"
_YEARS_BACK = 8


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """How many companies to propose, and the fiscal year wanted (None: the latest)."""

    companies: int
    year: int | None = None


def chosen_settings() -> ChatSettings:
    """What the user of this session has chosen."""
    chosen = cl.context.session.chat_settings
    year = str(chosen.get("year") or "")
    return ChatSettings(
        companies=int(chosen.get("companies") or get_runtime().settings.companies),
        year=int(year) if year.isdigit() else None,
    )


async def offer_settings() -> None:
    """Show the settings; sent again at every resume, because the client forgets them."""
    chosen = chosen_settings()
    this_year = datetime.now(UTC).year
    years = [_ANY_YEAR, *(str(this_year - back) for back in range(1, _YEARS_BACK + 1))]
    await cl.ChatSettings(
        [
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
                values=years,
                initial_value=str(chosen.year) if chosen.year else _ANY_YEAR,
            ),
        ]
    ).send()
