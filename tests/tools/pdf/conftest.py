"""PDFs made for single tests, and a look at the worker processes of this test run."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tools.pdf.glyphs import Glyphs
from tools.pdf.page import Row
from tools.pdf.rows import visual_rows
from tools.pdf.words import page_words

HEIGHT = A4[1]
Paint = Callable[[Canvas], None]
MakePdf = Callable[..., Path]


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """Makes a PDF with one page for each painting function."""

    def make(*pages: Paint, name: str = "made.pdf", size: tuple[float, float] = A4) -> Path:
        path = tmp_path / name
        canvas = Canvas(str(path), pagesize=size)
        for paint in pages:
            canvas.setFont("Helvetica", 11)
            paint(canvas)
            canvas.showPage()
        canvas.save()
        return path

    return make


def rows_of(path: Path, page: int = 1) -> tuple[Row, ...]:
    """Visual rows of a page, read here and now (tests run pdfium in their main thread only)."""
    document = pypdfium2.PdfDocument(path)
    opened = document[page - 1]
    textpage = opened.get_textpage()
    rows = visual_rows(page_words(Glyphs(opened, textpage)))
    textpage.close()
    opened.close()
    document.close()
    return rows


def child_processes() -> set[int]:
    """Ids of the live processes this one has started."""
    found: set[int] = set()
    for children in Path("/proc/self/task").glob("*/children"):
        found |= {int(pid) for pid in children.read_text().split()}
    return {pid for pid in found if _is_worker(pid)}


def _is_worker(pid: int) -> bool:
    try:
        return b"tools.pdf.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
