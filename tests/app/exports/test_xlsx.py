from io import BytesIO

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from app.exports.xlsx import page_address, to_xlsx
from tests.app.exports.published import analysis
from tests.builders import company

FORMULA = '=HYPERLINK("http://evil.example","click")'


def opened(text: str = "plain") -> Workbook:
    return load_workbook(BytesIO(to_xlsx(analysis(text=text))))


def rows(book: Workbook, sheet: str) -> list[dict[str, object]]:
    head, *lines = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_the_workbook_has_a_sheet_a_concern() -> None:
    assert opened().sheetnames == [
        "Summary", "Comparison", "Figures", "Claims", "Targets", "Not found", "Sources",
    ]  # fmt: skip


def test_figures_are_numbers_with_unit_conversion_page_and_quote() -> None:
    third = next(r for r in rows(opened(), "Figures") if r["KPI"] == "scope_3")
    assert (third["Value"], third["Unit"]) == (9, "kt CO2e")
    assert (third["Normalised"], third["Base unit"]) == (9000, "t CO2e")
    assert (third["Status"], third["Page"]) == ("candidate", "page 7")
    assert third["Quote"]


def test_page_cells_link_to_the_page_of_the_report() -> None:
    sheet = opened()["Figures"]
    column = [cell.value for cell in sheet[1]].index("Page") + 1
    link = sheet.cell(2, column).hyperlink
    assert link is not None
    assert "alpha-2023.pdf" in (link.target or "") and "page=17" in f"{link.target}{link.location}"


def test_a_report_from_the_web_is_linked_at_its_address_and_nothing_else_is() -> None:
    report = company("Alpha AG").report
    assert report is not None
    web = report.model_copy(update={"source": "https://alpha.example/r.pdf#top"})
    assert page_address(web, 5) == "https://alpha.example/r.pdf#page=5"
    odd = report.model_copy(update={"source": "javascript:alert(1)"})
    assert page_address(odd, 5) == "external:alpha-2023.pdf#page=5"
    assert page_address(None, 5) == ""


def test_text_of_reports_never_becomes_a_formula_or_a_link() -> None:
    for text in (FORMULA, "+1+1", "@SUM(A1)", "-2+3", "http://evil.example/x"):
        book = opened(text)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert [cell for cell in cells if cell.value == text]
        links = {cell.hyperlink.target for cell in cells if cell.hyperlink}
        assert not [target for target in links if target and "evil" in target]


def test_claims_and_sources_carry_the_numbers_of_the_text() -> None:
    book = opened()
    claims = rows(book, "Claims")
    assert [(r["Number"], r["Company"]) for r in claims] == [(1, "Synthesis"), (2, "Alpha AG")]
    cited = [r["Number"] for r in rows(book, "Sources") if r["Number"]]
    assert cited == [1, 2]
    assert {r["SHA-256"] for r in rows(book, "Sources")} == {"sha-alpha", "sha-beta"}


def test_silences_and_failed_companies_are_listed() -> None:
    found = {(r["Company"], r["Figure"], r["Kind"]) for r in rows(opened(), "Not found")}
    assert ("Alpha AG", "Water withdrawal", "not disclosed") in found
    assert ("Alpha AG", "The lost-time injury frequency rate", "unreadable") in found
    assert ("Gamma", "everything", "failed") in found


def test_characters_that_xml_forbids_do_not_break_the_file() -> None:
    assert opened("a\x00b\x0bc\ufffe d").sheetnames
