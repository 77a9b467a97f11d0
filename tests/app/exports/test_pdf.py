from io import BytesIO

from pypdf import PdfReader

from app.exports.pdf import printable, to_pdf
from tests.app.exports.published import EVIL, analysis


def opened(text: str = "plain", *, fictional: bool = False) -> PdfReader:
    return PdfReader(BytesIO(to_pdf(analysis(text=text, fictional=fictional))))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_document_holds_synthesis_figures_gaps_and_numbered_sources() -> None:
    text = words(opened())
    for part in ("Alpha emits the most. [1]", "1,234.5 t CO2e", "not disclosed", "unreadable"):
        assert part in text
    assert "[1] Alpha AG, alpha-2023.pdf, page 5 (printed iii): “Alpha emitted most”" in text


def test_every_page_says_that_it_is_generated_and_samples_are_called_fictional() -> None:
    reader = opened(fictional=True)
    assert all("Check every figure on its page" in page.extract_text() for page in reader.pages)
    assert "Fictional sample companies" in words(reader)


def test_markup_and_long_words_of_a_report_are_printed_as_text() -> None:
    reader = opened(f"{EVIL} <b>x</b> &amp; {'long' * 400} \x00")
    assert "<script>alert(1)</script>" in words(reader)
    assert "&amp;" in words(reader)
    assert not [page for page in reader.pages if page.get("/Annots")]


def test_characters_the_font_lacks_become_their_plain_form() -> None:
    assert printable("CO₂ über Łódź – 5 †").startswith("CO2 über")
    assert printable("ō ŵ") == "o w"
    assert printable("水") == "?"
