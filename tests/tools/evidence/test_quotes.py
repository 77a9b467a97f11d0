"""A quote stands on a page word for word and number for number, or not at all."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.evidence.quotes import locate, normalise, number_tokens, rows_text, stands_on
from tools.pdf.page import PageRecord, Row, Word

PAGE = (
    "Our climate strategy\r\n"
    "In 2023 the Group’s Scope 1 emissions totalled 39,428 t CO₂e, "
    "a decrea\ufffese of 4.2 – 4.5 %\r\n"
    "against the base year 2019. We have not adopted science-\r\nbased targets³ for\r\n"
    "Scope 3. The “long-term” aim is net zero by 2045; suppliers are validated by auditors.\r\n"
    "Water withdrawal 1 234 m³ 1 310 m³ ﬁnal eﬀort"
)


def span_text(quote: str, text: str = PAGE) -> str | None:
    span = locate(quote, text)
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize(
    "quote",
    [
        "Scope 1 emissions totalled 39,428 t CO2e",
        "the group's scope 1 emissions",
        "a decrease of 4.2-4.5%",
        "We have not adopted science-based targets",
        "science based targets3 for Scope 3",
        "The 'longterm' aim is net zero by 2045",
        "1 234 m3 1 310 m3 final effort",
    ],
)
def test_layout_differences_do_not_hide_a_quote(quote: str) -> None:
    span = locate(quote, PAGE)
    assert span is not None
    assert span.match == "exact"


def test_the_span_leads_back_to_the_characters_of_the_page() -> None:
    assert span_text("39,428 t co2e") == "39,428 t CO₂e"
    assert span_text("The 'long-term' aim") == "The “long-term” aim"
    assert span_text("final effort") == "ﬁnal eﬀort"


@pytest.mark.parametrize(
    "quote",
    [
        "Scope 1 emissions totalled 39,429 t CO2e, a decrease of 4.2-4.5 %",
        "Scope 2 emissions totalled 39,428 t CO2e",
        "emissions totalled 39,42",
        "428 t CO2e",
        "emissions totalled 39428 t",
        "We have adopted science-based targets",
        "We have now adopted science-based targets for Scope 3",
        "1234 m3",
        "1 234 m3 1 3",
        "an increase of 4.2-4.5% against the base year 2019",
        "suppliers are invalidated by auditors and net zero",
        "",
        " … ",
    ],
)
def test_an_altered_quote_is_not_found(quote: str) -> None:
    assert locate(quote, PAGE) is None


def test_a_quote_may_not_begin_or_end_inside_a_word() -> None:
    text = "The figures are unverified by anyone and percentages rise."
    assert locate("verified by anyone", text) is None
    assert locate("unverified by anyone and percent", text) is None


def test_a_slip_of_the_pen_in_a_long_quote_is_near() -> None:
    span = locate("In 2023 the Group's Scope 1 emisions totalled 39,428 t CO2e", PAGE)
    assert span is not None
    assert span.match == "near"


def test_a_near_quote_keeps_its_negation_and_basis() -> None:
    text = "Scope 2 emissions (market-based) of the whole group were not recorded for 2023 so far."
    assert (
        locate("Scope 2 emissions (location-based) of the whole group were not recorded", text)
        is None
    )
    assert locate("Scope 2 emissions (market-based) of the whole group were recorded", text) is None
    assert locate("Scope 2 emissions (market-based) of whole group were not recorded", text)


def test_parts_around_an_ellipsis_stand_in_order_and_close_together() -> None:
    span = locate("Scope 1 emissions totalled 39,428 t … against the base year 2019", PAGE)
    assert span is not None
    assert span.match == "parts"
    assert (
        locate("against the base year 2019 ... Scope 1 emissions totalled 39,428 t", PAGE) is None
    )
    assert locate("Scope 1 emissions [...] base year 2018", PAGE) is None
    far = "Scope 1 emissions" + " lorem ipsum" * 200 + " 39,428 t"
    assert locate("Scope 1 emissions ... 39,428 t", far) is None


def test_neighbouring_figures_do_not_flow_together() -> None:
    assert locate("35 35", "Scope 2 35 35") is not None
    assert locate("3535", "Scope 2 35 35") is None
    assert locate("35", "Scope 2 3 5") is None


def page_with_rows(text: str, *lines: list[tuple[str, bool]]) -> PageRecord:
    rows = tuple(
        Row(
            tuple(
                Word(token, 50.0 * i, 20.0 * n, 50.0 * i + 40, 20.0 * n + 10, 10, mark)
                for i, (token, mark) in enumerate(line)
            )
        )
        for n, line in enumerate(lines)
    )
    return PageRecord(1, 600, 800, text, rows)


def test_a_table_line_is_found_in_the_visual_rows_without_its_footnote_mark() -> None:
    page = page_with_rows(
        "Scope 1 Scope 2 2023 2,5173 35",
        [("Emissions", False), ("2023", False)],
        [("Scope", False), ("1", False), ("2,517", False), ("3", True)],
        [("Scope", False), ("2", False), ("35", False)],
    )
    span = stands_on("Scope 1 2,517", page)
    assert span is not None
    assert (span.source, span.rows) == ("rows", (1,))
    assert rows_text(page)[span.start : span.end] == "Scope 1 2,517"
    both = stands_on("Scope 1 2,517 Scope 2 35", page)
    assert both is not None
    assert both.rows == (1, 2)
    assert stands_on("Scope 2 2,517", page) is None


def test_superscript_digits_are_footnotes_after_figures_and_units_after_letters() -> None:
    assert normalise("146⁵ Mm³").text == "146mm3"
    assert number_tokens("39,428 t in 2023, 1.5 °C") == ("39,428", "2023", "1.5")


words = st.text(alphabet="abcdefgäßé-’", min_size=1, max_size=8)
figures = st.from_regex(r"[1-9][0-9]{0,2}(,[0-9]{3})?(\.[0-9])?", fullmatch=True)


@given(st.lists(st.one_of(words, figures), min_size=4, max_size=40), st.data())
def test_any_run_of_whole_words_of_a_page_is_found(tokens: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first + 1, len(tokens)))
    quote = " ".join(tokens[first:last])
    page = "\r\n".join(tokens)
    if normalise(quote).text.strip("'-,."):
        span = locate(quote, page)
        edge = re.search(r"^[-’']|[-’']$", quote)
        assert span is not None or edge


@given(st.lists(words, min_size=6, max_size=20), figures, figures)
def test_no_quote_with_another_number_is_found(tokens: list[str], one: str, other: str) -> None:
    page = " ".join([*tokens[:3], one, *tokens[3:]])
    quote = " ".join([*tokens[:3], other, *tokens[3:]])
    if one != other:
        assert locate(quote, page) is None
