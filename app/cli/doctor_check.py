"""One thing isra doctor looked at."""

from dataclasses import dataclass
from typing import Any, Literal

State = Literal["works", "off", "broken"]
_SIGNS: dict[State, str] = {"works": "✓", "off": "-", "broken": "✗"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    state: State
    found: str
    do: str = ""

    @property
    def sign(self) -> str:
        return _SIGNS[self.state]

    def shape(self) -> dict[str, Any]:
        """For --json."""
        return {"name": self.name, "state": self.state, "found": self.found, "do": self.do}
