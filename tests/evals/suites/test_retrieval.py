"""The page search is scored by where the first page that answers comes."""

from dataclasses import dataclass

from evals.suites.retrieval import page_questions
from tools.library.find import Hit


@dataclass(frozen=True)
class _Search:
    """Answers every question with the same pages."""

    pages: tuple[int, ...]

    def find(self, question: str, k: int) -> list[Hit]:
        return [Hit(page, 1.0, question) for page in self.pages[:k]]


def _scores(gold: list[list[int]], *pages: int) -> dict[str, float]:
    questions = [
        {"report": "a.pdf", "question": "Which page?", "gold_pages": wanted} for wanted in gold
    ]
    scores = page_questions(questions, lambda name: _Search(pages))  # type: ignore[arg-type, return-value]
    for measure in scores.pop("measures"):
        assert round(measure["value"], 3) == scores[measure["name"]]
    return scores


def test_the_first_right_page_counts() -> None:
    assert _scores([[7], [1]], 3, 7, 9) == {"n": 2, "any@5": 0.5, "mrr": 0.25, "recall@5": 0.5}


def test_a_page_after_the_fifth_counts_for_its_rank_only() -> None:
    assert _scores([[6]], 1, 2, 3, 4, 5, 6) == {
        "n": 1,
        "any@5": 0.0,
        "mrr": 0.167,
        "recall@5": 0.0,
    }


def test_all_pages_that_answer_count_for_recall() -> None:
    assert _scores([[1, 2, 30, 40]], 2, 1)["recall@5"] == 0.5
