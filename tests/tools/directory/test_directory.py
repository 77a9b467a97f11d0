"""The directory answers what the research asks it."""

from tools.directory import load_directory


def test_a_plain_question_finds_its_industry() -> None:
    matches = load_directory().match("How is the cement industry doing on decarbonisation?")
    assert matches[0].industry.id == "cement"


def test_an_unknown_industry_matches_nothing_and_suggests_something() -> None:
    directory = load_directory()
    assert directory.match("zzzz qqqq") == []
    assert len(directory.suggest("zzzz qqqq")) == 3


def test_a_company_is_found_by_alias_and_legal_form_but_not_by_a_longer_name() -> None:
    directory = load_directory()
    found = directory.find_company("HeidelbergCement AG")
    assert found is not None
    assert found.id == "heidelberg-materials"
    assert directory.find_company("Holcim Foundation") is None
