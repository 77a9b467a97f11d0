"""Blocks of a section → reportlab flowables."""

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.colors import white
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    BalancedColumns,
    Flowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from evals.golden.make_samples.charts import ChartBox
from evals.golden.make_samples.covers import ArtPanel
from evals.golden.make_samples.printed import Ledger, format_number, markup, paragraphs, plain
from evals.golden.make_samples.scan import ScanPage
from evals.golden.make_samples.spec import Block, Section, Tile
from evals.golden.make_samples.tables import index_table, kpi_table, text_grid
from evals.golden.make_samples.theme import Theme

LabelOf = Callable[[str], str]
GUTTER = 22.0


class SectionHead(Flowable):
    """Title of a section; tells the page frame which section begins here."""

    def __init__(self, section: Section, theme: Theme, opened: Callable[[str, int], None]) -> None:
        super().__init__()
        self.section, self.theme, self.opened = section, theme, opened
        self.title = Paragraph(markup(section.title, theme.spec), theme.styles["h1"])
        self.kicker = Paragraph(section.kicker.upper(), theme.styles["kicker"])
        self.spaceAfter = 10

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        self.width = availWidth
        _, self.title_height = self.title.wrap(availWidth * 0.86, availHeight)
        self.kicker.wrap(availWidth, availHeight)
        self.height = self.title_height + (15 if self.section.kicker else 0) + 12
        return availWidth, self.height

    def draw(self) -> None:
        c, theme = self.canv, self.theme
        self.opened(self.section.title, c.getPageNumber())
        key = f"section-{c.getPageNumber()}"
        c.bookmarkPage(key)
        c.addOutlineEntry(self.section.title, key, level=0)
        if theme.spec.opener == "band":
            c.setFillColor(theme.tint)
            c.rect(-theme.left, 3, theme.width, self.height + theme.top, stroke=0, fill=1)
        elif theme.spec.opener == "bar":
            c.setFillColor(theme.accent)
            c.rect(0, 4, 46, 3, stroke=0, fill=1)
        else:
            c.setStrokeColor(theme.dark)
            c.setLineWidth(0.8)
            c.line(0, 5, self.width, 5)
        y = self.height
        if self.section.kicker:
            self.kicker.drawOn(c, 0, y - 11)
            y -= 15
        self.title.drawOn(c, 0, y - self.title_height)


class HeadedParagraph(Flowable):
    """A heading that stays with the first lines of its paragraph.

    Balanced columns pass over `keepWithNext`, and their splitter cannot carry `KeepTogether`.
    """

    def __init__(self, heading: Paragraph, body: Paragraph) -> None:
        super().__init__()
        self.heading, self.body = heading, body
        self.spaceBefore = heading.getSpaceBefore()
        self.spaceAfter = body.getSpaceAfter()

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        self.width = availWidth
        _, self.top = self.heading.wrap(availWidth, availHeight)
        self.top += self.heading.getSpaceAfter()
        _, rest = self.body.wrap(availWidth, availHeight)
        self.height = self.top + rest
        return availWidth, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        self.wrap(availWidth, availHeight)
        parts = self.body.split(availWidth, availHeight - self.top)
        if len(parts) < 2 or not isinstance(parts[0], Paragraph):
            return []
        return [HeadedParagraph(self.heading, parts[0]), *parts[1:]]

    def draw(self) -> None:
        self.heading.drawOn(self.canv, 0, self.height - self.heading.height)
        self.body.drawOn(self.canv, 0, 0)


class HiddenText(Flowable):
    """White text in a one-point type: what a hostile document might carry. Takes no room."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        return 0, 0

    def draw(self) -> None:
        self.canv.setFillColor(white)
        self.canv.setFont("Helvetica", 1)
        self.canv.drawString(2, 2, self.text)


def section_flowables(
    section: Section,
    theme: Theme,
    ledger: Ledger,
    label_of: LabelOf,
    opened: Callable[[str, int], None],
) -> list[Flowable]:
    """Everything of one section, from its page break on."""
    flow: list[Flowable] = [
        NextPageTemplate("page"),
        PageBreak(),
        SectionHead(section, theme, opened),
    ]
    if section.lead:
        flow += _text(section.lead, theme, ledger, {"body": "lead"})
    for block in section.blocks:
        flow += _block(block, theme, ledger, label_of)
    if not section.blocks[-1].scan:
        number = [s.title for s in ledger.spec.sections].index(section.title)
        flow.append(ArtPanel(theme, number))
    return flow


def _block(block: Block, theme: Theme, ledger: Ledger, label_of: LabelOf) -> list[Flowable]:
    kind = next(iter(block.model_fields_set))
    value: Any = getattr(block, kind)
    make: dict[str, Callable[[], list[Flowable]]] = {
        "text": lambda: _text(value, theme, ledger),
        "columns": lambda: [_columns(_text(value, theme, ledger), theme), Spacer(1, 8)],
        "table": lambda: kpi_table(ledger.spec.tables[value], theme, ledger),
        "tiles": lambda: _tiles(value, theme, ledger),
        "chart": lambda: _charts((value,), theme, ledger),
        "charts": lambda: _charts(value, theme, ledger),
        "quote": lambda: _quote(value, theme),
        "box": lambda: _box(value, theme, ledger),
        "grid": lambda: text_grid(value, theme),
        "index": lambda: index_table(value, theme, label_of),
        "signature": lambda: _signature(value, theme),
        "scan": lambda: [NextPageTemplate("bare"), PageBreak(), ScanPage(value, theme, ledger)],
        "hidden": lambda: [HiddenText(value)],
    }
    return make[kind]()


def _text(
    source: str, theme: Theme, ledger: Ledger, styles: dict[str, str] | None = None
) -> list[Flowable]:
    flow: list[Flowable] = []
    for paragraph in paragraphs(source, ledger):
        style = theme.styles[(styles or {}).get(paragraph.style, paragraph.style)]
        bullet = "•" if paragraph.style == "bullet" else None
        flow.append(Paragraph(paragraph.xml, style, bulletText=bullet))
    return flow


def _columns(content: list[Flowable], theme: Theme) -> Flowable:
    return BalancedColumns(
        _headed(content), nCols=theme.spec.columns, needed=60, leftPadding=0, rightPadding=0,
        innerPadding=GUTTER, topPadding=0, bottomPadding=0, endSlack=0.1, name="text",
    )  # fmt: skip


def _headed(content: list[Flowable]) -> list[Flowable]:
    """Join each heading to the paragraph below it."""
    kept: list[Flowable] = []
    heading: Paragraph | None = None
    for flowable in content:
        if heading is not None and isinstance(flowable, Paragraph):
            kept.append(HeadedParagraph(heading, flowable))
            heading = None
        elif isinstance(flowable, Paragraph) and flowable.style.name in {"h2", "h3"}:
            heading = flowable
        else:
            kept.append(flowable)
    return kept


def _tiles(tiles: Sequence[Tile], theme: Theme, ledger: Ledger) -> list[Flowable]:
    across = 3 if theme.width < 700 else 4
    cells: list[Any] = [_tile(tile, theme, ledger) for tile in tiles]
    cells += [""] * (-len(cells) % across)
    rows = [cells[i : i + across] for i in range(0, len(cells), across)]
    width = theme.inner / across
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 12),
            ("TOPPADDING", (0, 0), (-1, -1), 9),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
            ("LINEABOVE", (0, 0), (-1, -1), 0.8, theme.accent),
        ]
    )
    return [Spacer(1, 4), Table(rows, colWidths=[width] * across, style=style), Spacer(1, 10)]


def _tile(tile: Tile, theme: Theme, ledger: Ledger) -> list[Flowable]:
    value, unit = tile.value, tile.unit
    if tile.fact and tile.year:
        value = ledger.number(tile.fact, tile.year)
        unit = unit or ledger.fact(tile.fact).print_unit
        said = " ".join(filter(None, (value, plain(unit), plain(tile.label))))
        ledger.note(tile.fact, tile.year, value, said, "tile")
    else:
        value = format_number(value, ledger.spec.numbers)
    texts = ((value, "tile-value"), (unit, "tile-unit"), (tile.label, "tile-label"))
    return [Paragraph(markup(t, theme.spec), theme.styles[s]) for t, s in texts if t]


def _charts(charts: Sequence[Any], theme: Theme, ledger: Ledger) -> list[Flowable]:
    if len(charts) == 1:
        return [ChartBox(charts[0], theme, ledger, theme.inner)]
    width = (theme.inner - GUTTER * (len(charts) - 1)) / len(charts)
    row = [ChartBox(chart, theme, ledger, width) for chart in charts]
    style = TableStyle(
        [
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    return [Table([row], colWidths=[theme.inner / len(charts)] * len(charts), style=style)]


def _quote(said: tuple[str, str], theme: Theme) -> list[Flowable]:
    text, by = said
    inner: list[Flowable] = [
        Paragraph(f"“{markup(text, theme.spec)}”", theme.styles["quote"]),
        Paragraph(markup(by, theme.spec), theme.styles["by"]),
    ]
    style = TableStyle(
        [
            ("LINEBEFORE", (0, 0), (0, 0), 2.4, theme.accent),
            ("LEFTPADDING", (0, 0), (0, 0), 14),
            ("TOPPADDING", (0, 0), (0, 0), 2),
        ]
    )
    table = Table([[inner]], colWidths=[theme.inner], style=style)
    return [Spacer(1, 8), table, Spacer(1, 12)]


def _box(content: tuple[str, str], theme: Theme, ledger: Ledger) -> list[Flowable]:
    title, text = content
    inner = [Paragraph(markup(title, theme.spec), theme.styles["box-title"])]
    inner += [f for f in _text(text, theme, ledger) if isinstance(f, Paragraph)]
    style = TableStyle(
        [
            ("BACKGROUND", (0, 0), (0, 0), theme.tint),
            ("LEFTPADDING", (0, 0), (0, 0), 14),
            ("RIGHTPADDING", (0, 0), (0, 0), 14),
            ("TOPPADDING", (0, 0), (0, 0), 11),
            ("BOTTOMPADDING", (0, 0), (0, 0), 8),
        ]
    )
    return [
        Spacer(1, 6),
        KeepTogether([Table([[inner]], colWidths=[theme.inner], style=style)]),
        Spacer(1, 12),
    ]


def _signature(signed: tuple[str, str], theme: Theme) -> list[Flowable]:
    name, role = signed
    written = ParagraphStyle(
        "signature", parent=theme.styles["quote"], fontName=f"{theme.spec.head}-I", fontSize=19,
        leading=24, textColor=theme.dark,
    )  # fmt: skip
    return [
        Spacer(1, 6),
        Paragraph(name, written),
        Paragraph(f"<b>{name}</b><br/>{role}", theme.styles["body"]),
    ]
