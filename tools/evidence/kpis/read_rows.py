"""A table row with everything its label, headings, caption and footnotes say."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.evidence.kpis.document import Note, note_for
from tools.evidence.kpis.labels import canonical, split_unit
from tools.evidence.units import Unit, parse_unit
from tools.pdf.page import Table, TableRow


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A table row with what its label, section, caption and footnotes say."""

    row: TableRow
    name: str
    label: str
    unit: Unit | None
    unit_printed: str
    headings: tuple[str, ...]
    """Canonical headings, the innermost first, then the caption's lines from the table upward."""
    inner: int
    """How many of the headings are sections; the rest is the caption."""
    note: str
    valued: frozenset[str]
    summed: bool = False
    """The rows above add up to it."""
    stub_unit: tuple[Unit | None, str] = (None, "")
    """The unit a header cell over no year names ("in MWh")."""

    @property
    def sections(self) -> tuple[str, ...]:
        return self.headings[: self.inner]


def read_row(
    table: Table,
    row: TableRow,
    notes: Sequence[Note],
    valued: frozenset[str],
    *,
    summed: bool = False,
    stub_unit: tuple[Unit | None, str] = (None, ""),
    names: frozenset[str] = frozenset(),
) -> ReadRow:
    """Read a table row; `names` are the company's own, which say nothing in a label or heading."""
    name, unit_printed, unit = split_unit(row.label)
    if row.unit:
        words = row.label.split()
        for size in range(3):
            printed = " ".join([*words[len(words) - size :], row.unit])
            own = parse_unit(printed)
            if own is not None:
                unit, unit_printed = own, printed
                name = " ".join(words[: len(words) - size]) if size else name
                break
    sections = [_unnamed(part, names) for part in reversed(row.section.split(" > ")) if part]
    caption = [_unnamed(part, names) for part in reversed(table.caption.split(" | ")) if part]
    return ReadRow(
        row=row,
        name=name,
        label=_unnamed(name, names),
        unit=unit,
        unit_printed=unit_printed,
        headings=(*sections, *caption),
        inner=len(sections),
        note=note_for(row, row.label, table, notes),
        valued=valued,
        summed=summed,
        stub_unit=stub_unit,
    )


def _unnamed(text: str, names: frozenset[str]) -> str:
    """The canonical text without the company's own name, unless that is all there is."""
    label = canonical(text)
    if not names:
        return label
    return " ".join(w for w in label.split() if w.strip("(),.:'’") not in names) or label
