"""One sample report: page frames, running heads, contents, two passes, PDF bytes."""

import calendar
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from evals.golden.make_samples.blocks import section_flowables
from evals.golden.make_samples.covers import NOTICE, draw_cover
from evals.golden.make_samples.printed import Ledger, markup, paragraphs
from evals.golden.make_samples.spec import ReportSpec
from evals.golden.make_samples.theme import GREY, Theme, make_theme


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A finished report: its bytes, what was printed, and the PDF page of each section."""

    spec: ReportSpec
    pdf: bytes
    ledger: Ledger
    section_pages: dict[str, int]


def make_report(spec: ReportSpec) -> MadeReport:
    """Set the report; repeated until the contents page shows the pages sections land on."""
    pages: dict[str, int] = {}
    for _ in range(4):
        setter = _Setter(spec, pages)
        pdf = setter.run()
        if setter.opened == pages:
            return MadeReport(spec, pdf, setter.ledger, pages)
        pages = setter.opened
    raise RuntimeError(f"the contents of {spec.file} do not settle")


class _Setter:
    """One pass over one report."""

    def __init__(self, spec: ReportSpec, pages: dict[str, int]) -> None:
        self.spec, self.pages = spec, pages
        self.theme: Theme = make_theme(spec.theme)
        self.ledger = Ledger(spec)
        self.opened: dict[str, int] = {}
        self.section = ""

    def run(self) -> bytes:
        out = io.BytesIO()
        theme, company = self.theme, self.spec.company
        with _dated(company.published):
            doc = BaseDocTemplate(
                out, pagesize=(theme.width, theme.height), invariant=1,
                title=f"{company.legal_name} – {company.title}", author=company.legal_name,
                subject=f"{NOTICE}: {company.legal_name} is an invented company",
                creator="Sample report maker", lang="en",
            )  # fmt: skip
            doc.addPageTemplates(self._templates())
            doc.build(self._story())
        return out.getvalue()

    def _templates(self) -> list[PageTemplate]:
        theme = self.theme
        frame = Frame(
            theme.left, theme.bottom, theme.inner, theme.height - theme.top - theme.bottom,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0, id="body",
        )  # fmt: skip
        whole = Frame(0, 0, theme.width, theme.height, id="whole")
        return [
            PageTemplate("cover", [whole], onPage=self._cover),
            PageTemplate("page", [frame], onPageEnd=self._furniture),
            PageTemplate("bare", [whole]),
        ]

    def _cover(self, c: Canvas, _: BaseDocTemplate) -> None:
        draw_cover(c, self.theme, self.spec.company)
        offset = self.spec.theme.label_offset
        if offset:
            c.addPageLabel(0, style="ROMAN_LOWER", start=1)
            c.addPageLabel(offset, style="ARABIC", start=1)

    def label(self, page: int) -> str:
        """The printed label of a PDF page; pages before the count begins carry none."""
        number = page - self.spec.theme.label_offset
        return str(number) if number > 0 else ""

    def _furniture(self, c: Canvas, doc: BaseDocTemplate) -> None:
        theme, company = self.theme, self.spec.company
        c.saveState()
        c.setFont(theme.spec.body, 7.6)
        c.setFillColor(GREY)
        line = theme.height - 44
        c.drawString(theme.left, line, f"{company.name}  |  {company.title}")
        c.drawRightString(theme.width - theme.right, line, self.section)
        if theme.spec.opener == "rule":
            c.setStrokeColor(GREY)
            c.setLineWidth(0.4)
            c.line(theme.left, line - 6, theme.width - theme.right, line - 6)
        c.setFont(theme.spec.body, 6.8)
        c.drawString(theme.left, 30, NOTICE)
        c.setFont(f"{theme.spec.body}-B", 8.6)
        c.setFillColor(theme.dark)
        c.drawRightString(theme.width - theme.right, 30, self.label(doc.page))
        c.restoreState()

    def _open(self, title: str, page: int) -> None:
        self.opened[title] = page
        self.section = title

    def _label_of(self, section: str) -> str:
        known = {s.title for s in self.spec.sections}
        if section not in known:
            raise KeyError(f"{self.spec.file}: no section {section!r}")
        return self.label(self.pages.get(section, 0))

    def _story(self) -> list[Flowable]:
        story: list[Flowable] = [Spacer(1, 1), NextPageTemplate("page"), PageBreak()]
        story += self._contents()
        for section in self.spec.sections:
            story += section_flowables(section, self.theme, self.ledger, self._label_of, self._open)
        return story

    def _contents(self) -> list[Flowable]:
        theme = self.theme
        rows = [
            [Paragraph(markup(s.title, theme.spec), theme.styles["toc"]),
             Paragraph(f"<b>{self._label_of(s.title)}</b>", theme.styles["toc"])]
            for s in self.spec.sections
        ]  # fmt: skip
        style = TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.35, GREY),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
        width = min(theme.inner, 480)
        flow: list[Flowable] = [
            Paragraph("Contents", theme.styles["h1"]),
            Spacer(1, 6),
            Table(rows, colWidths=[width - 34, 34], style=style, hAlign="LEFT"),
            Spacer(1, 20),
            Paragraph("About this report", theme.styles["h2"]),
        ]
        flow += [
            Paragraph(p.xml, theme.styles[p.style])
            for p in paragraphs(self.spec.about, self.ledger)
        ]
        return flow


@contextmanager
def _dated(day: str) -> Iterator[None]:
    """Give reportlab the report's own date, so that the bytes are the same each run."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(calendar.timegm(time.strptime(day, "%Y-%m-%d")))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
