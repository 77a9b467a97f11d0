"""Printed page numbers are told from other numbers in the margins."""

from tools.pdf.labels import LabelFinder
from tools.pdf.page import Row, Word


def _row(text: str, top: float) -> Row:
    words = tuple(
        Word(part, 50.0 + 40 * i, top, 80.0 + 40 * i, top + 10, 10)
        for i, part in enumerate(text.split())
    )
    return Row(words)


def _labels(footers: list[str]) -> list[str]:
    finder = LabelFinder()
    return [
        finder.find(number, (_row("Body of the page 77", 400), _row(footer, 810)), 842)
        for number, footer in enumerate(footers, 1)
    ]


def test_the_number_that_grows_with_the_pages_is_the_label() -> None:
    footers = [f"Sustainability report 2023 {number - 2}" for number in range(3, 12)]
    assert _labels(["cover", "inside", *footers]) == ["", "", *(str(n) for n in range(1, 10))]


def test_numbers_of_double_pages_grow_by_two() -> None:
    labels = _labels([f"{2 * number} {2 * number + 1}" for number in range(1, 8)])
    assert labels[2:] == [str(2 * number) for number in range(3, 8)] or labels[2:] == [
        str(2 * number + 1) for number in range(3, 8)
    ]


def test_a_stray_number_in_the_margin_is_no_label() -> None:
    labels = _labels([*(f"Report {number}" for number in range(1, 20)), "as at 31 December"])
    assert labels[-1] == ""


def test_roman_numbers_count() -> None:
    assert _labels(["i", "ii", "iii"]) == ["i", "ii", "iii"]
