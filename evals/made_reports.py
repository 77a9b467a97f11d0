"""Reports made for benchmarks: invented companies, any number of pages, the same every time.

They hold what a real report makes the pipeline work on: running text on every topic, tables of
figures over three years, targets, and a cover that says whose report it is.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

YEAR = 2024
_LINES_A_PAGE = 46
_LINE_WIDTH = 96
_FIRST = (
    *("Alder", "Birch", "Cedar", "Dorn", "Elm", "Fenn", "Garnet"),
    *("Hazel", "Iris", "Juniper", "Kestrel", "Linden", "Maple"),
)
_SECOND = ("moor", "dale", "wick", "stead", "holm", "ford", "gate", "mark", "worth", "field")
_ROWS = (
    ("Scope 1 emissions", "t CO2e", 900_000),
    ("Scope 2 emissions, market-based", "t CO2e", 210_000),
    ("Scope 2 emissions, location-based", "t CO2e", 260_000),
    ("Scope 3 emissions", "t CO2e", 4_100_000),
    ("Total energy consumption", "MWh", 3_400_000),
    ("Renewable electricity share", "%", 38),
    ("Water withdrawal", "m3", 1_900_000),
    ("Total waste generated", "t", 76_000),
    ("Employees", "headcount", 9_800),
    ("Women in management", "%", 24),
    ("Lost time injury frequency rate", "per million hours worked", 3),
)
_TELLING = (
    "{name} reduced its Scope 1 emissions by {a}% compared with {base}.",
    "Renewable sources covered {a}% of the electricity that {name} used in {year}.",
    "We commit to reach net zero greenhouse gas emissions across our value chain by 20{b}.",
    "{name} will cut its absolute Scope 1 and 2 emissions by {a}% by 2030 from a {base} base year.",
    "In {year}, {c} sites were certified to ISO 14001, which is {a}% of all our sites.",
    "Our plants in regions of high water stress withdrew {a}% less fresh water than in {base}.",
    "The share of waste sent to recycling rose to {a}% in {year}.",
    "Across the group, {c} employees took part in safety training during {year}.",
    "The remuneration of the executive board depends on the climate targets to {b}%.",
    "We audited {c} suppliers on human rights and environmental criteria in {year}.",
    "Higher prices for carbon are the largest transition risk that {name} has identified.",
)
_RUNNING = (
    "The board of directors reviews the sustainability strategy of {name} twice a year.",
    "Most of the energy is used in the drying ovens, which run throughout the year.",
    "The new line at the northern works began to operate after a trial of several months.",
    "Our customers ask for products with a low footprint, and the offer is growing.",
    "The statements in this chapter cover all companies in which {name} holds a majority.",
    "Engineers of both divisions meet every spring to compare what has worked and what has not.",
    "Colleagues from the works council took part in drawing up the guideline.",
    "A dialogue with neighbours of the quarry is held at the town hall each autumn.",
    "Where the law asks for less than our own rules, our own rules apply.",
    "Digital twins of the production lines help to find out where heat is lost.",
    "The approach follows the precautionary principle and the duty of care.",
    "Responsibility for the implementation lies with the management of each site.",
)
_TELLING_SHARE = 0.25


def company_name(number: int) -> str:
    """The name of the company with this number; no two share a word."""
    second = _SECOND[(number // len(_FIRST) + number) % len(_SECOND)]
    return f"{_FIRST[number % len(_FIRST)]}{second} Materials"


def make_reports(folder: Path, count: int, pages: int, first: int = 0) -> list[Path]:
    """Write `count` reports of `pages` pages into the folder, from company `first` on."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_make(folder, number, pages) for number in range(first, first + count)]


def _make(folder: Path, number: int, pages: int) -> Path:
    name = company_name(number)
    path = folder / f"{name.lower().replace(' ', '-')}-{YEAR}.pdf"
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setTitle(f"{name} Sustainability Report {YEAR}")
    draw = random.Random(number)  # noqa: S311 - made-up text, no secret
    _cover(canvas, name)
    for page in range(2, pages + 1):
        if page % 15 == 3:
            _table(canvas, name, page, draw)
        else:
            _text(canvas, name, page, draw)
    canvas.save()
    return path


def _cover(canvas: Canvas, name: str) -> None:
    canvas.setFont("Helvetica-Bold", 30)
    canvas.drawString(60, 600, name)
    canvas.setFont("Helvetica", 22)
    canvas.drawString(60, 560, f"Sustainability Report {YEAR}")
    canvas.showPage()


def _head(canvas: Canvas, name: str, page: int) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(60, 810, f"{name} | Sustainability Report {YEAR}")
    canvas.drawRightString(535, 30, str(page))


def _text(canvas: Canvas, name: str, page: int, draw: random.Random) -> None:
    _head(canvas, name, page)
    canvas.setFont("Helvetica", 9)
    text = canvas.beginText(60, 780)
    text.setLeading(15)
    for line in _lines(name, draw):
        text.textLine(line)
    canvas.drawText(text)
    canvas.showPage()


def _lines(name: str, draw: random.Random) -> Iterator[str]:
    written, line = 0, ""
    while written < _LINES_A_PAGE:
        values = {"a": draw.randint(11, 89), "b": draw.randint(35, 50), "c": draw.randint(20, 900)}
        kind = _TELLING if draw.random() < _TELLING_SHARE else _RUNNING
        sentence = draw.choice(kind).format(name=name, year=YEAR, base=2019, **values)
        for word in sentence.split():
            if len(line) + len(word) >= _LINE_WIDTH:
                yield line
                written, line = written + 1, ""
                if written == _LINES_A_PAGE:
                    return
            line = f"{line} {word}".strip()


def _table(canvas: Canvas, name: str, page: int, draw: random.Random) -> None:
    _head(canvas, name, page)
    canvas.setFont("Helvetica-Bold", 9)
    columns = (330, 400, 470)
    canvas.drawString(60, 760, "Environmental and social key figures")
    canvas.drawString(230, 735, "Unit")
    for x, year in zip(columns, range(YEAR, YEAR - 3, -1), strict=True):
        canvas.drawRightString(x + 60, 735, str(year))
    canvas.setFont("Helvetica", 9)
    # The figures of a company are the same on every page that shows them.
    figures = random.Random(name)  # noqa: S311 - made-up figures, no secret
    for row, (label, unit, size) in enumerate(_ROWS):
        y = 712 - 18 * row
        canvas.drawString(60, y, label)
        canvas.drawString(230, y, unit)
        for x in columns:
            canvas.drawRightString(x + 60, y, f"{round(size * figures.uniform(0.8, 1.2)):,}")
    canvas.setFont("Helvetica", 9)
    for number, line in enumerate(_lines(name, draw)):
        if number < 20:
            canvas.drawString(60, 480 - 15 * number, line)
    canvas.showPage()
