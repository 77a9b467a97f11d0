"""Figures of pages of which only the text is known: what reading order glues or tears apart."""

import pytest

from tests.tools.evidence.kpis.texts import figures
from tools.evidence.kpis.extract import extract_from_text


@pytest.mark.parametrize(
    "header",
    [
        "Environment 2022 2021 2020",
        "Environment FY22FY21FY20",
        "Environment FY 22 FY 21 FY 20",
        "Environment Unit202220212020",
        "Environment\n2022\n2021\n2020",
    ],
)
def test_years_are_read_however_they_are_set(header: str) -> None:
    found = figures(f"{header}\nScope 1 t CO2e 12,345 13,456 14,567\n")
    assert found == {
        ("scope_1", 2022): "12,345 t CO2e",
        ("scope_1", 2021): "13,456 t CO2e",
        ("scope_1", 2020): "14,567 t CO2e",
    }


def test_years_of_two_lines_run_on_in_one_direction() -> None:
    found = figures("Data\n2022 2021\n2020 2019\nScope 1 t CO2e 12,345 13,456 14,567 15,678\n")
    assert found["scope_1", 2022] == "12,345 t CO2e"
    assert found["scope_1", 2019] == "15,678 t CO2e"


def test_years_below_the_rows_belong_to_them() -> None:
    text = """GHG emissions in t CO2e
Scope 1 1,200 1,300 1,400
Scope 2 (market-based) 2,200 2,300 2,400
2020 2021 2022
"""
    assert figures(text)["scope_1", 2020] == "1,200 t CO2e"
    assert figures(text)["scope_2 market", 2022] == "2,400 t CO2e"


def test_years_between_two_blocks_of_rows_belong_to_the_lower_one() -> None:
    text = """GHG emissions in t CO2e
Scope 1 1,200 1,300 1,400
Scope 2 (market-based) 2,200 2,300 2,400
2020 2021 2022
Scope 3 9,200 9,300 9,400
"""
    assert {kpi for kpi, _ in figures(text)} == {"scope_3"}


def test_the_only_years_of_a_page_at_its_end_belong_to_the_rows_above() -> None:
    text = """GHG emissions (Scope 1)kt CO
2eGroup Total 687 672 655
Packaging 400 390 380
GHG emissions (Scope 2, location-based)kt CO
2eGroup Total 487 472 455
Packaging 300 290 280
Unit 2022 2021 2020
Our performance"""
    assert figures(text)["scope_1", 2022] == "687 kt CO2e"
    assert figures(text)["scope_2 location", 2020] == "455 kt CO2e"


def test_two_years_at_the_end_of_a_page_are_no_header() -> None:
    text = """Scope 1 (t CO2e) 12,345 23
Scope 2 (t CO2e) 22,345 77
Further words about it
Progress 2022 2021
More about us"""
    assert figures(text) == {}


def test_years_over_groups_of_columns_give_the_group_only() -> None:
    text = """GHG emissions (t CO2e)
2022 2021
Group Europe Asia Group Europe AsiaChange
Scope 1 100,000 60,000 40,000 110,000 65,000 45,000 -9%
"""
    assert figures(text) == {
        ("scope_1", 2022): "100,000 t CO2e",
        ("scope_1", 2021): "110,000 t CO2e",
    }


def test_glued_values_are_split_where_their_thousands_tell_how() -> None:
    text = (
        "Emissions (t CO2e) 2018 2019 2020\nScope 1 13,37113,4063,708\nScope 3 23,371134063,708\n"
    )
    assert figures(text) == {
        ("scope_1", 2018): "13,371 t CO2e",
        ("scope_1", 2019): "13,406 t CO2e",
        ("scope_1", 2020): "3,708 t CO2e",
    }


def test_thousands_that_stand_apart_are_joined_in_one_way_only() -> None:
    head = "Emissions in tonnes CO2e 2022 2021 2020\n"
    found = figures(head + "Scope 1 12 345 12 346 9 347\n")
    assert [value for _, value in sorted(found.items())] == [
        "9 347 t CO2e",
        "12 346 t CO2e",
        "12 345 t CO2e",
    ]
    assert figures(head + "Scope 1 2 112 345 112 346 987 347\n") == {}


def test_a_value_glued_to_its_label_may_be_one_behind_a_footnote_mark() -> None:
    head = "Emissions in t CO2e 2022 2021\n"
    assert figures(head + "Scope 1 emissions13,331 12,850\n")["scope_1", 2022] == "13,331 t CO2e"
    found = figures(head + "Scope 1 emissions13,331 3,850\n")
    assert found == {("scope_1", 2021): "3,850 t CO2e"}


@pytest.mark.parametrize("unit", ["1’000 tonnes", "1,000 tonnes", "1000 t"])
def test_a_multiplier_glued_to_the_label_belongs_to_the_unit(unit: str) -> None:
    found = figures(f"Environment 2022 2021\nScope 1 emissions{unit} 34 35\n")
    assert found["scope_1", 2022] == "34 1,000 t CO2e"


def test_a_label_goes_on_over_several_lines() -> None:
    text = """Environment 2022 2021
Scope 2 greenhouse gas
emissions - market-based
(t CO2e) 12,345 13,456
a. Electricity 11,345 12,456
"""
    assert figures(text)["scope_2 market", 2022] == "12,345 t CO2e"


def test_values_below_their_labels_count_where_every_label_has_as_many() -> None:
    head = "Emissions (t CO2e) 2022 2021\n"
    found = figures(head + "Scope 1\n12,345\n13,456\nScope 3\n22,345\n23,456\n")
    assert found["scope_1", 2021] == "13,456 t CO2e"
    assert found["scope_3", 2022] == "22,345 t CO2e"
    assert figures(head + "Scope 1\nScope 3\n12,345\n22,345\n") == {}


def test_a_row_of_the_other_basis_goes_on_from_the_one_above() -> None:
    text = """Emissions (t CO2e) 2022 2021
Scope 2Total
(Market-  based) 1,866 1,512 Fuel-based
Heating 1,866 1,512 Fuel-based
Total
(Location-based) 3,851 3,679 Fuel-based
"""
    assert figures(text)["scope_2 location", 2022] == "3,851 t CO2e"
    assert figures(text)["scope_2 market", 2021] == "1,512 t CO2e"


def test_a_total_of_a_basis_below_a_scope_without_that_word_may_be_of_several_scopes() -> None:
    text = """Emissions (t CO2e) 2022 2021
Scope 1 1,000 1,100
Scope 2 (market-based) 1,866 1,512
Total (location-based) 4,851 4,779
"""
    assert ("scope_2 location", 2022) not in figures(text)


def test_changes_and_marks_behind_the_values_are_left_out() -> None:
    text = """Emissions (t CO2e) 2022 2021 2020
Direct (Scope 1)1 12,345✓ 13,456(2) 14,567 -8.3% -7.6%
"""
    assert figures(text)["scope_1", 2022] == "12,345 t CO2e"
    assert figures(text)["scope_1", 2021] == "13,456 t CO2e"
    assert figures(text)["scope_1", 2020] == "14,567 t CO2e"


def test_the_digit_of_a_scope_is_no_value() -> None:
    assert figures("Emissions (t CO2e) 2022 2021 2020\nScope 1 512 345\n") == {}


def test_the_quote_is_the_line_of_the_value() -> None:
    text = "Emissions (t CO2e) 2022 2021\nScope 1 5,120 5,340\nScope 3 5,120 6,340\n"
    record = next(r for r in extract_from_text(text) if r.kpi == "scope_1" and r.year == 2022)
    assert record.evidence.quote == "Scope 1 5,120 5,340"


def test_rows_that_name_one_figure_twice_and_add_up_to_a_total_are_parts_of_it() -> None:
    text = """Emissions (t CO2) 2022 2021
Indirect emissions from purchased electricity 10,230 10,080
Indirect emissions from purchased heat 1,060 920
Total 11,290 11,000
"""
    assert not {value for value in figures(text).values() if value.startswith(("10,", "1,0"))}


def test_scopes_in_words_that_add_up_to_a_total_are_kept() -> None:
    text = """Emissions (t CO2) 2022 2021
Direct emissions 10,230 10,080
Indirect emissions 1,060 920
Total 11,290 11,000
"""
    assert figures(text)["scope_1", 2022] == "10,230 t CO2"
    assert figures(text)["scope_2", 2021] == "920 t CO2"


@pytest.mark.parametrize(
    ("unit", "read"),
    [
        ("MtCO 2e", "t CO2e"),
        ("10,000 t-CO2", "10,000 t CO2"),
        ("Unit: 10,000 t-CO2e", "10,000 t CO2e"),
        ("ten thousand tonnes CO2e", "10,000 t CO2e"),
        ("hundreds of tonnes CO2e", "100 t CO2e"),
        ("lakh tCO2e", "100,000 t CO2e"),
        ("×10³ tCO2e", "1,000 t CO2e"),
        ("000's tCO2e", "1,000 t CO2e"),
        ("k tCO2e", "1,000 t CO2e"),
        ("kilo-tonnes CO2e", "1,000 t CO2e"),
        ("tCO2e x 1,000", "1,000 t CO2e"),
        ("tCO2e x 10^3", "1,000 t CO2e"),
    ],
)
def test_a_unit_is_as_large_as_its_heading_says(unit: str, read: str) -> None:
    size = 69_570 if unit.startswith("Mt") else 512
    found = figures(f"GHG emissions ({unit})\n2022 2021\nScope 1 emissions {size:,} 534\n")
    assert found["scope_1", 2022] == f"{size:,} {read}"


def test_a_size_nobody_knows_gives_no_figure() -> None:
    assert figures("GHG emissions (10 kt CO2e)\n2022 2021\nScope 1 emissions 512 534\n") == {}
