"""The data files are right, and the check finds what is wrong in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import ConfigurationError
from tools.directory import Directory
from tools.directory.validate import check


def edit(file: Path, change: Callable[[str], str]) -> None:
    before = file.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    file.write_text(after, encoding="utf-8")


def test_the_delivered_data_has_no_problem() -> None:
    assert check() == []


def test_there_are_forty_industries_of_ten_companies_or_more(directory: Directory) -> None:
    real = [industry for industry in directory.industries if not industry.fictional]
    assert len(real) >= 40
    assert min(len(directory.companies(industry.id)) for industry in real) >= 10


ROW = "holcim,Holcim,LafargeHolcim,cement;building-materials,CH,large,CH0012214059,,holcim.com,,"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (ROW.replace(",CH,", ",UK,"), "'UK' is no ISO 3166 alpha-2 code"),
        (ROW.replace("CH0012214059", "CH0012214058"), "is no ISIN"),
        (ROW.replace("4059,,", "4059,W38RGI023J3WT1HWRP33,"), "is no LEI"),
        (ROW.replace("holcim.com", "https://holcim.com"), "is no bare domain"),
        (ROW + "https://holcim.example/reports", "not an https address of the company's"),
        (ROW.replace("large", "huge"), "scale"),
        (ROW.replace("holcim.com,", ",eu_report_sources"), "but domains is empty"),
        (ROW.replace("holcim.com,", "holcim.com,editor"), "domains_confirmed_by"),
        (ROW.replace("LafargeHolcim", "Holcim"), "aliases says the same twice"),
        (ROW.replace("cement;building-materials", "concrete"), "not in industries.yaml"),
        (ROW.replace("holcim,Holcim", "cemex,Holcim"), "share the id 'cemex'"),
        (ROW.replace("LafargeHolcim", "HeidelbergCement"), "share the name 'heidelbergcement'"),
        (ROW.replace("holcim.com", "cemex.com"), "share the domain 'cemex.com'"),
        (ROW.replace("CH0012214059", "DE0006047004"), "share the ISIN 'DE0006047004'"),
    ],
)
def test_a_wrong_row_is_found(data: Path, changed: str, reason: str) -> None:
    edit(data / "companies.csv", lambda text: text.replace(ROW, changed, 1))
    assert any(reason in problem.what for problem in check(data)), check(data)


def test_a_date_in_the_future_is_found(data: Path) -> None:
    edit(data / "companies.csv", lambda text: text.replace("2026-11-22", "2999-01-01", 1))
    assert ["lies in the future" in problem.what for problem in check(data)] == [True]


def test_a_column_that_no_row_fills_is_found(data: Path) -> None:
    file = data / "companies.csv"
    lines = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    plain = [cells for cells in lines if len(cells) == 13]
    for cells in plain[1:]:
        cells[7] = ""
    file.write_text("\n".join(",".join(cells) for cells in plain) + "\n", encoding="utf-8")
    assert any("'lei'" in problem.what for problem in check(data))


def test_an_industry_of_few_companies_or_a_wrong_code_is_found(data: Path) -> None:
    added = '\nbasket-weaving:\n  name: Baskets\n  isic: ["16290"]\n  nace: ["16.29"]\n'
    edit(data / "industries.yaml", lambda text: text + added + '  naics: ["321999"]\n')
    found = {problem.what for problem in check(data) if problem.where == "basket-weaving"}
    assert found == {
        "has 0 companies, fewer than 10",
        "'16290' has not the form of ISIC",
        "has no synonyms",
    }


def test_a_word_of_two_industries_is_found(data: Path) -> None:
    edit(data / "synonyms.yaml", lambda text: text.replace("clinker", "clinker, stahl", 1))
    assert any("cement, steel" in problem.what for problem in check(data))


def test_a_word_of_two_places_is_found(data: Path) -> None:
    edit(data / "regions.yaml", lambda text: text.replace("norwegian,", "norwegian, swedish,", 1))
    assert any("share the word 'swedish'" in problem.what for problem in check(data))


def test_other_columns_are_refused_in_one_line(data: Path) -> None:
    edit(data / "companies.csv", lambda text: text.replace("aliases,", "nicknames,", 1))
    with pytest.raises(ConfigurationError, match="other columns than expected"):
        check(data)


def test_a_file_of_another_shape_is_refused_with_the_place(data: Path) -> None:
    edit(data / "industries.yaml", lambda text: text.replace("name: Cement", "title: Cement", 1))
    with pytest.raises(ConfigurationError, match=r"wrong at cement\.name"):
        check(data)
