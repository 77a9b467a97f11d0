"""What makes a figure verified, what leaves it a candidate, and which value supersedes which."""

from tests.tools.evidence.kpis.drawn import records_of

TABLE = """
Emissions in t CO2e | 2023 | 2022
Scope 1 | 1,234 | 1,345
Scope 2 (market-based) | 456 | 567
Total Scope 1 and 2 (market-based) | 1,690 | 1,912
"""
SINGLE = "Our operations worldwide\n\nIn 2023, Scope 3 emissions totalled 78,900 t CO2e.\n"


def test_a_sum_that_holds_verifies_its_parts() -> None:
    records = records_of(TABLE)
    assert {r.status for r in records} == {"verified"}
    assert any("Scope 1 + Scope 2 = 1,690" in c for r in records for c in r.confirmations)


def test_a_value_on_two_pages_is_verified_and_says_where() -> None:
    records = records_of(SINGLE, f"{TABLE}\n{SINGLE}")
    scope_3 = next(r for r in records if r.kpi == "scope_3")
    assert scope_3.status == "verified"
    assert any(c.startswith("also on page") for c in scope_3.confirmations)


def test_a_lone_sentence_is_a_candidate() -> None:
    (record,) = records_of(SINGLE, year=2023)
    assert record.status == "candidate"


def test_a_change_in_per_cent_that_fits_is_a_confirmation() -> None:
    records = records_of("""
        KPI | Unit | 2023 | 2022 | Change
        Scope 1 emissions | t CO2e | 45,120 | 47,300 | -4.6%
    """)
    assert all(any("-4.6%" in c for c in r.confirmations) for r in records)


def test_a_restated_value_supersedes_the_earlier_one_and_says_why() -> None:
    records = records_of(
        TABLE,
        """
        Restated emissions | Unit | 2022 | 2021
        Scope 1, restated | t CO2e | 1,400 | 1,500
        """,
    )
    earlier = next(r for r in records if r.printed == "1,345")
    later = next(r for r in records if r.printed == "1,400")
    assert earlier.superseded_by == later.id
    assert "restated" in earlier.superseded_why
    assert later.superseded_by is None


def test_a_label_that_says_more_is_a_candidate_where_nothing_better_is_found() -> None:
    records = records_of("""
        KPI | Unit | 2023 | 2022
        Scope 1 emissions Zephyr programme | t CO2e | 45,120 | 47,300
    """)
    assert {r.status for r in records} <= {"candidate"}
    assert all("the label says more than the name of the figure" in r.flags for r in records)


def test_every_record_quotes_its_page() -> None:
    for record in records_of(TABLE, SINGLE):
        assert record.printed in record.evidence.quote
        assert record.evidence.page in (1, 2)


def test_conversions_are_said() -> None:
    records = records_of("""
        Indicator | Unit | 2023 | 2022
        Total energy consumption | GJ | 3,600 | 7,200
    """)
    energy = next(r for r in records if r.year == 2023)
    assert energy.normalised is not None
    assert (energy.normalised.unit, round(energy.normalised.value)) == ("MWh", 1000)
    assert "GJ → MWh" in energy.normalised.conversion


def test_two_values_that_nothing_tells_apart_are_a_conflict_to_look_at() -> None:
    table = """
        Emissions | Unit | 2023 | 2022
        Scope 3 emissions | t CO2e | {} | 9,300
    """
    records = records_of(table.format("9,410"), table.format("8,120"))
    rivals = {r.printed: r for r in records if r.year == 2023}
    assert set(rivals) == {"9,410", "8,120"}
    assert {r.status for r in rivals.values()} == {"candidate"}
    assert "the report also gives 8,120 on page 2" in rivals["9,410"].flags
    assert "the report also gives 9,410 on page 1" in rivals["8,120"].flags
    assert next(r for r in records if r.year == 2022).status == "verified"


def test_the_value_that_is_the_sum_of_the_others_is_the_whole() -> None:
    table = """
        Resources | Unit | 2023 | 2022
        Total energy consumption | MWh | {} | {}
    """
    records = records_of(
        table.format("2,500", "2,600"),
        table.format("6,512", "6,602"),
        table.format("9,012", "9,202"),
    )
    assert {(r.year, r.printed) for r in records} == {(2023, "9,012"), (2022, "9,202")}
