"""Sentences that give several values in order."""

import pytest

from tests.tools.evidence.kpis.texts import figures


def test_values_go_to_the_scopes_in_their_order() -> None:
    found = figures("Scope 1 and Scope 2 emissions were 45 kt CO2e and 56 kt CO2e, respectively.")
    assert found == {("scope_1", 2022): "45 kt CO2e", ("scope_2", 2022): "56 kt CO2e"}


def test_values_go_to_the_bases_in_their_order_with_the_year_before() -> None:
    text = (
        "Our Scope 2 emissions were 1.12 million t of CO2e (2021: 1.10 million t of CO2e) and "
        "1.57  million t CO2e (2021: 1.67 million t of CO2e) by the location-based and the "
        "market-based method, respec -\ntively."
    )
    assert figures(text) == {
        ("scope_2 location", 2022): "1.12 million t CO2e",
        ("scope_2 location", 2021): "1.10 million t CO2e",
        ("scope_2 market", 2022): "1.57 million t CO2e",
        ("scope_2 market", 2021): "1.67 million t CO2e",
    }


def test_values_go_to_the_years_in_their_order() -> None:
    text = "Our Scope 1 emissions in 2022 and 2021 were 12 kt CO2e and 15 kt CO2e respectively."
    assert figures(text) == {("scope_1", 2022): "12 kt CO2e", ("scope_1", 2021): "15 kt CO2e"}


@pytest.mark.parametrize(
    "text",
    [
        "Scope 1, 2 and 3 emissions in 2022 were 10,345, 20,456 and 90,567 t CO2e respectively.",
        "Scope 1 and Scope 2 emissions in 2022 and 2021 were 45 kt CO2e and 56 kt CO2e, "
        "respectively.",
    ],
)
def test_values_that_may_be_dealt_out_in_two_ways_are_given_up(text: str) -> None:
    assert figures(text) == {}


def test_the_basis_in_brackets_is_of_the_value_before_it() -> None:
    text = "Scope 2 emissions were 45 kt CO2e (location-based) and 56 kt CO2e (market-based)."
    assert figures(text) == {
        ("scope_2 location", 2022): "45 kt CO2e",
        ("scope_2 market", 2022): "56 kt CO2e",
    }


def test_brackets_behind_a_value_that_was_not_read_are_not_of_the_one_before() -> None:
    text = "Scope 1 emissions were 45 kt CO2e in 2022, and the others 56 (2021: 67 kt CO2e)."
    assert ("scope_1", 2021) not in figures(text)
