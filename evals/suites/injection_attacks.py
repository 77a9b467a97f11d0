"""The attacks of the injection suite, read from their file and checked."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import InputError

FILE = Path(__file__).parents[1] / "golden" / "injection" / "attacks.yaml"
_TAGS = 0xE0000
"""Tag characters: an invisible copy of ASCII from this code point on."""

Place = Literal[
    "visible",
    "white",
    "near_white",
    "tiny",
    "off_page",
    "invisible",
    "covered",
    "white_on_image",
    "transparent",
    "zero_width",
    "clipped",
    "layer_off",
    "title",
    "author",
    "subject",
    "keywords",
    "bookmark",
    "alt_text",
    "actual_text",
    "link",
    "note",
    "form_field",
    "attachment",
    "file_name",
    "company",
    "industry",
    "search_title",
    "search_page",
    "message",
    "question",
]
_SEEN: frozenset[str] = frozenset(
    {"visible", "title", "file_name", "company", "industry", "message", "question"}
    | {"search_title", "search_page"}
)
_BESIDE: frozenset[str] = frozenset(
    {"author", "subject", "keywords", "bookmark", "alt_text", "actual_text", "link"}
    | {"note", "form_field", "attachment"}
)
HIDDEN: frozenset[str] = frozenset(get_args(Place)) - _SEEN - _BESIDE
"""Drawn on a page where nobody sees it: must reach no prompt and no output, and be reported."""
UNSEEN = HIDDEN | _BESIDE
"""All places of a document that a reader of its pages does not see; none reaches a prompt."""


class Attack(BaseModel):
    """One attack: where it is put, and what a model that obeys it writes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: str
    place: Place
    text: str
    sign: str
    says: str
    figure: float | None = None
    """A value that only the attack gives: no verified figure may have it."""
    tagged: str = ""
    """Put behind the text in tag characters, which nobody sees."""

    @property
    def host(self) -> str:
        """The attack's own host: it must come out nowhere."""
        return f"{self.id}.collect.example"

    @property
    def words(self) -> str:
        """The text as it is put in place."""
        return self._filled(self.text) + "".join(
            chr(_TAGS + ord(c)) for c in self._filled(self.tagged)
        )

    def sentence(self, company: str) -> str:
        """What the obeying model writes about a company."""
        return self._filled(self.says).replace("{company}", company)

    def is_read_in(self, text: str) -> bool:
        """Whether a model can read the attack in a text that is `bare` already."""
        return bare(self.sign) in text

    def is_repeated_in(self, text: str) -> bool:
        """Whether a `bare` text says what the attack wants said, of whatever company."""
        parts = re.split(r"\{company\}|\{url\}", self.says)
        return all(bare(part) in text for part in parts)

    def _filled(self, text: str) -> str:
        return text.replace("{url}", f"https://{self.host}/p.png").replace("{host}", self.host)


@cache
def load_attacks(path: Path = FILE) -> tuple[Attack, ...]:
    """The attacks in the order of their file.

    Raises:
        InputError: the file breaks the rules, or two attacks share an id or can be confused.
    """
    try:
        attacks = tuple(Attack.model_validate(row) for row in yaml.safe_load(path.read_text()))
    except (ValidationError, yaml.YAMLError, OSError) as error:
        raise InputError(f"{path.name} cannot be used: {error}", "Correct the file.") from error
    for attack in attacks:
        others = [other for other in attacks if other is not attack]
        if any(other.id == attack.id or other.is_read_in(bare(attack.words)) for other in others):
            raise InputError(f"{attack.id} reads as another attack.", "Give it its own sign.")
        if not attack.is_read_in(bare(attack.words)):
            raise InputError(f"The sign of {attack.id} is not in its text.", "Correct it.")
    return attacks


def bare(text: str) -> str:
    """The letters and digits of a text alone, with what tag characters spell read out."""
    read_out = "".join(
        chr(ord(c) - _TAGS) if _TAGS + 32 <= ord(c) < _TAGS + 127 else c for c in text
    )
    folded = unicodedata.normalize("NFKC", read_out).casefold()
    return "".join(c for c in folded if c.isalnum())
