"""Text of documents and models cannot become links, images, code or markup in the chat."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agent.analyst.markdown import escape
from app.chat.text import plain, safe_markdown


def no_citation(_number: int) -> None:
    return None


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](http://evil.example/x.png)",
        "[click](http://evil.example)",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "[ref]\n\n[ref]: http://evil.example",
        "`code`",
        "<http://evil.example>",
    ],
)
def test_a_document_s_text_never_becomes_active(hostile: str) -> None:
    kinds = kinds_of(safe_markdown(hostile, no_citation))
    assert not kinds & {"link_open", "image", "html_inline", "html_block", "code_inline"}


def test_bare_addresses_are_not_made_into_links() -> None:
    shown = safe_markdown(
        "see www.evil.example, https://evil.example or a@evil.example", no_citation
    )
    # What the client looks for after parsing, in its words.
    assert not re.search(r"https?://|www\.|\w@\w", shown)


def test_citation_marks_become_links_and_unknown_marks_stay_text() -> None:
    shown = safe_markdown(
        "Cut by 30 %. [1] Other. [7]", lambda n: "[1](#cite-1)" if n == 1 else None
    )
    assert shown == "Cut by 30 %. [1](#cite-1) Other. \\[7\\]"


def test_headings_lists_and_emphasis_of_the_analyst_are_kept() -> None:
    kinds = kinds_of(safe_markdown("## Aims\n\n- **bold** text", no_citation))
    assert {"heading_open", "bullet_list_open", "strong_open"} <= kinds


@pytest.mark.parametrize("text", ["~5 % less", "5*3", "a _b_ c", "\\", "[x](y)", "<b>", "`q`"])
def test_what_the_analyst_has_escaped_is_shown_as_it_is(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(safe_markdown(escape(text), no_citation))
    shown = "".join(child.content for token in tokens for child in token.children or ())
    assert shown == text


def test_a_colon_before_a_word_is_not_read_as_a_directive() -> None:
    assert safe_markdown("Scope 2:market", no_citation) == "Scope 2\\:market"


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_plain_text_is_shown_character_for_character(text: str) -> None:
    words = " ".join(text.split())
    tokens = MarkdownIt("commonmark").parse(plain(text))
    kinds = {token.type for token in tokens}
    kinds |= {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    shown = "".join(child.content for token in tokens for child in token.children or ())
    assert shown.replace("\u2060", "") == words


def kinds_of(markdown: str) -> set[str]:
    tokens = MarkdownIt("commonmark").parse(markdown)
    return {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or ()
    }
