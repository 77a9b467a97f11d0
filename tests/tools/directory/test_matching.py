"""How words become industries: terms, topics, broad words, places, slips of the pen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.directory import Directory, IndustryQuery, load_directory


def understand(text: str) -> IndustryQuery:
    return load_directory().understand(text)


def ids(text: str) -> list[str]:
    return [industry.id for industry in understand(text).industries]


def test_several_industries_come_in_the_order_of_the_text_with_their_region() -> None:
    query = understand("steel and cement in India")
    assert [industry.id for industry in query.industries] == ["steel", "cement"]
    assert (query.region, query.countries, query.tie) == ("India", ("IN",), False)


def test_of_overlapping_terms_the_longest_wins() -> None:
    assert ids("cars") == ["automotive"]
    assert ids("car parts") == ["auto-parts"]
    assert ids("oil and gas services") == ["oilfield-services"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("water", ["water-utilities"]),
        ("Water companies", ["water-utilities"]),
        ("producers of packaging", ["packaging"]),
        ("How much water do steel makers use?", ["steel"]),
        ("packaging targets of beverage companies", ["beverages"]),
        ("What is their water consumption?", []),
        ("And how much waste was recycled?", []),
    ],
)
def test_topics_of_reports_mean_an_industry_only_where_nothing_else_is_asked(
    text: str, expected: list[str]
) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize("text", ["utilities", "European utilities", "Energy companies", "retail"])
def test_a_broad_word_is_a_tie_and_matches_nothing_by_itself(text: str) -> None:
    directory = load_directory()
    query = directory.understand(text)
    assert query.tie
    assert len(query.industries) > 1
    assert directory.match(text) == []
    offered = {match.industry for match in directory.suggest(text, len(query.industries))}
    assert offered == set(query.industries)


def test_a_broad_word_gives_way_to_the_precise_one_beside_it() -> None:
    query = understand("consumer goods such as cosmetics")
    assert [industry.id for industry in query.industries] == ["household-products"]
    assert not query.tie


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zementindustrie", ["cement"]),
        ("Versicherungsbranche", ["insurance"]),
        ("Brauereien", ["beverages"]),
        ("Welche Fluggesellschaften haben Netto-Null-Ziele?", ["airlines"]),
        ("compagnies aériennes", ["airlines"]),
    ],
)
def test_words_of_other_languages_are_understood(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("cemnt", "cement"), ("pharmacuticals", "pharmaceuticals"), ("insurence", "insurance")],
)
def test_a_slip_of_the_pen_is_forgiven_and_scores_lower(text: str, expected: str) -> None:
    (match,) = load_directory().match(text)
    assert match.industry.id == expected
    assert match.score < 100


@pytest.mark.parametrize("text", ["tracking", "contraction", "transformation", "underwater"])
def test_another_word_is_not_taken_for_a_slip(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "help",
        "Which of them has a net-zero target?",
        "use 2023 instead of 2024",
        "Delete the last analysis",
        "compare Holcim and Cemex",
    ],
)
def test_messages_about_no_industry_mean_none(text: str) -> None:
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "region", "country"),
    [
        ("airlines in the US", "United States", "US"),
        ("Tell us about airlines", "", None),
        ("airlines in the us", "United States", "US"),
        ("South African miners", "South Africa", "ZA"),
        ("North American railroads", "North America", "CA"),
        ("deutsche Banken", "Germany", "DE"),
        ("banks in Germany and France", "Germany, France", "FR"),
        ("the U.S. steel industry", "United States", "US"),
    ],
)
def test_places_are_found(text: str, region: str, country: str | None) -> None:
    query = understand(text)
    assert query.region == region
    assert (country in query.countries) if country else not query.countries


def test_a_fictional_industry_is_meant_by_its_whole_name_only(directory: Directory) -> None:
    fictional = [industry for industry in directory.industries if industry.fictional]
    assert fictional
    for industry in fictional:
        (match,) = directory.match(f"Analyse the {industry.id.replace('-', ' ')} industry")
        assert match.industry == industry
    assert not any(match.industry.fictional for match in directory.match("cement and beverages"))


@given(st.text())
def test_any_text_is_understood_without_error(text: str) -> None:
    directory = load_directory()
    query = directory.understand(text)
    assert query.tie or len(directory.match(text)) == len(query.industries)
    assert len(directory.suggest(text)) <= 3


def test_every_industry_is_meant_by_its_own_name(directory: Directory) -> None:
    for industry in directory.industries:
        for text in (industry.name, f"Analyse the {industry.name.lower()} industry"):
            assert [match.industry for match in directory.match(text)] == [industry], text
