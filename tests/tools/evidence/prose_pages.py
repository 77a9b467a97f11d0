"""PDF pages with the layouts of reports, drawn by fpdf2 and read by the project's own reader."""

import asyncio
from pathlib import Path

from fpdf import FPDF

from tools.pdf.page import PageRecord
from tools.pdf.reader import read_pdf


class Sheet:
    """A4 pages in points; text is set where it is told to be."""

    def __init__(self) -> None:
        self.pdf = FPDF(unit="pt", format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_font("Helvetica", size=10)

    def page(self) -> "Sheet":
        self.pdf.add_page()
        return self

    def text(
        self, x: float, y: float, text: str, *, size: float = 10, bold: bool = False
    ) -> "Sheet":
        self.pdf.set_font("Helvetica", style="B" if bold else "", size=size)
        self.pdf.text(x, y, text)
        return self

    def marked(self, x: float, y: float, *parts: str) -> "Sheet":
        """One line of parts, every second one a small raised mark."""
        for index, part in enumerate(parts):
            raised = index % 2
            size = 6 if raised else 10
            self.text(x, y - 4 * raised, part, size=size)
            x += self.pdf.get_string_width(part)
        return self

    def column(self, x: float, y: float, width: float, text: str, size: float = 10) -> "Sheet":
        """Running text broken into lines of the given width."""
        self.pdf.set_font("Helvetica", size=size)
        self.pdf.set_xy(x, y)
        self.pdf.multi_cell(width, 1.3 * size, text, align="L")
        return self

    def read(self, folder: Path) -> list[PageRecord]:
        """The pages as the sandboxed reader gives them."""
        path = folder / "report.pdf"
        self.pdf.output(str(path))
        pages: list[PageRecord] = []
        asyncio.run(read_pdf(path, on_page=pages.append))
        return pages
