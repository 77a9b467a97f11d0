"""The word lists of the table reader hold what the reader can meet: folded, single words."""

import pytest

from tools.pdf.tables_tokens import HEADER_WORDS, UNIT_WORDS, is_unit_text, kind_of


@pytest.mark.parametrize("words", [UNIT_WORDS, HEADER_WORDS], ids=["units", "headers"])
def test_the_words_are_lower_case_and_single(words: frozenset[str]) -> None:
    assert len(words) > 50
    assert [word for word in words if not word or word != word.casefold() or " " in word] == []


def test_a_unit_is_told_from_a_label() -> None:
    assert is_unit_text(["tonnes", "CO2e"])
    assert not is_unit_text(["Scope", "1"])


def test_no_unit_is_a_year() -> None:
    assert [word for word in UNIT_WORDS if kind_of(word) == "year"] == []
