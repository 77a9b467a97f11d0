from agent.domain import Cell, ComparisonColumn, ComparisonTable, Silence
from tests.builders import company, figure, not_disclosed
from tools.evidence.compare import compare
from tools.evidence.compare_columns import ColumnSpec, table_columns


def column(table: ComparisonTable, title: str) -> tuple[ComparisonColumn, list[Cell]]:
    index = [one.title for one in table.columns].index(title)
    return table.columns[index], [row.cells[index] for row in table.rows]


def test_statistics_are_taken_over_comparable_cells_only() -> None:
    table = compare(
        [
            company("Alpha", figure("scope_1", 2023, 100)),
            company("Beta", figure("scope_1", 2023, 0.3, "kt CO2e", company="beta")),
            company("Gamma", figure("scope_1", 2022, 9000, company="gamma"), year=2022),
            company("Delta", figure("scope_1", 2023, 8000, company="delta", status="candidate")),
            company("Eps", figure("scope_1", 2023, 7000, company="eps", boundary="Germany")),
        ]
    )
    head, cells = column(table, "Scope 1")
    assert (head.year, head.low, head.high, head.median, head.comparable) == (
        2023,
        100,
        300,
        200,
        2,
    )
    assert [cell.comparable for cell in cells] == [True, True, False, False, False]
    assert [cell.flags for cell in cells] == [
        (), (), ("year 2022",), ("candidate",), ("boundary: Germany",),
    ]  # fmt: skip
    assert cells[1].shown == "300" and cells[1].unit == "t CO2e"


def test_the_median_of_three_large_figures_is_the_middle_one_to_the_last_digit() -> None:
    table = compare(
        [
            company("Alpha", figure("scope_3", 2023, 1_762_938)),
            company("Beta", figure("scope_3", 2023, 3_814_554, company="beta")),
            company("Gamma", figure("scope_3", 2023, 14_794, "kt CO2e", company="gamma")),
        ]
    )
    head, cells = column(table, "Scope 3")
    assert head.median == 3_814_554
    assert [cell.shown for cell in cells] == ["1,762,938", "3,814,554", "14,794,000"]


def test_absolute_figures_have_no_best_and_rates_have() -> None:
    alpha = company(
        "Alpha",
        figure("scope_1", 2023, 100),
        figure("ltifr", 2023, 4.2, "per million hours worked"),
        figure("women_in_management", 2023, 21.5, "%"),
    )
    beta = company(
        "Beta",
        figure("scope_1", 2023, 50, company="beta"),
        figure("ltifr", 2023, 2.8, "per million hours worked", company="beta"),
        figure("women_in_management", 2023, 30.1, "%", company="beta"),
    )
    table = compare([alpha, beta])
    assert column(table, "Scope 1")[0].best is None
    assert column(table, "Lost-time injury rate")[0].best == 2.8
    assert column(table, "Women in management")[0].best == 30.1


def test_market_and_location_stand_apart_and_an_unstated_basis_is_flagged() -> None:
    alpha = company(
        "Alpha",
        figure("scope_2", 2023, 10, basis="market"),
        figure("scope_2", 2023, 40, basis="location"),
    )
    beta = company("Beta", figure("scope_2", 2023, 20, company="beta", basis="location"))
    gamma = company("Gamma", figure("scope_2", 2023, 30, company="gamma"))
    table = compare([alpha, beta, gamma])
    _, market = column(table, "Scope 2 (market-based)")
    location_head, location = column(table, "Scope 2 (location-based)")
    assert [cell.value for cell in market] == [10, None, 30]
    assert market[2].flags == ("basis not stated",) and not market[2].comparable
    assert [cell.value for cell in location] == [40, 20, None]
    assert location_head.comparable == 2


def test_shares_of_electricity_and_of_energy_are_not_mixed() -> None:
    alpha = figure("renewable_share", 2023, 80, "%", label="Share of renewable electricity")
    beta = figure(
        "renewable_share", 2023, 20, "%", company="beta", label="Share of renewable energy"
    )
    more = figure("renewable_share", 2023, 30, "%", company="gamma", label="Renewable energy share")
    table = compare([company("Alpha", alpha), company("Beta", beta), company("Gamma", more)])
    head, cells = column(table, "Renewable energy")
    assert [cell.value for cell in cells] == [None, 20, 30]
    assert head.best == 30


def test_intensities_with_other_denominators_are_shown_but_not_compared() -> None:
    per_revenue = "t CO2e/EUR million revenue"
    table = compare(
        [
            company("Alpha", figure("ghg_intensity", 2023, 12, per_revenue)),
            company("Beta", figure("ghg_intensity", 2023, 15, per_revenue, company="beta")),
            company("Gamma", figure("ghg_intensity", 2023, 3, "t CO2e/t steel", company="gamma")),
        ]
    )
    head, cells = column(table, "GHG intensity")
    assert head.unit == per_revenue and head.best == 12
    assert cells[2].flags == ("unit t CO2e/t steel",)
    assert cells[2].shown == "3 t CO2e/t steel"


def test_the_trend_needs_two_verified_years_of_one_measure() -> None:
    steady = company("Alpha", figure("scope_1", 2023, 90), figure("scope_1", 2022, 100))
    unsure = company(
        "Beta",
        figure("scope_1", 2023, 90, company="beta"),
        figure("scope_1", 2022, 100, company="beta", status="candidate"),
    )
    other_unit = company(
        "Gamma",
        figure("scope_1", 2023, 90, company="gamma"),
        figure("scope_1", 2022, 0.1, "kt CO2e", company="gamma"),
    )
    _, cells = column(compare([steady, unsure, other_unit]), "Scope 1")
    assert [cell.trend_pct for cell in cells] == [-10.0, None, None]


def test_a_superseded_value_is_neither_shown_nor_used_for_the_trend_but_told() -> None:
    old = figure(
        "scope_1", 2022, 120, superseded_by="new", superseded_why="new emission factors", page=3
    )
    new = figure("scope_1", 2022, 100, id="new", flags=("restated",))
    table = compare([company("Alpha", figure("scope_1", 2023, 90), old, new)])
    _, (cell,) = column(table, "Scope 1")
    assert cell.trend_pct == -10.0
    (note,) = [note for note in table.notes if "restated" in note]
    assert "from 120 t CO2e (p. 3) to 100 t CO2e (p. 7): new emission factors" in note


def test_an_empty_cell_says_which_silence_it_is() -> None:
    alpha = company("Alpha", silences=(not_disclosed("scope_3", "We do not report Scope 3."),))
    beta = company("Beta", silences=(Silence(kpi="scope_3", kind="unreadable"),))
    gamma = company("Gamma")
    _, cells = column(compare([alpha, beta, gamma]), "Scope 3")
    assert [cell.silence for cell in cells] == ["not_disclosed", "unreadable", "not_found"]


def test_contradictions_inside_a_report_are_listed_with_their_pages() -> None:
    table = compare(
        [
            company(
                "Alpha",
                figure("scope_3", 2023, 500, page=5),
                figure("scope_3", 2023, 620, page=31, id="other"),
                figure("scope_1", 2023, 60),
                figure("scope_2", 2023, 40, basis="market"),
                figure("scope_1_2", 2023, 130, basis="market", page=8),
            )
        ]
    )
    values, total = table.contradictions
    assert (
        "two values of Scope 3 emissions for 2023: 500 t CO2e (p. 5) and 620 t CO2e (p. 31)"
        in values
    )
    assert "do not add up to the stated total of 130 t CO2e (p. 8)" in total


def test_one_figure_rounded_differently_is_no_contradiction() -> None:
    table = compare(
        [
            company(
                "Alpha",
                figure("scope_3", 2023, 18_096, "kt CO2e"),
                figure("scope_3", 2023, 18_200_000, "t CO2e"),
                figure("scope_1", 2023, 60.4),
                figure("scope_2", 2023, 40.3, basis="market"),
                figure("scope_1_2", 2023, 101, basis="market"),
            )
        ]
    )
    assert table.contradictions == ()


def test_differing_fiscal_years_are_told() -> None:
    table = compare(
        [
            company("Alpha", figure("scope_1", 2023, 1)),
            company("Beta", figure("scope_1", 2021, 1, company="beta"), year=2021),
        ]
    )
    assert "The reports cover different fiscal years: 2021 (1), 2023 (1)." in table.notes


def test_columns_can_be_given_and_rows_follow_the_companies() -> None:
    only = [ColumnSpec(kpi="employees", title="Staff", unit="reported")]
    table = compare(
        [company("Beta", figure("employees", 2023, 12, "headcount")), company("Alpha")], only
    )
    assert [one.title for one in table.columns] == ["Staff"]
    assert [row.company for row in table.rows] == ["Beta", "Alpha"]


def test_no_two_columns_are_alike_and_nothing_at_all_still_gives_a_table() -> None:
    specs = table_columns()
    assert len({(s.kpi, s.basis, s.of) for s in specs}) == len(specs)
    assert len({s.title for s in specs}) == len(specs)
    table = compare([])
    assert table.rows == () and table.contradictions == ()
