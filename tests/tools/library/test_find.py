"""Page search finds the page that answers, by words of the field and not only by the same words."""

import json
from pathlib import Path

import pytest

from tools.library.bundle import Bundle
from tools.library.lexicon import load_lexicon
from tools.library.library import ReportLibrary
from tools.library.question import analyse
from tools.library.stems import stems


@pytest.fixture
async def bundle(library: ReportLibrary, report: Path) -> Bundle:
    return await library.read(await library.add(report))


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("What were the Scope 1 emissions in 2023?", 3),
        ("How large is the company's carbon footprint?", 3),
        ("How much water was withdrawn?", 4),
        ("Total waste generated", 5),
        ("What is the LTIFR?", 6),
        ("Who is responsible for sustainability governance?", 7),
        ("Does the company have a climate change mitigation objective? If yes, specify it.", 8),
    ],
)
def test_the_page_that_answers_comes_first(bundle: Bundle, question: str, page: int) -> None:
    hits = bundle.find(question, 3)
    assert hits[0].page == page
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_figure_is_looked_for_where_figures_are(bundle: Bundle) -> None:
    pages = [hit.page for hit in bundle.find("What is the value of Scope 1 emissions?")]
    assert pages.index(3) < pages.index(2)


def test_a_table_of_contents_does_not_come_first(bundle: Bundle) -> None:
    for topic in ("emissions", "water", "waste", "governance"):
        assert bundle.find(topic)[0].page != 1


def test_the_snippet_shows_what_was_found(bundle: Bundle) -> None:
    assert "Lost time injury frequency rate 4.1" in bundle.find("accident rate")[0].snippet


@pytest.mark.parametrize(
    "question", ["", "?!", "the of and", 'NEAR("a" b) OR *', "völlig Ünbekanntes"]
)
def test_odd_questions_find_nothing_and_break_nothing(bundle: Bundle, question: str) -> None:
    assert bundle.find(question) == []


def test_k_limits_the_hits(bundle: Bundle) -> None:
    assert len(bundle.find("emissions water waste board net zero", 2)) == 2


def test_a_longer_name_overshadows_a_shorter_one() -> None:
    query = analyse("How high are the downstream emissions?", load_lexicon())
    weights = [want.weight for want in query.wanted]
    assert max(weights) == 1.0
    assert min(weights) < 0.5


def test_years_and_empty_words_are_left_out() -> None:
    query = analyse("Does the company disclose it for FY2023?", load_lexicon())
    assert query.wanted == ()


def test_words_meet_by_their_stems() -> None:
    assert stems("Emissions") == stems("emission")
    assert stems("DÉCARBONATION") == stems("decarbonation")


@pytest.mark.realdata
async def test_questions_on_real_reports_are_answered_among_the_first_five(
    shared_data: Path, tmp_path: Path
) -> None:
    lines = (shared_data / "gold" / "page_questions.jsonl").read_text(encoding="utf-8")
    questions = [json.loads(line) for line in lines.splitlines()]
    library = ReportLibrary(tmp_path / "library")
    bundles = {}
    for name in {question["report"] for question in questions}:
        sha256 = await library.add(shared_data / "reports" / name)
        bundles[name] = await library.read(sha256)
    right = sum(
        bool(
            {hit.page for hit in bundles[question["report"]].find(question["question"], 5)}
            & set(question["gold_pages"])
        )
        for question in questions
    )
    assert right / len(questions) >= 0.75
