import pytest

from agent.domain import Company, IdentityVerdict
from tools.search.held import HeldReports
from tools.search.known import KnownReport, same_company, same_name


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Nordhavn", "NORDHAVN AG"),
        ("Brenn", "Brenn Group AG"),
        ("Müller", "Muller GmbH"),
        ("Nestlé", "Nestle S.A."),
        ("A.B. Volvo", "AB Volvo"),
    ],
)
def test_names_of_one_company_are_the_same(left: str, right: str) -> None:
    assert same_name(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Shell", "Shellworks"), ("Aon", "Aeon"), ("Volvo", "Volta"), ("Delta Air", "Delta Steel")],
)
def test_names_of_two_companies_differ(left: str, right: str) -> None:
    assert not same_name(left, right)


def report(name: str, year: int | None, kind: str = "sustainability report") -> KnownReport:
    verdict = IdentityVerdict(verdict="match", company=name, year=year, kind=kind)
    return KnownReport(f"{name}{year}{kind}", f"{name}-{year}.pdf", verdict)


COMPANY = Company(id="nordhavn", name="Nordhavn AG", aliases=("Nordhavn Industries",))


async def test_the_newest_report_is_first_when_no_year_is_asked_for() -> None:
    shelf = HeldReports([report("Nordhavn", 2021), report("Nordhavn", 2023), report("Other", 2024)])
    outcome = await shelf.candidates(COMPANY, None)
    assert [candidate.year for candidate in outcome.candidates] == [2023, 2021]


async def test_another_year_than_asked_for_is_offered_with_a_warning() -> None:
    outcome = await HeldReports([report("Nordhavn", 2021)]).candidates(COMPANY, 2023)
    assert outcome.status == "found"
    assert "2023" in outcome.candidates[0].warnings[0]
    assert "2021" in outcome.candidates[0].warnings[0]


async def test_a_company_without_report_is_nothing_and_says_what_to_do() -> None:
    outcome = await HeldReports([report("Other", 2024)]).candidates(COMPANY, None)
    assert outcome.status == "nothing"
    assert "upload" in outcome.reason


def test_an_alias_names_the_company() -> None:
    assert same_company("Nordhavn Industries", COMPANY)
