from io import BytesIO

import docx
from docx.document import Document

from app.exports.docx import to_docx
from tests.app.exports.published import EVIL, analysis


def opened(text: str = "plain", **fields: bool) -> Document:
    return docx.Document(BytesIO(to_docx(analysis(text=text, **fields))))


def words(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def tables(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in t.rows] for t in document.tables]


def test_sections_follow_each_other_and_claims_keep_their_numbers() -> None:
    document = opened()
    heads = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert heads == ["Synthesis", "Comparison", "Companies", "Sources"]
    assert "Alpha emits the most. [1]" in words(document)
    assert "Alpha reduced its waste. [2]" in words(document)
    assert "[1] Alpha AG, alpha-2023.pdf, page 5 (printed iii): “Alpha emitted most”" in words(
        document
    )


def test_comparison_figures_targets_and_gaps_are_tables() -> None:
    comparison, figures, targets, _, missing, *_ = tables(opened())
    assert comparison[0][:3] == ["Figure", "Alpha AG", "Beta plc"]
    assert figures[1][:3] == ["Scope 1 emissions", "2023", "1,234.5 t CO2e"]
    assert targets[1][0] == "net zero"
    assert [row[1] for row in missing[1:]] == ["not disclosed", "not found", "unreadable"]


def test_labels_stand_at_the_head_and_a_failed_company_says_why() -> None:
    document = opened(fictional=True)
    assert words(document)[1].startswith("Fictional sample companies")
    assert "No analysis: No PDF." in words(document)


def test_any_text_of_a_report_is_written_as_text() -> None:
    document = opened(f"{EVIL} \x00\x0b")
    assert any("<script>alert(1)</script>" in text for text in words(document))
    assert not document.inline_shapes
