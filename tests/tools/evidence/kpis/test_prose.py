"""Figures in sentences: value before or behind the words, earlier years, aims and changes."""

import pytest

from tests.tools.evidence.kpis.drawn import figures_of, records_of

HEAD = "Sustainability report of the group for the fiscal year 2023, covering all companies.\n\n"


def found(sentence: str) -> dict[tuple[str, int], str]:
    return figures_of(HEAD + sentence, year=2023)


S1, S2, LTIFR = ("scope_1", 2023), ("scope_2 market", 2023), ("ltifr", 2023)


@pytest.mark.parametrize(
    ("sentence", "figure", "printed"),
    [
        ("In 2023, Scope 1 emissions totalled 39,428 tonnes CO2e.", S1, "39,428 t CO2e"),
        ("Market-based Scope 2 emissions amounted to 12,300 tCO2e in 2023.", S2, "12,300 t CO2e"),
        ("In 2023, total energy consumption was 1,245 GWh.", ("energy_total", 2023), "1,245 GWh"),
        ("At 5,668 tonnes of CO2e, Scope 1 emissions of 2023 were lower.", S1, "5,668 t CO2e"),
        ("Women held 28% of management positions.", ("women_in_management", 2023), "28% %"),
        ("At year-end 2023 we employed 12,400 people.", ("employees", 2023), "12,400 headcount"),
        ("The LTIFR was 1.8 per million hours worked.", LTIFR, "1.8 per million hours worked"),
    ],
)  # fmt: skip
def test_a_sentence_states_a_figure(sentence: str, figure: tuple[str, int], printed: str) -> None:
    assert found(sentence)[figure] == printed


def test_the_previous_year_stands_in_brackets() -> None:
    figures = found(
        "Scope 1 emissions totalled 39,428 t CO2e in 2023 (previous year: 41,200 t CO2e)."
    )
    assert figures["scope_1", 2022] == "41,200 t CO2e"


def test_the_previous_years_figure_is_named_in_words() -> None:
    figures = found(
        "At 5,668 tonnes of CO2e, Scope 1 emissions of 2023 were below the previous year's "
        "figure of 6,566 tonnes of CO2e."
    )
    assert figures == {("scope_1", 2023): "5,668 t CO2e", ("scope_1", 2022): "6,566 t CO2e"}


@pytest.mark.parametrize(
    "sentence",
    [
        "We aim to cut Scope 1 emissions to 10,000 t CO2e by 2030.",
        "Scope 1 emissions fell by 4,000 t CO2e in 2023.",
        "At our plant in Poland, Scope 1 emissions totalled 1,200 t CO2e in 2023.",
        "Accidents are counted per 200,000 hours worked.",
    ],
)
def test_aims_changes_parts_and_definitions_are_no_figures(sentence: str) -> None:
    assert found(sentence) == {}


def test_a_comparison_with_the_previous_year_does_not_move_the_value() -> None:
    figures = found(
        "In 2023, Scope 3 emissions were 3,253 t CO2e and thus at the previous year's level."
    )
    assert figures == {("scope_3", 2023): "3,253 t CO2e"}


def test_the_quote_of_a_sentence_holds_its_value_with_the_sign() -> None:
    record = records_of(HEAD + "Women held 28% of management positions in 2023.", year=2023)[0]
    assert "28%" in record.evidence.quote
    assert record.method == "prose"


@pytest.mark.parametrize("value", ["15 x 10^3 tCO2e", "15 × 10³ tCO2e", "512 '000 tCO2e"])
def test_the_size_behind_a_value_is_no_value(value: str) -> None:
    assert found(f"In 2023 our Scope 1 emissions were {value}.") == {}


@pytest.mark.parametrize("value", ["512k tCO2e", "512 k tCO2e", "512K tonnes CO2e"])
def test_thousands_in_one_letter(value: str) -> None:
    assert found(f"In 2023 our Scope 1 emissions were {value}.") == {S1: "512 1,000 t CO2e"}
