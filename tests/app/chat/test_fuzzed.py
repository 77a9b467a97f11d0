"""Whatever a message or a file holds: an answer, or an error of ours with words for the user."""

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agent.analyst.extractive.intent import understand_message
from agent.domain import AnalysisRequest
from agent.errors import IsraError
from app.chat.changes import change_of
from app.chat.uploads import safe_file_name
from tools.directory import load_directory
from tools.pdf.check import check_file, end_is_missing

_SAID = """add drop only redo with without leave out 2022 cement airlines European and explain
2,841 compare again 99999 0 -1 “ \u202e \x00 | <b>"""
_WORDS = st.sampled_from(
    [*_SAID.split(), "Scope 3", "Korvanta Cement", "my PDFs", "net zero?"],
)
messages = st.one_of(
    st.text(max_size=400),
    st.lists(_WORDS, max_size=14).map(" ".join),
    st.lists(st.one_of(_WORDS, st.text(max_size=8)), max_size=10).map(" ".join),
)
no_deadline = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(messages, st.booleans())
@no_deadline
def test_every_message_is_understood_as_something(text: str, has_analysis: bool) -> None:
    intent = understand_message(text, has_analysis=has_analysis)
    assert intent.year is None or 1900 <= intent.year <= 2100
    assert all(company.strip() for company in intent.companies)
    if intent.kind == "analysis":
        assert intent.industry or intent.companies


@given(messages)
@no_deadline
def test_every_text_is_some_industries_or_none(text: str) -> None:
    directory = load_directory()
    query = directory.understand(text)
    assert set(query.industries) <= set(directory.industries)
    assert len(directory.suggest(text)) <= len(directory.industries)


@given(messages)
@no_deadline
def test_a_change_is_one_or_a_sentence_that_says_why_not(text: str) -> None:
    before = ("Korvanta Cement", "Brennfels", "Aldermoor Cement")
    request = AnalysisRequest(industry="sample cement", companies=before, year=2023)
    try:
        change = change_of(text, understand_message(text, has_analysis=True), request, before)
    except IsraError as error:
        assert str(error)
        return
    assert change.words
    assert change.request.companies


@given(st.text(max_size=300))
@example("報" * 200 + ".pdf")
@no_deadline
def test_every_file_name_becomes_one_the_disk_takes(tmp_path: Path, name: str) -> None:
    safe = safe_file_name(name)
    assert Path(safe).name == safe
    assert safe.lower().endswith(".pdf")
    (tmp_path / safe).write_bytes(b"x")


@given(st.one_of(st.binary(max_size=3000), st.binary(max_size=300).map(b"%PDF-1.7\n".__add__)))
@no_deadline
def test_every_file_is_taken_or_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    try:
        check_file(path, 1)
    except IsraError as error:
        assert "report.pdf" in str(error)
        return
    assert b"%PDF-" in content
    assert end_is_missing(path) == (b"%%EOF" not in content[-2048:])
