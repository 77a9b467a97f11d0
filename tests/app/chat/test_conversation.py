"""The starters' words and the names of uploads."""

import pytest

from app.chat.starters import in_sentence
from app.chat.uploads import safe_file_name


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
