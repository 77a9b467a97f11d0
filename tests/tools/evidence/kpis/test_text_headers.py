"""Headers and columns of page texts whose years are broken over lines or stand beside others."""

import pytest

from tests.tools.evidence.kpis.texts import figures


@pytest.mark.parametrize(
    "header",
    [
        "Key figures Unit 2022\n2021\n(restated)\n2019\n(base year)",
        "Key figures Unit 2022\n2021\n(restated)1\n20192 \n (base year)",
        "Key figures Unit\n2022 2021\n2019 (base year)",
        "Key figures Unit\n2022\n(audited) 2021 2019",
    ],
)
def test_years_on_several_lines_are_one_header(header: str) -> None:
    assert figures(f"{header}\nScope 1 t CO2e 4,120 4,250 5,310\n") == {
        ("scope_1", 2022): "4,120 t CO2e",
        ("scope_1", 2021): "4,250 t CO2e",
        ("scope_1", 2019): "5,310 t CO2e",
    }


def test_a_year_with_target_below_it_is_no_value_of_that_year() -> None:
    text = "Key figures Unit\n2021 2022\n2030\n(target)\nScope 1 t CO2e 4,250 4,120 2,000\n"
    assert figures(text, year=2035) == {
        ("scope_1", 2021): "4,250 t CO2e",
        ("scope_1", 2022): "4,120 t CO2e",
    }


def test_a_value_below_a_year_is_no_year_with_a_mark() -> None:
    text = "Scope 1 emissions in t CO2e\n2021\n20152\n2022\n20311\n"
    assert figures(text) == {}


def test_two_columns_of_one_year_are_told_apart_by_the_words_before_the_second_line() -> None:
    text = "Figures Unit 2022 2021\npro forma 2021 2020\nScope 1 t CO2e 4,120 4,300 4,250 4,400\n"
    assert figures(text) == {
        ("scope_1", 2022): "4,120 t CO2e",
        ("scope_1", 2021): "4,250 t CO2e",
        ("scope_1", 2020): "4,400 t CO2e",
    }


def test_the_mark_of_a_note_between_two_years_is_none_of_them() -> None:
    found = figures("Figures Unit202222021 2020\nScope 1 t CO2e 4,120 4,250 4,400\n")
    assert found["scope_1", 2021] == "4,250 t CO2e"
    found = figures("Figures 2022 2021(12) 2020\nScope 1 t CO2e 4,120 4,250 4,400\n")
    assert found["scope_1", 2021] == "4,250 t CO2e"


def test_a_column_of_shares_stands_between_the_years() -> None:
    text = "in t CO2e 2022 Share 2021 2020\nScope 1 4,120 61% 4,250 4,400\n"
    assert figures(text) == {
        ("scope_1", 2022): "4,120 t CO2e",
        ("scope_1", 2021): "4,250 t CO2e",
        ("scope_1", 2020): "4,400 t CO2e",
    }


def test_marks_of_notes_on_a_line_of_their_own_part_no_header() -> None:
    text = "Emissions in t CO2e\n1)\n2020\n2)\n2021 2022\nScope 1 4,400 4,250 4,120\n"
    assert figures(text)["scope_1", 2020] == "4,400 t CO2e"


def test_numbers_below_the_axis_of_a_chart_belong_to_the_next_one() -> None:
    text = """4,120 4,250 4,400
2020 2021 2022
Scope 1 emissions in t CO2e
812 790 777
2020 2021 2022
Scope 3 emissions in t CO2e
"""
    assert figures(text) == {}


def test_references_behind_the_values_may_leave_cells_empty() -> None:
    text = "Unit 2022 2021 2020 GRI SASB Own\nScope 1 t CO2e 12 13 14 305-1 – AB-7\n"
    assert figures(text)["scope_1", 2022] == "12 t CO2e"
    text = "Unit 2022 2021 2020 GRI\nScope 1 t CO2e 12 13 – 305-1\n"
    assert figures(text)["scope_1", 2021] == "13 t CO2e"
    assert ("scope_1", 2020) not in figures(text)
