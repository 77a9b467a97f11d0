"""KPI tables with horizontal rules only, text grids and framework indexes."""

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from evals.golden.make_samples.printed import Ledger, format_number, markup, plain
from evals.golden.make_samples.spec import Column, IndexRow, RowSpec, TableSpec
from evals.golden.make_samples.theme import Theme

_RULE = HexColor("#c9ced6")


def kpi_table(spec: TableSpec, theme: Theme, ledger: Ledger) -> list[Flowable]:
    """Caption, table and footnotes; facts are recorded with the words of their row."""
    fixed = 2 if spec.unit_column else 1
    rows, commands = _head(spec, theme, fixed)
    top = len(rows) - 1
    for row in spec.rows:
        commands += _row_style(row, len(rows), theme)
        if row.heading:
            rows.append([Paragraph(markup(row.label, theme.spec), theme.styles["cell-bold"])])
        else:
            rows.append(_row(row, spec, theme, ledger))
    commands.append(("LINEBELOW", (0, len(rows) - 1), (-1, len(rows) - 1), 1.1, theme.dark))
    if theme.spec.highlight_first:
        newest = fixed + max(
            range(len(spec.columns)), key=lambda i: (spec.columns[i].year or 0, -i), default=0
        )
        commands.append(("BACKGROUND", (newest, top), (newest, -1), theme.tint))
    table = Table(
        rows, colWidths=_widths(spec, theme.inner), style=TableStyle(commands), repeatRows=top + 1
    )
    caption = Paragraph(markup(spec.caption, theme.spec), theme.styles["caption"])
    notes = [Paragraph(markup(note, theme.spec), theme.styles["note"]) for note in spec.notes]
    return [KeepTogether([caption, table, Spacer(1, 4), *notes]), Spacer(1, 10)]


def _head(
    spec: TableSpec, theme: Theme, fixed: int
) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    """The head lines of a table and the style commands that hold for all of it."""
    rows: list[list[Any]] = []
    commands: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (0, -1), 2),
        ("LEFTPADDING", (1, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 3.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4.2),
        ("LINEABOVE", (0, 0), (-1, 0), 1.1, theme.dark),
    ]
    if spec.groups:
        line: list[Any] = [""] * fixed
        for text, span in spec.groups:
            start, end = len(line), len(line) + span - 1
            line += [Paragraph(markup(text, theme.spec), theme.styles["head"])] + [""] * (span - 1)
            commands.append(("SPAN", (start, 0), (end, 0)))
            commands.append(("LINEBELOW", (start, 0), (end, 0), 0.5, theme.accent))
        rows.append(line)
    labels = [spec.label_head, *(["Unit"] if spec.unit_column else [])]
    header = [Paragraph(markup(text, theme.spec), theme.styles["head"]) for text in labels]
    header += [
        Paragraph(markup(c.head, theme.spec), theme.styles["number-head"]) for c in spec.columns
    ]
    commands.append(("LINEBELOW", (0, len(rows)), (-1, len(rows)), 0.8, theme.dark))
    rows.append(header)
    return rows, commands


def _row_style(row: RowSpec, position: int, theme: Theme) -> list[tuple[Any, ...]]:
    here, end = (0, position), (-1, position)
    style: list[tuple[Any, ...]] = [("LINEBELOW", here, end, 0.35, _RULE)]
    if row.heading:
        style += [("SPAN", here, end), ("TOPPADDING", here, end, 7)]
    if row.total:
        style.append(("LINEABOVE", here, end, 0.7, theme.dark))
    return style


def _widths(spec: TableSpec, inner: float) -> list[float]:
    number = 62.0 if len(spec.columns) <= 4 else 54.0
    unit = 84.0 if spec.unit_column else 0.0
    label = inner - unit - number * len(spec.columns)
    return [label, *([unit] if spec.unit_column else []), *[number] * len(spec.columns)]


def _row(row: RowSpec, spec: TableSpec, theme: Theme, ledger: Ledger) -> list[Any]:
    bold = "-bold" if row.total else ""
    label_style = "cell-indent" if row.indent else f"cell{bold}"
    unit = row.unit or (ledger.fact(row.fact).print_unit if row.fact else "")
    cells: list[Any] = [Paragraph(markup(row.label, theme.spec), theme.styles[label_style])]
    said = [plain(row.label)]
    if spec.unit_column:
        cells.append(Paragraph(markup(unit, theme.spec), theme.styles["cell"]))
        said.append(plain(unit))
    for position, column in enumerate(spec.columns):
        text = _value(row, column, position, ledger)
        mark = row.marks.get(column.head, "")
        said.append(text + mark)
        fact = f"{row.fact}{column.suffix}"
        known = ledger.spec.facts.get(fact)
        if known and column.year in known.values and column.head not in _free(row):
            assert column.year is not None
            ledger.note(fact, column.year, text, " ".join(filter(None, said)), "table")
        shown = markup(text + (f"[^{mark}]" if mark else ""), theme.spec)
        cells.append(Paragraph(shown, theme.styles[f"number{bold}"]))
    return cells


def _free(row: RowSpec) -> dict[str, str]:
    return row.cells if isinstance(row.cells, dict) else {}


def _value(row: RowSpec, column: Column, position: int, ledger: Ledger) -> str:
    if column.head in _free(row):
        return format_number(_free(row)[column.head], ledger.spec.numbers)
    if row.fact and column.year is not None:
        values = ledger.spec.facts.get(f"{row.fact}{column.suffix}")
        known = values.values.get(column.year) if values else None
        return format_number(known, ledger.spec.numbers) if known is not None else "–"
    if isinstance(row.cells, tuple) and position < len(row.cells):
        return format_number(row.cells[position], ledger.spec.numbers)
    return ""


def text_grid(rows: Sequence[Sequence[str]], theme: Theme) -> list[Flowable]:
    """A table of words: first row is the head, first column narrower and bold."""
    body: list[list[Any]] = [[Paragraph(markup(c, theme.spec), theme.styles["head"])
                                 for c in rows[0]]]  # fmt: skip
    for row in rows[1:]:
        body.append(
            [Paragraph(markup(row[0], theme.spec), theme.styles["cell-bold"])]
            + [Paragraph(markup(c, theme.spec), theme.styles["cell"]) for c in row[1:]]
        )
    first = theme.inner * (0.27 if len(rows[0]) < 4 else 0.22)
    rest = (theme.inner - first) / (len(rows[0]) - 1)
    table = Table(body, colWidths=[first] + [rest] * (len(rows[0]) - 1), repeatRows=1)
    table.setStyle(_ruled(theme))
    return [Spacer(1, 4), table, Spacer(1, 10)]


def index_table(
    rows: Sequence[IndexRow], theme: Theme, label_of: Callable[[str], str]
) -> list[Flowable]:
    """A framework's content index; `label_of` gives the printed page of a section."""
    head = ["Disclosure", "Title", "Page", "Remarks"]
    body: list[list[Any]] = [[Paragraph(h, theme.styles["head"]) for h in head]]
    for row in rows:
        page = label_of(row.section) if row.section else "–"
        texts = (row.code, row.title, page, row.remark)
        body.append([Paragraph(markup(t, theme.spec), theme.styles["cell"]) for t in texts])
    widths = [theme.inner * share for share in (0.15, 0.43, 0.09, 0.33)]
    table = Table(body, colWidths=widths, repeatRows=1, style=_ruled(theme))
    return [Spacer(1, 4), table, Spacer(1, 8)]


def _ruled(theme: Theme) -> TableStyle:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 3.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LINEABOVE", (0, 0), (-1, 0), 1.1, theme.dark),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, theme.dark),
            ("LINEBELOW", (0, 1), (-1, -2), 0.35, _RULE),
            ("LINEBELOW", (0, -1), (-1, -1), 1.1, theme.dark),
        ]
    )
