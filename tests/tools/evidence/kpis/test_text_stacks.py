"""Page texts that give a table column by column."""

import pytest

from tests.tools.evidence.kpis.texts import figures

LABELS = "Emissions (t CO2e)\nScope 1\nScope 2 (market-based)\nScope 3\n"
EXPECTED = {
    ("scope_1", 2022): "1,120 t CO2e",
    ("scope_1", 2021): "1,250 t CO2e",
    ("scope_2 market", 2022): "2,120 t CO2e",
    ("scope_2 market", 2021): "2,250 t CO2e",
    ("scope_3", 2022): "9,120 t CO2e",
    ("scope_3", 2021): "9,250 t CO2e",
}


@pytest.mark.parametrize(
    "columns",
    [
        "2022\n1,120\n2,120\n9,120\n2021\n1,250\n2,250\n9,250\n",
        "1,120\n2,120\n9,120\n2022\n1,250\n2,250\n9,250\n2021\n",
        "1,120\n2,120\n9,1202022\n1,250\n2,250\n9,2502021\n",
    ],
)
def test_each_column_belongs_to_the_year_above_or_below_it(columns: str) -> None:
    assert figures(LABELS + columns) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        LABELS + "2022\n1,120\n2,120\n2021\n1,250\n2,250\n9,250\n",
        LABELS + "Other emissions\n2022\n1,120\n2,120\n9,120\n2021\n1,250\n2,250\n9,250\n",
        "Scope 1\n" + LABELS + "2022\n1,120\n2,120\n2021\n1,250\n2,250\n",
        "Emissions (t CO2e)\nScope 3\nScope 1\n2022\n1,120\n2,120\n2021\n1,250\n2,250\n",
        "t CO2e\nScope 1\nScope 2\nScope 1+2\n2022\n10\n20\n30\n2021\n11\n21\n42\n",
        LABELS + "1,120\n2,120\n9,120\n1,250\n2,250\n9,250\n",
    ],
)
def test_columns_that_do_not_fit_their_labels_give_nothing(text: str) -> None:
    assert figures(text) == {}
