"""Figures in tables of many layouts: the right column, unit, label, part and basis."""

import pytest

from tests.tools.evidence.kpis.drawn import figures_of, records_of

TWO_YEARS = """
Environmental data | Unit | {one} | {two}
Scope 1 emissions | t CO2e | 12,345 | 13,456
Scope 2 emissions (market-based) | t CO2e | 2,345 | 3,456
Total energy consumption | MWh | 123,456 | 134,567
"""


@pytest.mark.parametrize(
    ("one", "two", "year_of_one"),
    [
        ("2023", "2022", 2023),
        ("2022", "2023", 2022),
        ("FY2023", "FY2022", 2023),
        ("FY 2023", "FY 2022", 2023),
        ("FY2023/24", "FY2022/23", 2024),
        ("31 March 2024", "31 March 2023", 2024),
        ("2023", "2022 (restated)", 2023),
        ("2023", "2022 (adapted)1", 2023),
    ],
)
def test_a_value_belongs_to_the_year_over_it(one: str, two: str, year_of_one: int) -> None:
    found = figures_of(TWO_YEARS.format(one=one, two=two))
    other = year_of_one - 1 if year_of_one != 2022 else 2023
    assert found["scope_1", year_of_one] == "12,345 t CO2e"
    assert found["scope_1", other] == "13,456 t CO2e"
    assert found["energy_total", year_of_one] == "123,456 MWh"


def test_target_base_year_and_change_columns_are_no_results() -> None:
    found = figures_of("""
        Metric | Unit | Target 2030 | 2023 | 2022 | Change
        Scope 1 GHG emissions | Mt CO2e | 10.0 | 14.2 | 15.1 | -6.0%
        Scope 3 GHG emissions | Mt CO2e | 60.0 | 81.5 | 84.0 | -3.0%
    """)
    assert found["scope_1", 2023] == "14.2 Mt CO2e"
    assert found["scope_3", 2022] == "84.0 Mt CO2e"
    assert {year for _, year in found} == {2023, 2022}


def test_milestones_of_a_statement_after_the_european_standard_are_no_results() -> None:
    found = figures_of(
        """
        | Base year 2019 | 2022 | 2023 | % 2023/2022 | 2025 | 2030 | 2050
        Scope 1 GHG emissions
        Gross Scope 1 (tCO2eq) | 20,000 | 15,000 | 14,000 | -6.7% | 12,000 | 9,000 | 100
        Scope 2 GHG emissions
        Location-based Scope 2 (tCO2eq) | 8,000 | 7,500 | 7,000 | -6.7% | 6,000 | 5,000 | 1,000
        Market-based Scope 2 (tCO2eq) | 6,000 | 4,500 | 4,000 | -11.1% | 3,000 | 2,000 | 500
        Significant scope 3 GHG emissions
        Gross Scope 3 (tCO2eq) | 90,000 | 81,000 | 80,000 | -1.2% | 70,000 | 60,000 | 9,000
        1 Purchased goods and services | 50,000 | 45,000 | 44,000 | -2.2% | 40,000 | 35,000 | 5,000
        """,
        year=2023,
    )
    assert found["scope_1", 2023] == "14,000 t CO2e"
    assert found["scope_2 location", 2023] == "7,000 t CO2e"
    assert found["scope_2 market", 2022] == "4,500 t CO2e"
    assert found["scope_3", 2023] == "80,000 t CO2e"
    assert found["scope_3_1", 2023] == "44,000 t CO2e"
    assert max(year for _, year in found) == 2023


def test_a_share_column_between_the_years_is_passed_over() -> None:
    found = figures_of("""
        GHG emissions
        in t CO2e | 2023 | Share | 2022 | 2021
        Scope 1 | 15,673 | 64.7% | 15,850 | 17,955
        Scope 2 (market-based) | 8,549 | 35.3% | 7,672 | 7,828
    """)
    assert found["scope_1", 2022] == "15,850 t CO2e"
    assert found["scope_2 market", 2021] == "7,828 t CO2e"


@pytest.mark.parametrize(
    ("printed", "unit", "name"),
    [
        ("1,234", "kt CO2e", "kt CO2e"),
        ("1,234", "ktCO₂eq", "kt CO2e"),
        ("1,234", "thousand tonnes CO2e", "1,000 t CO2e"),
        ("1,234", "MTCO2e", "t CO2e"),
        ("1.23", "million metric tons CO2e", "million t CO2e"),
        ("1.23", "Mt CO2e", "Mt CO2e"),
    ],
)
def test_a_multiplier_in_the_unit_column_is_kept(printed: str, unit: str, name: str) -> None:
    found = figures_of(f"""
        Indicator | Unit | 2023 | 2022
        Scope 1 emissions | {unit} | {printed} | {printed}
    """)
    assert found["scope_1", 2023] == f"{printed} {name}"


def test_megatonnes_beyond_all_reason_are_metric_tons() -> None:
    found = figures_of("""
        GHG emissions (MtCO2e) | 2023 | 2022
        Scope 1 | 69,570 | 81,655
    """)
    assert found["scope_1", 2023] == "69,570 t CO2e"


def test_the_unit_of_a_heading_and_its_multiplier_hold_for_the_rows_below() -> None:
    found = figures_of("""
        GHG emissions (in thousand tonnes CO2e)
        | 2021 | 2022 | 2023
        Scope 1 | 1,204 | 1,180 | 1,101
        Scope 2 (location-based) | 512 | 498 | 490
        Scope 3 | 9,876 | 9,654 | 9,321
    """)
    assert found["scope_1", 2023] == "1,101 1,000 t CO2e"
    assert found["scope_2 location", 2022] == "498 1,000 t CO2e"
    assert found["scope_3", 2021] == "9,876 1,000 t CO2e"


@pytest.mark.parametrize(
    ("label", "unit", "kpi"),
    [
        ("Energy consumption within the organization", "TJ", "energy_total"),
        ("Total energy use", "GWh", "energy_total"),
        ("Total energy consumed", "GJ", "energy_total"),
        ("Water withdrawal", "ML", "water_withdrawal"),
        ("Total water withdrawn", "million m3", "water_withdrawal"),
        ("Total water consumption", "m3", "water_consumption"),
        ("Total waste generated", "t", "waste_total"),
    ],
)
def test_energy_water_and_waste_keep_their_units(label: str, unit: str, kpi: str) -> None:
    found = figures_of(f"""
        Indicator | Unit | 2023 | 2022
        {label} | {unit} | 1,204 | 1,250
    """)
    assert found[kpi, 2023] == f"1,204 {unit}"


def test_decimal_and_thousands_marks_are_decided_by_the_document() -> None:
    found = figures_of("""
        Umweltkennzahlen | Einheit | 2023 | 2022
        Scope-1-Emissionen | t CO2e | 12.345 | 13.456
        Scope-2-Emissionen (marktbasiert) | t CO2e | 2.345,6 | 3.456,7
        Abfallaufkommen | t | 1.234,5 | 1.345,6
    """)
    assert found["scope_1", 2023] == "12.345 t CO2e"
    records = {
        r.kpi: r.value
        for r in records_of("""
        Umweltkennzahlen | Einheit | 2023 | 2022
        Scope-1-Emissionen | t CO2e | 12.345 | 13.456
        Abfallaufkommen | t | 1.234,5 | 1.345,6
    """)
        if r.year == 2023
    }
    assert records == {"scope_1": 12345.0, "waste_total": 1234.5}


def test_thousands_may_stand_apart_or_behind_an_apostrophe() -> None:
    records = {
        r.kpi: r.value
        for r in records_of("""
        Indicator | Unit | 2023 | 2022
        Scope 1 emissions | t CO2e | 81 385 | 82 779
        Total energy consumption | MWh | 12’345’678 | 12’901’234
    """)
        if r.year == 2023
    }
    assert records == {"scope_1": 81385.0, "energy_total": 12345678.0}


def test_cells_without_a_number_give_no_figure() -> None:
    found = figures_of("""
        Emissions (tCO2e) | 2023 | 2022 | 2021
        Scope 1 | 1,234 | n/a | 1,456
        Scope 3 | 78,000 | 77,000 | –
    """)
    assert ("scope_1", 2022) not in found
    assert ("scope_3", 2021) not in found
    assert found["scope_1", 2021] == "1,456 t CO2e"


def test_a_label_may_run_over_several_lines() -> None:
    found = figures_of("""
        Indicator | Unit | 2023 | 2022
        Total direct greenhouse gas
        emissions (Scope 1) | t CO2e | 1,234 | 1,345
        Total indirect greenhouse gas
        emissions (Scope 2),
        market-based | t CO2e | 456 | 567
    """)
    assert found["scope_1", 2023] == "1,234 t CO2e"
    assert found["scope_2 market", 2023] == "456 t CO2e"


def test_a_section_names_the_rows_under_it() -> None:
    found = figures_of("""
        in metric tons CO2e | 2023 | 2022 | 2021
        Scope 1
          Stationary combustion | 1,200 | 1,300 | 1,400
          Mobile combustion | 800 | 850 | 900
          Total Scope 1 | 2,000 | 2,150 | 2,300
        Scope 2
          Location-based | 5,000 | 5,100 | 5,200
          Market-based | 1,000 | 1,500 | 2,000
    """)
    assert found["scope_1", 2023] == "2,000 t CO2e"
    assert found["scope_2 location", 2023] == "5,000 t CO2e"
    assert found["scope_2 market", 2022] == "1,500 t CO2e"


def test_a_country_is_not_the_group() -> None:
    found = figures_of("""
        Scope 1 emissions | Unit | 2023 | 2022
        Germany | t CO2e | 1,200 | 1,300
        France | t CO2e | 800 | 850
    """)
    assert found == {}


def test_the_row_that_adds_up_the_others_is_the_total_whatever_it_is_called() -> None:
    records = records_of("""
        Energy use
        in MWh | 2023 | Share | 2022 | 2021
        Electricity | 110,000 | 61% | 105,000 | 108,000
        Natural gas | 70,000 | 39% | 69,000 | 73,000
        Exampla Group | 180,000 | 100% | 174,000 | 181,000
    """)
    total = {r.year: r.printed for r in records if r.kpi == "energy_total"}
    assert total == {2023: "180,000", 2022: "174,000", 2021: "181,000"}
    assert all(r.status == "verified" for r in records)
    assert "the rows above add up to it" in records[0].confirmations


def test_a_company_row_that_adds_nothing_up_is_no_total() -> None:
    assert not figures_of("""
        Energy use
        in MWh | 2023 | 2022
        Electricity | 110,000 | 105,000
        Natural gas | 70,000 | 69,000
        Exampla Group | 150,000 | 170,000
    """)


def test_boundaries_side_by_side_are_kept_apart() -> None:
    found = figures_of("""
        GHG emissions (million tonnes CO2e)
            | Operational control | | Equity share |
        | 2023 | 2022 | 2023 | 2022
        Scope 1 | 14.2 | 15.1 | 11.1 | 12.0
        Scope 3 | 54.2 | 55.1 | 51.1 | 52.0
    """)
    assert found["scope_1 operational control", 2023] == "14.2 million t CO2e"
    assert found["scope_1 equity boundary", 2023] == "11.1 million t CO2e"


def test_the_basis_of_scope_2_may_stand_in_a_footnote() -> None:
    found = figures_of("""
        Emissions in t CO2e | 2023 | 2022
        Scope 1 | 1,234 | 1,345
        Scope 2* | 456 | 567
        * Scope 2 emissions are calculated according to the market-based method.
    """)
    assert found["scope_2 market", 2023] == "456 t CO2e"


def test_an_intensity_is_not_an_amount() -> None:
    found = figures_of("""
        Indicator | Unit | 2023 | 2022
        GHG emissions intensity (Scope 1 and 2) | t CO2e/EUR million revenue | 19.8 | 21.4
        Scope 1 and 2 emissions, market-based | t CO2e | 45,120 | 47,300
    """)
    assert found["scope_1_2 market", 2023] == "45,120 t CO2e"
    assert found["ghg_intensity market", 2023] == "19.8 t CO2e/EUR million revenue"


def test_emissions_that_were_avoided_are_not_emissions() -> None:
    assert not figures_of("""
        Reduced emissions through renewable energy
        Indicator | Unit | 2023 | 2022
        Avoided emissions (Scope 1+2) | t CO2e | 562 | 467
        Scope 3 emissions after offsetting | t CO2e | 300 | 310
    """)


def test_emissions_before_offsetting_are_the_emissions() -> None:
    found = figures_of("""
        Indicator | Unit | 2023 | 2022
        Other indirect emissions (Scope 3) before offsetting | t CO2e | 3,253 | 3,310
        Other indirect emissions (Scope 3) after offsetting | t CO2e | 3,045 | 3,063
    """)
    assert found["scope_3", 2023] == "3,253 t CO2e"


def test_rates_shares_and_heads_of_people() -> None:
    found = figures_of("""
        Safety and people | 2024 | 2023
        Lost time injury frequency rate (LTIFR) (per million hours worked) | 1.23 | 1.45
        Total recordable injury rate (TRIR) per 200,000 hours worked | 0.45 | 0.56
        Percentage of women in leadership positions | 31.2% | 29.8%
        Number of employees at year-end | 12,345 | 11,987
    """)
    assert found["ltifr", 2024] == "1.23 per million hours worked"
    assert found["trir", 2024] == "0.45 per 200,000 hours worked"
    assert found["women_in_management", 2024] == "31.2% %"
    assert found["employees", 2024] == "12,345 headcount"


def test_a_group_cell_and_its_row_are_read_together() -> None:
    found = figures_of("""
        Key performance indicators | | Period | Unit | FY 2024 | FY 2023 | +/-
        Scope 1 emissions | Total | Fiscal year | 1,000 metric tons CO2e | 347 | 387 | -10.3%
        Water withdrawal | Total | Fiscal year | Million cubic meter | 12.75 | 14.26 | -10.6%
        Water consumption | Total | Fiscal year | Million cubic meter | 0.67 | 0.51 | 32.0%
    """)
    assert found["scope_1", 2024] == "347 1,000 t CO2e"
