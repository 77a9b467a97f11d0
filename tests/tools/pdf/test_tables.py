"""Every number of a table stands under the year, label and heading it is printed under."""

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.tools.pdf.conftest import MakePdf
from tests.tools.pdf.tables import facts, only, paint, sections, tables_of

EDGES = (50.0, 300.0, 380.0, 460.0, 540.0)
BODY = (
    ("Scope 1", "1,204", "1,310", "1,422"),
    ("Scope 2", "806", "911", "1,015"),
    ("Water withdrawal", "12.4", "12.9", "13.3"),
)


@pytest.mark.parametrize("years", [("2023", "2022", "2021"), ("2021", "2022", "2023")])
def test_values_go_to_their_year_whatever_the_order(
    make_pdf: MakePdf, years: tuple[str, str, str]
) -> None:
    table = only(tables_of(make_pdf(lambda c: paint(c, [("", *years), *BODY], EDGES))))
    assert table.method == "year_header"
    assert facts(table) == {label: dict(zip(years, values, strict=True)) for label, *values in BODY}


@pytest.mark.parametrize("year", ["FY 2023", "FY23", "2022/23", "31.12.2023", "2023*"])
def test_a_fiscal_year_is_known_however_it_is_written(make_pdf: MakePdf, year: str) -> None:
    rows = [("", year, "2022"), *(row[:3] for row in BODY)]
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, EDGES))))
    assert [row.cells[0] for row in table.rows] == ["1,204", "806", "12.4"]


def test_a_target_between_label_and_results_is_no_result(make_pdf: MakePdf) -> None:
    rows = [
        ("", "Target 2030", "2023", "2022"),
        ("Scope 1", "600", "1,204", "1,310"),
        ("Scope 2", "400", "806", "911"),
    ]
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, EDGES))))
    assert facts(table)["Scope 1"] == {"Target 2030": "600", "2023": "1,204", "2022": "1,310"}


def test_a_change_between_years_keeps_its_own_column(make_pdf: MakePdf) -> None:
    rows = [
        ("", "2023", "Change", "2022"),
        ("Scope 1", "1,204", "-8.1%", "1,310"),
        ("Scope 2", "806", "-11.5%", "911"),
    ]
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, EDGES))))
    assert facts(table)["Scope 2"] == {"2023": "806", "Change": "-11.5%", "2022": "911"}


def test_an_empty_cell_moves_no_number_to_another_year(make_pdf: MakePdf) -> None:
    rows = [("", "2023", "2022", "2021"), *BODY, ("Waste", "", "77", "")]
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, EDGES))))
    assert facts(table)["Waste"] == {"2022": "77"}


def test_a_label_over_two_lines_is_one_label(make_pdf: MakePdf) -> None:
    def draw(canvas: Canvas) -> None:
        rows = [("", "2023", "2022"), ("Scope 1", "1,204", "1,310"), ("", "", "")]
        paint(canvas, rows, EDGES)
        canvas.drawString(50, 724, "Indirect emissions from purchased")
        canvas.drawString(50, 714, "electricity and heat")
        canvas.drawRightString(300, 714, "806")
        canvas.drawRightString(380, 714, "911")

    table = only(tables_of(make_pdf(draw)))
    label = "Indirect emissions from purchased electricity and heat"
    assert facts(table)[label] == {"2023": "806", "2022": "911"}


def test_a_heading_tells_equal_labels_apart(make_pdf: MakePdf) -> None:
    rows = [
        ("", "2023", "2022"),
        ("Scope 1", "", ""),
        ("   Group", "1,204", "1,310"),
        ("Scope 2", "", ""),
        ("   Group", "806", "911"),
    ]
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, EDGES))))
    found = {(row.section, row.label): row.cells for row in table.rows}
    assert found == {
        ("Scope 1", "Group"): ("1,204", "1,310"),
        ("Scope 2", "Group"): ("806", "911"),
    }


def test_a_unit_column_is_no_part_of_the_label(make_pdf: MakePdf) -> None:
    rows = [
        ("", "Unit", "2023", "2022"),
        ("Scope 1", "t CO2e", "1,204", "1,310"),
        ("Energy consumption", "MWh", "8,306", "8,911"),
        ("Water withdrawal", "m3", "12,400", "12,900"),
    ]
    edges = (50.0, 220.0, 380.0, 460.0)
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, edges, left=2))))
    assert {row.label: row.unit for row in table.rows} == {
        "Scope 1": "t CO2e",
        "Energy consumption": "MWh",
        "Water withdrawal": "m3",
    }


def test_a_footnote_mark_changes_no_figure(make_pdf: MakePdf) -> None:
    def draw(canvas: Canvas) -> None:
        paint(canvas, [("", "2023", "2022"), *(row[:3] for row in BODY)], EDGES)
        canvas.setFont("Helvetica", 5)
        canvas.drawString(300.5, TOP_OF_MARK, "3")

    table = only(tables_of(make_pdf(draw)))
    assert facts(table)["Scope 1"] == {"2023": "1,204", "2022": "1,310"}


TOP_OF_MARK = 748.0


def test_two_tables_side_by_side_stay_two(make_pdf: MakePdf) -> None:
    def draw(canvas: Canvas) -> None:
        paint(canvas, [("", "2023", "2022"), *(r[:3] for r in BODY)], (40.0, 180.0, 230.0))
        rows = [
            ("", "2023", "2022"),
            ("Employees", "41,230", "40,118"),
            ("Accidents", "77", "81"),
            ("Fatalities", "0", "1"),
        ]
        paint(canvas, rows, (310.0, 450.0, 510.0))

    left, right = sorted(tables_of(make_pdf(draw)), key=lambda table: table.x0)
    assert facts(left)["Scope 2"] == {"2023": "806", "2022": "911"}
    assert facts(right)["Accidents"] == {"2023": "77", "2022": "81"}


def test_years_that_come_again_carry_the_name_over_them(make_pdf: MakePdf) -> None:
    rows = [
        ("", "2023", "2022", "2023", "2022"),
        ("Scope 1", "1,204", "1,310", "301", "322"),
        ("Scope 2", "806", "911", "99", "104"),
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(280, 776, "Group")
        canvas.drawString(440, 776, "Germany")
        paint(canvas, rows, EDGES)

    table = only(tables_of(make_pdf(draw)))
    assert facts(table)["Scope 2"] == {
        "Group 2023": "806",
        "Group 2022": "911",
        "Germany 2023": "99",
        "Germany 2022": "104",
    }


def test_decimal_commas_and_thin_groups_stay_as_printed(make_pdf: MakePdf) -> None:
    rows = [("", "2023", "2022"), ("Scope 1", "324,7", "310,5"), ("Scope 2", "1 234", "1 300")]
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, EDGES))))
    assert facts(table)["Scope 1"] == {"2023": "324,7", "2022": "310,5"}
    assert facts(table)["Scope 2"] == {"2023": "1 234", "2022": "1 300"}


def test_lines_that_begin_with_their_year_are_columns_of_it(make_pdf: MakePdf) -> None:
    rows = [
        ("Year", "Scope 1", "Scope 2"),
        ("2023", "1,204", "806"),
        ("2022", "1,310", "911"),
        ("2021", "1,422", "1,015"),
    ]
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, EDGES))))
    found = {(row.label, name) for row in table.rows for name in table.columns}
    cells = {
        (row.label, name, cell)
        for row in table.rows
        for name, cell in zip(table.columns, row.cells, strict=True)
        if cell
    }
    assert table.method == "grid"
    assert found
    assert ("Scope 2", "2022", "911") in cells
    assert ("Scope 1", "2021", "1,422") in cells


def test_years_in_running_text_make_no_table(make_pdf: MakePdf) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 700, "In 2023 our emissions fell by 12 percent compared with 2022,")
        canvas.drawString(50, 685, "when they had been 1,310 tonnes, and with 2019.")

    assert tables_of(make_pdf(draw)) == ()


def test_sections_end_where_a_row_is_set_further_out(make_pdf: MakePdf) -> None:
    rows = [
        ("", "2023", "2022"),
        ("Energy", "9,112", "9,822"),
        ("   Electricity", "7,001", "7,333"),
        ("   Heat", "2,111", "2,489"),
        ("Water", "12,400", "12,900"),
    ]
    table = only(tables_of(make_pdf(lambda c: paint(c, rows, EDGES))))
    assert sections(table) == {
        "Energy": "",
        "Electricity": "Energy",
        "Heat": "Energy",
        "Water": "",
    }


def test_a_number_in_one_label_makes_no_column(make_pdf: MakePdf) -> None:
    rows = [("", "2023", "2022"), *((f"Indicator {'abcdefghi'[n]}", "12", "13") for n in range(9))]

    def draw(canvas: Canvas) -> None:
        paint(canvas, rows, EDGES)
        canvas.drawRightString(210, TOP_OF_TABLE - 16 * 4, "(2019)")

    table = only(tables_of(make_pdf(draw)))
    assert table.columns == ("2023", "2022")
    assert {row.cells for row in table.rows} == {("12", "13")}


TOP_OF_TABLE = 760.0
