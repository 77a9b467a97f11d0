"""A small report and a library to put it in."""

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits

CONTENTS = [
    ("Contents", ["Emissions 3", "Water 4", "Waste 5", "Employees 6", "Governance 7", "Targets 8"]),
    ("Climate", ["Our Scope 1 emissions are named on another page, with all figures."]),
    ("Emissions", ["t CO2e 2023 2022", "Scope 1 1,110 1,080", "Scope 2 (market-based) 350 352"]),
    ("Water", ["Water withdrawal in m3 12,345 13,579", "of which groundwater 1,234 1,357"]),
    ("Waste", ["Hazardous waste is kept apart.", "Total waste 75,617 t 101,287 t"]),
    ("People", ["We care for 4,200 people.", "Lost time injury frequency rate 4.1 4.6"]),
    ("Governance", ["The supervisory board oversees the sustainability committee."]),
    ("Targets", ["We aim to reach net zero by 2040 against the base year 2021."]),
]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Eight pages, each on its topic."""
    path = tmp_path / "Sustainability report.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    for number, (title, lines) in enumerate(CONTENTS, 1):
        canvas.setFont("Helvetica-Bold", 24)
        canvas.drawString(60, 760, title)
        canvas.setFont("Helvetica", 11)
        for place, line in enumerate(lines):
            canvas.drawString(60, 700 - 18 * place, line)
        canvas.drawString(300, 30, str(number))
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def library(tmp_path: Path) -> ReportLibrary:
    return ReportLibrary(tmp_path / "library", ReaderLimits(ocr=False))
