"""The main job in a real browser: from a starter to a cited, rated and exported result."""

import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pypdf import PdfReader

from app.chat.present import result_view
from app.exports.bundle import from_bundle
from app.exports.markdown import to_markdown
from tests.browser.conftest import Server, shot
from tests.browser.steps import (
    LONG,
    analysis_id,
    begin,
    confirm,
    open_chat,
    rows,
    say,
    until,
    wait_for_result,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def result(server: Server, open_page: Callable[..., Page]) -> Page:
    """A page with a finished analysis of the sample cement industry."""
    page = open_page()
    begin(page, server.base)
    shot(page, "2-review")
    confirm(page)
    shot(page, "3-progress")
    wait_for_result(page)
    shot(page, "4-result")
    return page


@pytest.fixture(scope="module")
def view(server: Server, result: Page) -> dict[str, Any]:
    """What the result element was given."""
    address = f"{server.base}/analyses/{analysis_id(result)}/view"
    shown: dict[str, Any] = result.context.request.get(address).json()
    return shown


def test_the_first_page_offers_samples_that_say_they_are_fictional(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    open_chat(page, server.base)
    shot(page, "1-start")
    assert "(fictional)" in page.locator("#starters").inner_text()
    page.get_by_text("What can you do?").click()
    expect(page.get_by_text("I cannot tell you what the reports do not say")).to_be_visible()


def test_the_list_of_companies_can_be_changed_and_outlives_a_reload(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    begin(page, server.base)
    proposed = page.locator(".isra-company").count()
    first, second = (
        page.locator(".isra-company").nth(n).get_attribute("data-company") for n in (0, 1)
    )
    page.get_by_label(f"Move {second} up").click()
    page.get_by_label(f"Remove {first}", exact=True).click()
    page.locator("#company-add").fill("Neuland Zement")
    page.keyboard.press("Enter")
    until(
        lambda: "Neuland" in str(rows(server.database, "SELECT body FROM chat_elements")),
        "the edited list is stored",
    )
    page.reload()
    page.locator("#company-review").wait_for()
    names = [
        page.locator(".isra-company").nth(n).get_attribute("data-company") for n in range(proposed)
    ]
    assert names[0] == second
    assert first not in names
    assert names[-1] == "Neuland Zement"
    expect(page.locator("#company-confirm")).to_have_text(f"Analyse {proposed} companies")


def test_every_figure_and_statement_shown_has_a_page_and_a_quote(view: dict[str, Any]) -> None:
    assert view["citations"]
    assert all(places for places in view["citations"])
    assert all(source["page"] >= 1 and source["quote"] for source in view["sources"])


def test_a_citation_opens_its_page_with_the_sentence_marked(
    server: Server, result: Page, view: dict[str, Any]
) -> None:
    result.locator('a[href^="#cite-2"]').first.click()
    picture = result.locator("#evidence-picture")
    picture.wait_for(timeout=LONG)
    source = view["sources"][view["citations"][1][0]]
    place = result.locator(".isra-evidence-place")
    assert place.get_attribute("data-page") == str(source["page"])
    assert source["company"] in place.inner_text()
    assert result.locator(".isra-quote").inner_text().strip("“”") == source["quote"]
    assert picture.get_attribute("data-marked") == "yes"
    shot(result, "5-evidence")
    marked, bare = (
        Image.open(io.BytesIO(result.context.request.get(address).body())).convert("RGB")
        for address in picture_addresses(server.base, analysis_id(result), source)
    )
    assert ImageChops.difference(marked, bare).getbbox(), "the mark is visible"


def picture_addresses(base: str, analysis: str, source: dict[str, Any]) -> tuple[str, str]:
    from urllib.parse import quote

    bare = f"{base}/reports/{source['report']}/pages/{source['page']}.jpg?analysis={analysis}"
    return f"{bare}&quote={quote(source['quote'])}", bare


def test_every_quote_stands_on_the_cited_page_of_the_sample(view: dict[str, Any]) -> None:
    folder = files("tools.library") / "samples" / "sample-cement"
    reports = {
        hashlib.sha256(file.read_bytes()).hexdigest(): PdfReader(io.BytesIO(file.read_bytes()))
        for file in folder.iterdir()
        if file.name.endswith(".pdf")
    }
    for source in view["sources"]:
        page = reports[source["report"]].pages[source["page"] - 1].extract_text()
        # Another reader than the product's own; a scanned page gives it nothing to compare.
        missing = [word for word in words(source["quote"]) if word not in letters(page)]
        assert not page.strip() or not missing, (source["page"], source["quote"], missing)


def words(text: str) -> list[str]:
    return [letters(word) for word in text.split() if letters(word)]


def letters(text: str) -> str:
    """Letters and digits only: readers differ in spaces, hyphens, signs and raised figures."""
    return re.sub(r"[^0-9a-zäöüß]", "", unicodedata.normalize("NFKC", text).lower())


def test_next_and_previous_walk_through_the_citations(result: Page, view: dict[str, Any]) -> None:
    result.locator('a[href^="#cite-1"]').first.click()
    expect(result.locator("#evidence-previous")).to_be_disabled()
    result.locator("#evidence-next").click()
    walk = [index for places in view["citations"] for index in places]
    second = view["sources"][walk[1]]
    expect(result.locator(".isra-evidence-place")).to_have_attribute(
        "data-page", str(second["page"])
    )
    result.locator("#evidence").press("ArrowLeft")
    expect(result.locator(".isra-evidence-where")).to_contain_text("[1]")
    expect(result.locator("#evidence-previous")).to_be_disabled()


def test_the_table_sorts_and_each_figure_opens_its_page(result: Page, view: dict[str, Any]) -> None:
    index = next(
        n
        for n, _ in enumerate(view["table"]["columns"])
        if sum(row["cells"][n]["value"] is not None for row in view["table"]["rows"]) >= 2
    )
    heading = result.locator("#comparison-table thead th").nth(index + 1)
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    values = {row["company"]: row["cells"][index]["value"] for row in view["table"]["rows"]}
    shown = [
        name.split("\n")[0].removesuffix("fictional").strip()
        for name in result.locator("#comparison-table tbody th").all_inner_texts()
    ]
    known = [values[name] for name in shown if values[name] is not None]
    assert known == sorted(known)
    result.locator("#comparison-table .isra-figure").first.click()
    expect(result.locator(".isra-evidence-place")).to_be_visible()


def test_charts_and_company_cards_open_pages_too(result: Page) -> None:
    result.locator("#analysis-charts button[aria-label*='Open the page']").first.click()
    expect(result.locator("#evidence .isra-quote")).to_be_visible()
    result.get_by_role("tab", name="Companies").click()
    result.locator(".isra-company-head").first.click()
    shot(result, "6-companies")
    result.locator(".isra-company-body .isra-cite").first.click()
    expect(result.locator("#evidence .isra-quote")).to_be_visible()


def test_what_was_not_found_is_told_in_three_kinds(result: Page) -> None:
    result.get_by_role("tab", name="Not found").click()
    kinds = result.locator(".isra-missing")
    assert [kinds.nth(n).get_attribute("data-kind") for n in range(3)] == [
        "not_disclosed",
        "not_found",
        "unreadable",
    ]
    shot(result, "7-not-found")


def test_the_result_says_that_it_is_generated_and_its_companies_fictional(result: Page) -> None:
    expect(result.locator("#analysis-result .isra-banner")).to_contain_text("fictional")
    result.get_by_role("tab", name="About").click()
    expect(result.locator("#analysis-result")).to_contain_text("open the page before you rely")
    expect(result.locator(".watermark")).to_contain_text("Generated content")


def download(page: Page, form: str) -> Path:
    page.locator("#export-menu").click()
    with page.expect_download() as started:
        page.locator(f'a[data-form="{form}"]').click()
    assert started.value.suggested_filename.endswith(f".{form}")
    # The menu closes a moment later; a press before that would only close it.
    expect(page.locator("a[data-form]")).to_have_count(0)
    return Path(started.value.path())


def test_the_export_holds_what_was_shown(result: Page, view: dict[str, Any]) -> None:
    text = letters(download(result, "md").read_text())
    assert letters(view["industry"]) in text
    for company in view["companies"]:
        assert letters(company["name"]) in text
    for places in view["citations"]:
        assert letters(view["sources"][places[0]]["quote"]) in text


def test_the_pdf_and_the_word_file_hold_what_was_shown(result: Page, view: dict[str, Any]) -> None:
    pdf = PdfReader(download(result, "pdf"))
    word = Document(str(download(result, "docx")))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    texts = {
        "pdf": letters("".join(page.extract_text() for page in pdf.pages)),
        "docx": letters("".join([*(one.text for one in word.paragraphs), *cells])),
    }
    shown = [cell["shown"] for row in view["table"]["rows"] for cell in row["cells"]]
    for form, text in texts.items():
        for company in view["companies"]:
            assert letters(company["name"]) in text, form
        for figure in filter(None, shown):
            assert letters(figure) in text, (form, figure)
        assert "generated" in text and "fictional" in text, form


def test_the_workbook_holds_every_figure_shown_with_a_link_to_its_page(
    result: Page, view: dict[str, Any]
) -> None:
    book = load_workbook(io.BytesIO(download(result, "xlsx").read_bytes()))
    head, *lines = book["Figures"].iter_rows()
    names = [cell.value for cell in head]
    stored = [dict(zip(names, line, strict=True)) for line in lines]
    quotes = {row["Quote"].value for row in stored}
    for company in view["companies"]:
        for one in company["figures"]:
            assert " ".join(view["sources"][one["source"]]["quote"].split()) in quotes
    assert all("#page=" in f"{c.target}#{c.location}" for c in links(stored))
    formulas = [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []


def links(stored: list[dict[str, Any]]) -> list[Any]:
    found = [row["Page"].hyperlink for row in stored]
    assert all(found)
    return found


def test_the_bundle_shows_the_same_result_again(result: Page, view: dict[str, Any]) -> None:
    analysis = from_bundle(download(result, "json").read_text())
    assert json.loads(json.dumps(result_view(analysis))) == view
    assert to_markdown(analysis) == download(result, "md").read_text()


def test_a_thumb_is_stored_changed_and_taken_back(server: Server, result: Page) -> None:
    def stored() -> list[Any]:
        query = "SELECT value, comment, turn_kind FROM chat_feedback WHERE analysis_id = ?"
        return rows(server.database, query, analysis_id(result))

    thumb, submit = (
        result.locator(".positive-feedback-off").last,
        result.locator("#submit-feedback"),
    )
    thumb.click()
    with suppress(PlaywrightTimeout):
        submit.wait_for(timeout=5_000)
    if not submit.is_visible():
        # Drawn anew between press and release of the mouse: pressed again, as a person would.
        thumb.click()
    submit.click()
    result.locator(".positive-feedback-on").wait_for()
    assert stored() == [(1, None, "result")]
    result.locator(".negative-feedback-off").last.click()
    result.get_by_role("dialog").locator("textarea").fill("The year is wrong.")
    result.locator("#submit-feedback").click()
    result.locator(".negative-feedback-on").wait_for()
    assert stored() == [(0, "The year is wrong.", "result")]
    result.reload()
    result.locator(".negative-feedback-on").click()
    result.locator(".negative-feedback-off").last.wait_for()
    until(lambda: stored() == [], "the feedback is gone")


def test_a_figure_is_explained_at_a_click(result: Page) -> None:
    result.get_by_role("tab", name="Comparison").click()
    result.locator("#comparison-table .isra-figure").first.click()
    result.locator("#evidence-explain").click()
    expect(result.get_by_text("printed as").last).to_be_visible(timeout=LONG)


def test_a_follow_up_is_answered_from_the_same_pages(result: Page) -> None:
    answers = result.locator(".isra-answer-sources")
    earlier = answers.count()
    say(result, "Which company has a target for 2030?")
    sources = answers.nth(earlier)
    sources.wait_for(timeout=LONG)
    sources.locator("button").first.click()
    expect(result.locator("#evidence .isra-quote")).to_be_visible()
    shot(result, "8-follow-up")


def test_the_conversation_is_found_again_in_the_list(result: Page) -> None:
    address = result.url
    result.locator("#new-chat-button").click()
    result.locator("#starters").wait_for()
    result.locator(f'#thread-history a[href$="{address.rsplit("/", 1)[1]}"]').click()
    wait_for_result(result)
    assert result.locator("#analysis-result").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_result_without_scrolling_sideways(
    server: Server, result: Page, open_page: Callable[..., Page], scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(result.url)
    wait_for_result(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator('a[href^="#cite-1"]').first.click()
    page.locator("#evidence-picture").wait_for(timeout=LONG)
    shot(page, f"9-phone-{scheme}")
