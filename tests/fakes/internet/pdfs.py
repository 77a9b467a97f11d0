"""Small reports of invented companies, as a company would publish them."""

from datetime import UTC, datetime
from functools import lru_cache

from fpdf import FPDF

_PAGES = (
    (
        "About this report",
        "This sustainability report covers the fiscal year {year}, from 1 January to 31 December "
        "{year}. It is published by {legal} and prepared with reference to the GRI Standards.",
        "{name} has its head office in Marburg and runs eleven sites in four countries.",
        "All figures are of {legal} and its subsidiaries unless stated otherwise.",
    ),
    (
        "Climate",
        "{name} will reduce its Scope 1 and 2 emissions by 42% by 2030 compared with 2020.",
        "Scope 1 emissions of {name} were 41,203 t CO2e in {year}.",
        "Renewable electricity covered 46% of the electricity used by {name} in {year}.",
    ),
    (
        "People",
        "At {name}, 92% of the sites have a safety committee.",
        "The rate of lost-time injuries fell to 2.1 per million hours worked in {year}.",
        "{legal} trains every new employee in the first week.",
    ),
)


@lru_cache(maxsize=64)
def report(
    name: str, year: int, title: str = "Sustainability Report {year}", *, form: str = "AG"
) -> bytes:
    """A report of four pages by a company for a fiscal year."""
    words = {"name": name, "year": year, "legal": f"{name} {form}"}
    document = FPDF(format="A4")
    document.set_creation_date(datetime(year + 1, 3, 1, tzinfo=UTC))
    document.set_title(f"{name} {title}".format(**words))
    document.set_author(f"{name} {form}")
    document.add_page()
    document.set_font("Helvetica", "B", 30)
    document.multi_cell(0, 16, name, new_x="LMARGIN", new_y="NEXT")
    document.multi_cell(0, 16, title.format(**words), new_x="LMARGIN", new_y="NEXT")
    for number, (heading, *lines) in enumerate(_PAGES, 2):
        document.add_page()
        document.set_font("Helvetica", "", 8)
        head = f"{name} {title}   {number}".format(**words)
        document.cell(0, 6, head, new_x="LMARGIN", new_y="NEXT")
        document.set_font("Helvetica", "B", 18)
        document.multi_cell(0, 12, heading, new_x="LMARGIN", new_y="NEXT")
        document.set_font("Helvetica", "", 11)
        for line in lines:
            document.multi_cell(0, 7, line.format(**words), new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())
