import pytest

from agent.domain import Company, ReportChoice
from agent.errors import InputError
from app.cli.refresh import change_lines, chosen_reports, newer_line
from graph.refresh import Change, Newer


def test_a_report_is_given_as_company_and_address() -> None:
    (chosen,) = chosen_reports(["B=https://files.test/r.pdf?x=1"])
    assert (chosen.company, chosen.url) == ("B", "https://files.test/r.pdf?x=1")


@pytest.mark.parametrize(
    "given", ["", "Nordhavn", "=https://a.test", "Nordhavn=file:///etc/passwd"]
)
def test_what_names_no_company_and_address_says_how_to_write_it(given: str) -> None:
    with pytest.raises(InputError, match="--report"):
        chosen_reports([given])


def test_changes_are_lines_and_their_absence_is_said() -> None:
    change = Change(company_id="a", company="Alpha", what="New report.")
    assert change_lines((change,)) == ["Alpha: New report."]
    assert "Nothing changed" in change_lines(())[0]
    assert "no earlier analysis" in change_lines(None)[0]


def test_a_newer_report_is_a_line_with_its_address_and_what_is_at_hand() -> None:
    choice = ReportChoice(url="https://alpha.test/r.pdf", title="R", year=2024)
    newer = Newer(Company(id="a", name="Alpha"), 2023, choice)
    assert newer_line(newer) == "Alpha: 2024 is out (https://alpha.test/r.pdf); 2023 is at hand."
