"""A company is added only where the data stays right."""

from pathlib import Path

import pytest

from agent.domain import Company
from agent.errors import InputError
from tools.directory.edit import add_company, company_id
from tools.directory.files import read_rows
from tools.directory.validate import check

COMPANY = Company(
    id="kalkwerk-osterau", name="Kalkwerk Österau", country="AT", domains=("osterau.example",)
)


def test_an_added_company_stands_behind_its_industry_and_passes_the_check(data: Path) -> None:
    before = (data / "companies.csv").read_text(encoding="utf-8").splitlines()
    add_company(COMPANY, ("cement",), "small", data=data)
    after = (data / "companies.csv").read_text(encoding="utf-8").splitlines()
    (added,) = set(after) - set(before)
    assert added.startswith("kalkwerk-osterau,Kalkwerk Österau,,cement,AT,small,,,osterau.example")
    assert [line for line in after if line != added] == before
    ids = [row["id"] for row in read_rows(data / "companies.csv")]
    assert ids.index(COMPANY.id) == ids.index("arcelormittal") - 1
    assert check(data) == []


@pytest.mark.parametrize(
    ("changes", "industries", "reason"),
    [
        ({"country": "XX"}, ("cement",), "alpha-2"),
        ({"isin": "AT0000937504"}, ("cement",), "is no ISIN"),
        ({"name": "Holcim"}, ("cement",), "share the name 'holcim'"),
        ({}, ("concrete",), "not in industries.yaml"),
        ({}, (), "industries"),
    ],
)
def test_a_company_that_would_spoil_the_data_is_refused_and_nothing_is_written(
    data: Path, changes: dict[str, str], industries: tuple[str, ...], reason: str
) -> None:
    before = (data / "companies.csv").read_bytes()
    with pytest.raises(InputError, match=reason):
        add_company(COMPANY.model_copy(update=changes), industries, "small", data=data)
    assert (data / "companies.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "expected"),
    [("A.P. Møller - Mærsk", "ap-moller-maersk"), ("H&M Group", "h-and-m-group")],
)
def test_ids_are_readable(name: str, expected: str) -> None:
    assert company_id(name) == expected
