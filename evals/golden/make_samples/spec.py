"""The shape of a sample report's content file, checked when it is read."""

import re
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

CONTENT = Path(__file__).parent / "content"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Spec(BaseModel):
    """Base of content models: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CompanySpec(Spec):
    """The invented company and the report about it."""

    id: str
    name: str
    legal_name: str
    country: str
    industry: str
    aliases: tuple[str, ...] = ()
    sector_note: str
    title: str
    subtitle: str
    kind: str
    fiscal_year: int
    period: str
    published: str
    """ISO date the report was "published"; becomes the PDF's creation date."""


class NumberStyle(Spec):
    """How the report prints numbers."""

    decimal: Literal[".", ","] = "."
    thousands: str = ","


class ThemeSpec(Spec):
    """Look of the report. Fonts are names known to `theme.py`."""

    page: Literal["a4", "a4-landscape", "letter"] = "a4"
    body: str
    head: str
    accent: str
    dark: str
    tint: str
    cover: Literal["strata", "quarters", "waves", "arcs", "blocks", "peaks", "leaves", "terraces"]
    opener: Literal["bar", "band", "rule"] = "bar"
    co2: Literal["sub", "unicode", "plain"] = "sub"
    label_offset: int = 0
    """PDF page minus printed page label."""
    columns: int = 2
    highlight_first: bool = True
    """Tint the newest column of KPI tables."""


class Fact(Spec):
    """One figure over years. `values` are plain numbers as strings, so decimals are kept."""

    kpi: str | None = None
    unit: str
    print_unit: str
    basis: Literal["market", "location"] | None = None
    boundary: str = "group"
    values: dict[int, str]
    label: str = ""
    """Name in chart legends."""
    note: str = ""
    """What makes the figure hard to read; goes into the golden line."""
    variant: str | None = None
    of: str | None = None

    @model_validator(mode="after")
    def _plain_numbers(self) -> "Fact":
        for year, value in self.values.items():
            if not _NUMBER.fullmatch(value):
                raise ValueError(f"value of {year} is not a plain number: {value!r}")
        return self


class Column(Spec):
    """A table column: a year of the facts, or free cells found under `head` in each row."""

    head: str
    year: int | None = None
    suffix: str = ""
    """Appended to a row's fact id, for tables that print two boundaries side by side."""


class RowSpec(Spec):
    """A table row: a heading, a fact, or free cells."""

    label: str
    heading: bool = False
    fact: str | None = None
    unit: str = ""
    cells: tuple[str, ...] | dict[str, str] = ()
    marks: dict[str, str] = {}
    total: bool = False
    indent: bool = False


class TableSpec(Spec):
    """A KPI table. `groups` is an optional line of spanning heads above the columns."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[RowSpec, ...]
    groups: tuple[tuple[str, int], ...] = ()
    unit_column: bool = True
    notes: tuple[str, ...] = ()
    label_head: str = ""


class IndexRow(Spec):
    """A line of a framework's content index; `section` is the title of a section it points to."""

    code: str
    title: str
    section: str = ""
    remark: str = ""


class Tile(Spec):
    """A big figure with its label."""

    fact: str | None = None
    year: int | None = None
    value: str = ""
    unit: str = ""
    label: str


class Chart(Spec):
    """A drawing of facts: columns over years, bars over labels, or a path to a target."""

    kind: Literal["columns", "bars", "path"]
    title: str
    facts: tuple[str, ...] = ()
    items: dict[str, float] = {}
    unit: str = ""
    years: tuple[int, ...] = ()


class Block(Spec):
    """One thing on a page; exactly one field is set."""

    text: str | None = None
    columns: str | None = None
    table: str | None = None
    tiles: tuple[Tile, ...] | None = None
    chart: Chart | None = None
    charts: tuple[Chart, ...] | None = None
    quote: tuple[str, str] | None = None
    box: tuple[str, str] | None = None
    grid: tuple[tuple[str, ...], ...] | None = None
    """A text table: first row is the head."""
    index: tuple[IndexRow, ...] | None = None
    signature: tuple[str, str] | None = None
    scan: str | None = None
    hidden: str | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Block":
        if len(self.model_fields_set) != 1:
            raise ValueError(
                f"a block holds exactly one thing, not {sorted(self.model_fields_set)}"
            )
        return self


class Section(Spec):
    """A titled part of the report; starts on a new page."""

    title: str
    kicker: str = ""
    lead: str = ""
    blocks: tuple[Block, ...]


class ScanSpec(Spec):
    """A paper page that was scanned: letterhead, text, one table."""

    letterhead: str
    address: str
    title: str
    body: str
    table: str
    signature: str


class TargetSpec(Spec):
    """A stated target; `quote` stands word for word in the report."""

    kind: str
    scopes: str | None = None
    base_year: int | None = None
    target_year: int | None = None
    reduction_pct: float | None = None
    target_share_pct: float | None = None
    status_words: str | None = None
    per_year: bool = False
    quote: str
    note: str = ""


class NoTargetsSpec(Spec):
    """That the report states no target, and the words in it that come nearest to one."""

    note: str
    quote: str


class AbsentSpec(Spec):
    """A figure the report does not give, or says it does not disclose (`quote`)."""

    kpi: str
    silence: Literal["not_found", "not_disclosed"] = "not_found"
    quote: str | None = None
    note: str = ""


class QuestionSpec(Spec):
    """A question and words that stand on each page that answers it."""

    question: str
    answers: tuple[str, ...]


class ReportSpec(Spec):
    """Everything one sample report is made of."""

    company: CompanySpec
    numbers: NumberStyle = NumberStyle()
    theme: ThemeSpec
    facts: dict[str, Fact]
    tables: dict[str, TableSpec] = {}
    scans: dict[str, ScanSpec] = {}
    about: str
    """Scope and method of the report, printed below the contents."""
    sections: tuple[Section, ...] = Field(min_length=1)
    targets: tuple[TargetSpec, ...] = ()
    no_targets: NoTargetsSpec | None = None
    absent: tuple[AbsentSpec, ...] = ()
    frameworks: dict[str, str] = {}
    """Framework → title of the section that holds its content index."""
    questions: tuple[QuestionSpec, ...] = ()

    @property
    def file(self) -> str:
        """Path below the sample folder."""
        return f"{self.company.industry}/{self.company.id}-{self.company.fiscal_year}.pdf"


def load_spec(path: Path) -> ReportSpec:
    """Read one content file; raises pydantic's ValidationError with the place of a mistake."""
    data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    return ReportSpec.model_validate(data)


def load_specs() -> tuple[ReportSpec, ...]:
    """All content files, by name."""
    return tuple(load_spec(path) for path in sorted(CONTENT.glob("*.yaml")))
