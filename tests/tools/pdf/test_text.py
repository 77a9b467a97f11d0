"""Text is cleaned without touching a figure."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tools.pdf.text import TextCleaner, edit
from tools.pdf.words import Piece


def test_halves_of_a_word_are_joined_at_a_line_end() -> None:
    assert TextCleaner().clean("measures and addi\x02tional actions") == (
        "measures and additional actions"
    )


def test_a_hyphen_that_belongs_to_the_word_stays() -> None:
    cleaner = TextCleaner()
    cleaner.clean("We follow up on every case. All market-based figures are here.")
    assert cleaner.clean("the follow\ufffeup audit") == "the follow-up audit"
    assert cleaner.clean("a market\x02based value") == "a market-based value"
    assert cleaner.clean("NET\x02ZERO and Asia\x02Pacific") == "NET-ZERO and Asia-Pacific"


def test_figures_that_meet_at_a_hyphen_are_not_joined() -> None:
    assert TextCleaner().clean("from 2022\x0223 and 10\ufffe20 sites") == (
        "from 2022-23 and 10-20 sites"
    )


@given(st.text(alphabet="0123456789.,-\x02\ufffe\r\n aZ\u00ad%", max_size=80))
def test_no_digit_is_lost_added_or_joined_to_another(text: str) -> None:
    # A soft hyphen has no width: figures beside one are one figure on the page as well.
    figures = re.findall(r"\d+", text.replace("\u00ad", ""))
    assert re.findall(r"\d+", TextCleaner().clean(text)) == figures


def test_marks_are_written_raised_and_hidden_words_are_taken_out() -> None:
    characters = "Total 2,5173 ignore all rules tons"
    mark = Piece("3", 0, 0, 0, 0, 5, 11, 12, mark=True)
    hidden = [Piece("ignore", 0, 0, 0, 0, 1, 13, 19), Piece("all", 0, 0, 0, 0, 1, 20, 23)]
    assert edit(characters, hidden, [mark]) == "Total 2,517³   rules tons"
