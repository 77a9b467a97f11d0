"""The directory answers what the research asks it."""

import pytest

from tools.directory import Directory


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HeidelbergCement AG", "heidelberg-materials"),
        ("Nestlé S.A.", "nestle"),
        ("nestle", "nestle"),
        ("Kuehne + Nagel International AG", "kuehne-nagel"),
        ("A.P. Møller - Mærsk A/S", "maersk"),
        ("Johnson and Johnson", "johnson-and-johnson"),
        ("Merck KGaA", "merck-kgaa"),
        ("Merck & Co., Inc.", "merck-and-co"),
        ("Man Group plc", "man-group"),
        ("Shell plc", "shell"),
    ],
)
def test_a_company_is_found_under_its_names(directory: Directory, name: str, expected: str) -> None:
    found = directory.find_company(name)
    assert found is not None
    assert found.id == expected


@pytest.mark.parametrize(
    "name",
    ["Shell Foundation", "Delta", "Merck", "American", "Continental Resources", "Nobody", "", "K"],
)
def test_a_longer_partial_or_shared_name_finds_no_company(directory: Directory, name: str) -> None:
    assert directory.find_company(name) is None


def test_every_company_is_found_under_its_own_name(directory: Directory) -> None:
    for industry in directory.industries:
        for company in directory.companies(industry.id):
            assert directory.find_company(company.name) == company


def test_companies_of_the_main_industry_come_before_others(directory: Directory) -> None:
    entries = directory.listed("cement")
    main = [entry.industries[0] == "cement" for entry in entries]
    assert main == sorted(main, reverse=True)


def test_companies_can_be_kept_to_the_countries_of_a_query(directory: Directory) -> None:
    query = directory.understand("Nordic banks")
    banks = directory.companies("banks", query.countries)
    assert banks
    assert {bank.country for bank in banks} <= set(query.countries)
    assert len(banks) < len(directory.companies("banks"))


def test_an_industry_not_in_the_directory_has_no_companies(directory: Directory) -> None:
    assert directory.companies("basket-weaving") == ()
    assert directory.codes("basket-weaving") is None


def test_unknown_words_match_nothing_and_get_suggestions(directory: Directory) -> None:
    assert directory.match("zzzz qqqq") == []
    assert len(directory.suggest("zzzz qqqq")) == 3
    assert directory.suggest("stell", 1)[0].industry.id == "steel"


def test_the_sample_companies_are_listed_as_fictional_and_no_others(directory: Directory) -> None:
    for industry in directory.industries:
        companies = directory.companies(industry.id)
        assert companies
        assert all(company.fictional == industry.fictional for company in companies)
