"""Units as reports print them."""

import pytest

from tools.evidence.units import parse_unit, physical_factor


@pytest.mark.parametrize(
    "unit", ["Wh", "kWh", "MWh", "GWh", "TWh", "kJ", "MJ", "GJ", "TJ", "PJ", "EJ"]
)
def test_sizes_set_by_hand_are_those_of_the_unit_library(unit: str) -> None:
    found = parse_unit(unit)
    assert found is not None
    assert found.factor == pytest.approx(physical_factor(unit, "MWh"), rel=1e-12)


@pytest.mark.parametrize(
    ("printed", "name", "factor"),
    [
        ("MM MT CO2e", "million t CO2e", 1e6),
        ("KMT CO2e", "kt CO2e", 1e3),
        ("MMT CO2e", "Mt CO2e", 1e6),
        ("1,000 metric tons of CO2e emissions", "1,000 t CO2e", 1e3),
        ("MTCO 2e", "t CO2e", 1.0),
        ("kgCO 2", "kg CO2", 1e-3),
        ("10,000 t-CO2", "10,000 t CO2", 1e4),
        ("ten thousand tonnes of CO2e", "10,000 t CO2e", 1e4),
        ("100 tCO2e", "100 t CO2e", 1e2),
        ("lakh tCO2e", "100,000 t CO2e", 1e5),
        ("US gallons", "gallons", physical_factor("gallon", "meter ** 3")),
    ],
)
def test_size_and_name_of_a_printed_unit(printed: str, name: str, factor: float) -> None:
    found = parse_unit(printed)
    assert found is not None
    assert found.name == name
    assert found.factor == pytest.approx(factor)


@pytest.mark.parametrize("words", ["emissions", "mm", "juice", "whole", "watt", "group total"])
def test_words_are_no_units(words: str) -> None:
    assert parse_unit(words) is None
