"""Rows of page texts: spaced and glued words, headings above broken labels, named totals."""

import pytest

from tests.tools.evidence.kpis.texts import figures

HEAD = "Emissions in t CO2e 2022 2021\n"


@pytest.mark.parametrize(
    "values",
    ["1 3 , 2 9 1 12,500", "13 ,291 12 ,500", "13,291✓ 12,500(3)"],
)
def test_spaces_inside_numbers_are_closed(values: str) -> None:
    found = figures(f"{HEAD}Scope 1 {values}\n")
    assert found == {("scope_1", 2022): "13,291 t CO2e", ("scope_1", 2021): "12,500 t CO2e"}


def test_a_value_glued_to_its_unit_is_read_with_it() -> None:
    found = figures("Emissions 2022 2021\nSCOPE 1\nMM MT CO 2e4.50 4.58\n")
    assert found["scope_1", 2022] == "4.50 million t CO2e"


@pytest.mark.parametrize("label", ["Scope 32", "Material Scope 31", "Scope 35)"])
def test_the_mark_of_a_note_behind_a_scope_makes_no_other_scope(label: str) -> None:
    assert figures(f"{HEAD}{label} 9,410 9,520\n")["scope_3", 2022] == "9,410 t CO2e"


@pytest.mark.parametrize("label", ["Scope 12", "Scope 23"])
def test_two_digits_that_may_be_two_scopes_are_left_alone(label: str) -> None:
    assert figures(f"{HEAD}{label} 9,410 9,520\n") == {}


def test_a_unit_glued_to_the_basis_is_no_part_of_the_label() -> None:
    text = "Data Unit 2022 2021\nTotal (Scope 2)Market-basedkt CO2eGroup Total 531 510\n"
    assert figures(text)["scope_2 market", 2022] == "531 kt CO2e"


def test_the_line_above_a_label_over_several_lines_is_its_heading() -> None:
    text = """Unit FY 2022 FY 2021
Scope 1
Total
1,000 metric tons
of CO2e 347 387
Scope 3 downstream
Total
1,000 metric tons
of CO2e 9,347 9,387
"""
    assert figures(text) == {
        ("scope_1", 2022): "347 1,000 t CO2e",
        ("scope_1", 2021): "387 1,000 t CO2e",
    }


def test_a_row_of_the_other_basis_ends_the_heading_of_the_first() -> None:
    text = """Emissions 2022 2021
(Market-based) emissions
Scope 1 t CO2e 300 310
Scope 2 t CO2e 600 500
(Location-based) emissions t CO2e 1,020 930
Scope 1 t CO2e 300 310
Scope 2 t CO2e 720 620
"""
    found = figures(text)
    assert found["scope_2 market", 2022] == "600 t CO2e"
    assert found["scope_2 location", 2022] == "720 t CO2e"


def test_a_total_is_of_what_its_parts_begin_with() -> None:
    text = """Location-based methodmetric t CO2 2022 2021
Indirect emissions from purchased power 1,020 1,010
Indirect emissions from
heat 106 92
Total 1,126 1,102
Market-based methodIndirect emissions from purchased power 1,467 1,584
Indirect emissions from heat 106 92
Total 1,573 1,676
"""
    assert figures(text) == {
        ("scope_2 location", 2022): "1,126 t CO2",
        ("scope_2 location", 2021): "1,102 t CO2",
        ("scope_2 market", 2022): "1,573 t CO2",
        ("scope_2 market", 2021): "1,676 t CO2",
    }


def test_a_per_cent_is_no_amount_of_emissions() -> None:
    assert figures(f"{HEAD}Scope 1 by 4.2 % 3.1 %\nScope 3 9,410 9,520\n") == {
        ("scope_3", 2022): "9,410 t CO2e",
        ("scope_3", 2021): "9,520 t CO2e",
    }


def test_one_side_of_the_chain_is_not_all_of_scope_3() -> None:
    assert figures(f"{HEAD}Scope 3 upstream 9,410 9,520\n") == {}
    found = figures(f"{HEAD}Scope 3 (upstream and downstream) 9,410 9,520\n")
    assert found["scope_3", 2022] == "9,410 t CO2e"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("94 163 −42.2%", {2022: "94 t CO2e", 2021: "163 t CO2e"}),
        ("5 140 160 −12.5%", {2022: "140 t CO2e", 2021: "160 t CO2e"}),
        ("94 163 +8.0%", {}),
    ],
)
def test_a_small_first_number_is_a_value_where_the_change_printed_says_so(
    cells: str, expected: dict[int, str]
) -> None:
    found = figures(f"{HEAD}Scope 1 {cells}\n")
    assert found == {("scope_1", year): value for year, value in expected.items()}


def test_rows_that_follow_closely_keep_a_header_far_above() -> None:
    fillers = "".join(f"Measure no. {n}\nof the site\n{n},512 {n},613\n" for n in range(1, 30))
    found = figures(f"{HEAD}{fillers}Scope 1 4,120 4,250\n")
    assert found["scope_1", 2021] == "4,250 t CO2e"
    gap = "A line about something else\n" * 70
    assert figures(f"{HEAD}{gap}Scope 1 4,120 4,250\n") == {}


def test_emissions_of_burnt_gas_are_not_all_of_a_scope() -> None:
    text = "Unit 2022 2021\nScope 1\nTotal t CO2e 347 387\nCO2 emissions from gas t CO2e 113 109\n"
    assert set(figures(text).values()) == {"347 t CO2e", "387 t CO2e"}


def test_one_form_of_energy_is_no_total_beside_both() -> None:
    text = """Unit 2022 2021
Energy consumption: secondary energy GWh 113 109
Energy consumption: primary and secondary energy GWh 180 170
"""
    assert figures(text) == {("energy_total", 2022): "180 GWh", ("energy_total", 2021): "170 GWh"}
