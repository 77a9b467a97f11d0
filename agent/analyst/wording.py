"""Plain words for figures: names, quantities and changes, the same in every text."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, field_validator

from agent.analyst.topics import TOPICS
from agent.domain import KpiRecord
from agent.errors import ConfigurationError

_FILE = Path(__file__).with_name("figures.yaml")
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve")  # fmt: skip
_THOUSANDS = {
    "1,000 t CO2e": "kt CO2e",
    "1,000 t CO2": "kt CO2",
    "1,000 t": "kt",
    "1,000 GJ": "TJ",
    "1,000 MWh": "GWh",
}
"""Units in thousands as a sentence can carry them ("3,733 kt", not "3,733 1,000 t")."""
_GROUP_WIDE = re.compile(r"^(?:group|company|total|whole .*|(?:operational|financial) control)?$")


class OtherSubject(BaseModel):
    """Another name for a figure whose place in the report does not say the word `unless`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unless: str
    subject: str


class FigurePhrase(BaseModel):
    """How a KPI is named and read; see the head of `figures.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    topic: str
    plural: bool = False
    detail: bool = False
    otherwise: OtherSubject | None = None
    better: Literal["lower", "higher", "none"]
    scale: Literal["absolute", "relative"]
    asked: str = ""

    @field_validator("topic")
    @classmethod
    def _known_topic(cls, value: str) -> str:
        if value not in TOPICS:
            raise ValueError(f"topic is one of {', '.join(TOPICS)}")
        return value

    @field_validator("asked")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value


@cache
def figure_phrases() -> dict[str, FigurePhrase]:
    """The phrases of `figures.yaml` by KPI id, in telling order.

    Raises ConfigurationError where the file is not valid.
    """
    try:
        entries = yaml.safe_load(_FILE.read_text("utf-8"))
        return TypeAdapter(dict[str, FigurePhrase]).validate_python(entries)
    except (ValidationError, yaml.YAMLError, re.error) as error:
        raise ConfigurationError(
            f"{_FILE.name} is not valid: {error}", "Correct the file."
        ) from error


def phrase(kpi: str) -> FigurePhrase:
    """The phrase of a KPI; one that has none is named by its id and belongs to Emissions."""
    known = figure_phrases().get(kpi)
    if known:
        return known
    words = kpi.replace("_", " ")
    return FigurePhrase(
        subject=words[:1].upper() + words[1:], topic="Emissions", better="none", scale="absolute"
    )


def qualifier(record: KpiRecord) -> str:
    """What the figure is of, where the same KPI may mean two things ("electricity", "energy")."""
    if record.kpi != "renewable_share":
        return ""
    for text in (*record.flags, record.label, record.evidence.quote):
        if re.search(r"electric|power|strom", text, re.IGNORECASE):
            return "electricity"
        if re.search(r"energ", text, re.IGNORECASE):
            return "energy"
    return ""


def subject(record: KpiRecord) -> str:
    """The figure's name with its basis, for example "Scope 2 emissions (market-based)"."""
    known = phrase(record.kpi)
    name = known.subject
    if known.otherwise and not _says(record, known.otherwise.unless):
        name = known.otherwise.subject
    of = qualifier(record)
    if of:
        name = f"{name} of {of}"
    return f"{name} ({record.basis}-based)" if record.basis else name


def _says(record: KpiRecord, word: str) -> bool:
    text = f"{record.label} {record.section} {record.evidence.quote}"
    return word in text.lower()


def mid_sentence(name: str) -> str:
    """A subject as it stands inside a sentence ("the share of …", "Scope 1 emissions")."""
    return name if name[:2].isupper() or name.startswith("Scope") else name[:1].lower() + name[1:]


def number(value: float) -> str:
    """A number with thousands commas and without trailing zeros."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def quantity(value: float, unit: str) -> str:
    """A number with its unit as a sentence has it: "20.3%", "39,428 t CO2e", "12,728"."""
    if unit == "%":
        return f"{number(value)}%"
    if unit in {"", "headcount"}:
        return number(value)
    return f"{number(value)} {_THOUSANDS.get(unit, unit)}"


def reported(record: KpiRecord) -> str:
    """The figure as reported, in normal spelling."""
    return quantity(record.value, record.unit)


def is_group_wide(boundary: str) -> bool:
    """Whether a figure covers the whole company (not a site, segment, country or parent)."""
    return bool(_GROUP_WIDE.match(boundary.strip().lower()))


def same_measure(one: KpiRecord, other: KpiRecord) -> bool:
    """Whether two records differ in nothing but their year and value."""
    return (
        one.kpi == other.kpi
        and one.basis == other.basis
        and one.boundary == other.boundary
        and one.unit == other.unit
        and qualifier(one) == qualifier(other)
    )


def change_pct(now: KpiRecord, before: KpiRecord) -> float | None:
    """Change in per cent from `before` to `now`; None where it cannot be said."""
    if before.value == 0 or not same_measure(now, before):
        return None
    return (now.value - before.value) / abs(before.value) * 100


def count_word(count: int) -> str:
    """A small count in words ("five"), a larger one in digits."""
    return _COUNTS[count] if 0 <= count < len(_COUNTS) else str(count)


def ended(text: str) -> str:
    """The text with one full stop."""
    return text if text.endswith((".", ".”", "!", "?")) else f"{text}."


def printed_label(record: KpiRecord) -> str:
    """The row's label as a reader can use it; empty where only the catalogue's own sign is left."""
    label = record.label.strip(" :")
    return "" if re.fullmatch(r"[a-z0-9_]*_[a-z0-9_]*", label) else label


def listed(names: list[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
