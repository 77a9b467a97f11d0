"""A page that was printed, signed and scanned: it reaches the PDF as a picture only."""

import io

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from evals.golden.make_samples.covers import NOTICE
from evals.golden.make_samples.printed import Ledger, format_number, plain
from evals.golden.make_samples.spec import ScanSpec, TableSpec
from evals.golden.make_samples.theme import Theme

_DPI = 120
_TILT = 0.6
_QUALITY = 38


class ScanPage(Flowable):
    """A whole page holding the scan; notes the page it lands on."""

    def __init__(self, scan: str, theme: Theme, ledger: Ledger) -> None:
        super().__init__()
        self.scan, self.theme, self.ledger = scan, theme, ledger

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        return 1, 1

    def draw(self) -> None:
        self.ledger.scanned[self.scan] = self.canv.getPageNumber()
        picture = ImageReader(
            io.BytesIO(scanned_jpeg(self.ledger.spec.scans[self.scan], self.ledger))
        )
        self.canv.resetTransforms()
        self.canv.drawImage(picture, 0, 0, self.theme.width, self.theme.height)


def scanned_jpeg(spec: ScanSpec, ledger: Ledger) -> bytes:
    """The page as a grey JPEG: tilted a little, softened, with the grain of a scanner."""
    document = pdfium.PdfDocument(_paper(spec, ledger))
    try:
        page = document[0].render(scale=_DPI / 72, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    page = page.rotate(_TILT, resample=Image.Resampling.BICUBIC, fillcolor=244)
    page = page.filter(ImageFilter.GaussianBlur(0.45))
    grain = np.random.default_rng(20240630).normal(-5, 2.2, (page.height, page.width))
    pixels = np.clip(np.asarray(page, dtype=np.float64) + grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _paper(spec: ScanSpec, ledger: Ledger) -> bytes:
    out = io.BytesIO()
    c = Canvas(out, pagesize=A4, invariant=1)
    width, height = A4
    c.setFont("Times-Bold", 17)
    c.drawString(72, height - 80, spec.letterhead)
    c.setFont("Times-Italic", 9.5)
    c.drawString(72, height - 95, spec.address)
    c.line(72, height - 102, width - 72, height - 102)
    c.setFont("Times-Bold", 13)
    c.drawString(72, height - 138, spec.title)
    y = height - 162
    for paragraph in spec.body.strip().split("\n\n"):
        c.setFont("Times-Roman", 10.5)
        for line in simpleSplit(" ".join(paragraph.split()), "Times-Roman", 10.5, width - 144):
            c.drawString(72, y, line)
            y -= 14.5
        y -= 6
    y = _paper_table(c, ledger.spec.tables[spec.table], ledger, y - 8)
    c.setFont("Times-Italic", 20)
    c.drawString(78, y - 52, spec.signature.split(",")[0])
    c.setFont("Times-Roman", 10.5)
    c.drawString(72, y - 72, spec.signature)
    c.setFont("Times-Roman", 8)
    c.drawString(72, 42, NOTICE)
    c.showPage()
    c.save()
    return out.getvalue()


def _paper_table(c: Canvas, table: TableSpec, ledger: Ledger, y: float) -> float:
    width = A4[0]
    c.setFont("Times-Bold", 10.5)
    c.drawString(72, y, table.caption)
    y -= 18
    c.line(72, y + 13, width - 72, y + 13)
    for position, column in enumerate(table.columns):
        c.drawRightString(380 + position * 68, y, column.head)
    c.line(72, y - 5, width - 72, y - 5)
    for row in table.rows:
        y -= 17
        fact = ledger.fact(row.fact) if row.fact else None
        unit = row.unit or (fact.print_unit if fact else "")
        c.setFont("Times-Roman", 10.5)
        c.drawString(72, y, row.label)
        c.drawString(248, y, unit)
        said = [plain(row.label), unit]
        for position, column in enumerate(table.columns):
            if fact and row.fact and column.year is not None:
                text = ledger.number(row.fact, column.year)
                said.append(text)
                ledger.note(row.fact, column.year, text, " ".join(said), "scan")
            else:
                cells = row.cells if isinstance(row.cells, tuple) else ()
                text = format_number(cells[position], ledger.spec.numbers)
            c.drawRightString(380 + position * 68, y, text)
    c.line(72, y - 6, width - 72, y - 6)
    return y
