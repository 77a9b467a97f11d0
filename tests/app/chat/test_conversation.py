"""What a change of an analysis means for its list of companies, and the starters' words."""

import pytest

from app.chat.intents import changed_companies
from app.chat.starters import in_sentence
from app.chat.uploads import safe_file_name

BEFORE = ("KION Group", "Palfinger", "Jungheinrich")


@pytest.mark.parametrize(
    ("named", "text", "after"),
    [
        (("Manz",), "add Manz", (*BEFORE, "Manz")),
        (("KION", "Palfinger"), "only KION and Palfinger, 2023", ("KION", "Palfinger")),
        (("KION",), "leave KION out", ("Palfinger", "Jungheinrich")),
        (("Palfinger",), "without Palfinger", ("KION Group", "Jungheinrich")),
        ((), "redo with 2022", BEFORE),
    ],
)
def test_the_other_companies_stay_as_they_were(
    named: tuple[str, ...], text: str, after: tuple[str, ...]
) -> None:
    assert changed_companies(BEFORE, named, text) == after


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Sample cement industry", "sample cement industry"), ("ICT", "ICT industry")],
)
def test_a_starter_reads_as_a_sentence(name: str, shown: str) -> None:
    assert in_sentence(name) == shown


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Report 2023 (final).pdf", "Report 2023 (final).pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\x00b<script>.pdf", "a_b_script_.pdf"),
        ("", "report.pdf"),
    ],
)
def test_an_uploaded_file_keeps_a_plain_name(name: str, kept: str) -> None:
    assert safe_file_name(name) == kept
